"""What is kept about a person, in their hands: told, shown, stopped, deleted, or kept after a yes.

Nothing here touches the database: `service` saves what these turns decide.
"""

from dataclasses import replace
from datetime import datetime

from bot.broadcast.announcement import Kind
from bot.conversation.model import Conversation
from bot.conversation.payloads import Verb, button
from bot.conversation.scene import Outcome, Scene, Turn, turn
from bot.conversation.wording.choices import keep_question, target_title
from bot.conversation.wording.dates import day
from bot.conversation.wording.page import Page
from bot.conversation.wording.updates import KINDS, kind_names, paused_until
from bot.knowledge.phrases import Phrase
from bot.matching.follow_up import FollowUpKind
from bot.messaging import NO_CELEBRATION, Contact, Sender

CONFIRM_FORGET = "confirm-forget"
"""The step in which a typed "yes" deletes everything."""

KEEPING = "keeping:"
"""The step after the question whether to remember something, with its kind and id: a typed "yes" or "no" answers it."""


def tell_privacy(scene: Scene) -> Turn:
    """/privacy: what is kept, for how long, and how to end it."""
    page = Page().title(scene.voice.say(Phrase.PRIVACY_TITLE))
    kinds = kind_names(scene.voice, [*Kind])
    page.bullets(
        [
            scene.voice.say(Phrase.PRIVACY_NOT_KEPT),
            scene.voice.say(Phrase.PRIVACY_KEPT_A_DAY),
            scene.voice.say(Phrase.PRIVACY_KEPT_AFTER_YES),
            scene.voice.say(Phrase.PRIVACY_UPDATES, kinds=kinds),
            scene.voice.say(Phrase.PRIVACY_WISHES),
            scene.voice.say(Phrase.PRIVACY_SENT),
            scene.voice.say(Phrase.PRIVACY_TELEGRAM),
            scene.voice.say(Phrase.PRIVACY_RIGHTS),
        ]
    )
    return turn(scene, Outcome.SETTLED, [page.reply()])


def tell_my_data(scene: Scene) -> Turn:
    """/mydata: everything stored about this chat, in words."""
    words, talk, contact = scene.words, scene.conversation, scene.contact
    nothing = scene.voice.say(Phrase.MY_DATA_NOTHING)
    roles = [words.roles[id].label for id in scene.conversation.roles if id in words.roles]
    page = Page().title(scene.voice.say(Phrase.MY_DATA_TITLE))
    page.bullets(
        [
            *(scene.voice.say(phrase) for phrase, kept in _noticed(talk) if kept),
            scene.voice.say(Phrase.MY_DATA_ROLE, value=", ".join(roles) or nothing),
            scene.voice.say(Phrase.MY_DATA_REGION, value=_place(scene, talk.region) or nothing),
            scene.voice.say(Phrase.MY_DATA_LAST, value=target_title(scene.voice, talk.last_target or "") or nothing),
        ]
    )
    if contact is None:
        page.line(scene.voice.say(Phrase.MY_DATA_NO_CONTACT))
    else:
        page.block(scene.voice.say(Phrase.MY_DATA_CONTACT), _contact_lines(scene, contact))
    forget = button(scene.voice.say(Phrase.BUTTON_FORGET), Verb.FORGET, "ask")
    return turn(scene, Outcome.SETTLED, [page.line(scene.voice.say(Phrase.MY_DATA_RIGHTS)).reply([(forget,)])])


def _noticed(talk: Conversation) -> tuple[tuple[Phrase, bool], ...]:
    return (
        (Phrase.MY_DATA_LOSS, talk.after_loss),
        (Phrase.MY_DATA_ALARM, talk.after_alarm),
        (Phrase.MY_DATA_KEEP_NOT, talk.keep_refused),
    )


def ask_forget(scene: Scene) -> Turn:
    """/forget: one question before everything is deleted."""
    page = Page().line(scene.voice.say(Phrase.FORGET_ASK))
    buttons = [
        (
            button(scene.voice.say(Phrase.BUTTON_FORGET_YES), Verb.FORGET, "yes"),
            button(scene.voice.say(Phrase.BUTTON_FORGET_NO), Verb.FORGET, "no"),
        )
    ]
    conversation = replace(scene.conversation, step=CONFIRM_FORGET)
    return turn(scene, Outcome.SETTLED, [page.reply(buttons)], conversation=conversation)


def forget(scene: Scene) -> Turn:
    """Everything goes; this turn leaves nothing behind either."""
    return turn(scene, Outcome.SETTLED, [Page().line(scene.voice.say(Phrase.FORGET_DONE)).reply()], forget=True)


def do_not_forget(scene: Scene) -> Turn:
    page = Page().line(scene.voice.say(Phrase.FORGET_NOT))
    return turn(scene.having(step="idle"), Outcome.SETTLED, [page.reply()])


def confirm_stop(scene: Scene) -> Turn:
    """/stop, and Stop under an announcement: no announcements and no reminders; questions are still answered."""
    contact = scene.contact
    if contact is not None:
        consents = tuple((what, at) for what, at in contact.consents if what not in set(Kind))
        contact = replace(contact, consents=consents, opted_in_at=None, opted_out_at=scene.now, paused_until=None)
    page = Page().line(scene.voice.say(Phrase.STOP_DONE))
    choose = button(scene.voice.say(Phrase.UPDATES_CHOOSE), Verb.UPDATES, "show")
    forget_button = button(scene.voice.say(Phrase.BUTTON_FORGET), Verb.FORGET, "ask")
    # After a loss nobody is led back to announcements unasked.
    again = [] if scene.conversation.after_loss else [(choose,)]
    return turn(scene, Outcome.SETTLED, [page.reply([*again, (forget_button,)])], contact=contact)


def can_keep(scene: Scene, kind: str, id: str) -> bool:
    """Whether there is such a role or region to remember."""
    entries = {"role": scene.words.roles.keys(), "region": scene.knowledge.regions.keys()}
    return id in entries.get(kind, ())


def ask_to_keep(scene: Scene, told: Turn, kind: str, id: str) -> Turn:
    """The turn with the question whether to remember a role or region, where it is not remembered already.

    Never after an alarm, and never again in a talk in which the answer was no.
    """
    talk = scene.conversation
    if talk.after_alarm or talk.keep_refused or _remembered(scene, kind, id):
        return told
    phrase, name = (
        (Phrase.KEEP_ROLE, scene.words.roles[id].label) if kind == "role" else (Phrase.KEEP_REGION, _place(scene, id))
    )
    question = keep_question(scene.voice, phrase, kind, id, name)
    conversation = replace(told.conversation, step=f"{KEEPING}{kind}:{id}")
    return replace(told, replies=(*told.replies, question), conversation=conversation)


def settle_keeping(scene: Scene, sender: Sender, said: FollowUpKind | None) -> Turn | None:
    """A typed yes or no to that question; None where it was not the last thing asked, or something else is said."""
    step = scene.conversation.step
    kind, _, id = step.removeprefix(KEEPING).partition(":")
    if not step.startswith(KEEPING) or not can_keep(scene, kind, id):
        return None
    if said is FollowUpKind.YES:
        return keep(scene, sender, kind, id)
    # Once it is remembered, "that's fine, I keep nothing" would be untrue.
    return keep_not(scene) if said is FollowUpKind.NO and not _remembered(scene, kind, id) else None


def _remembered(scene: Scene, kind: str, id: str) -> bool:
    contact = scene.contact
    return contact is not None and (id in contact.roles if kind == "role" else contact.region == id)


def keep(scene: Scene, sender: Sender, kind: str, id: str) -> Turn:
    """Remember a role or region: only ever called by a yes."""
    contact = scene.contact or Contact(sender.channel, sender.address)
    consents = dict(contact.consents)
    if kind == "role":
        contact = replace(contact, roles=tuple(dict.fromkeys((*contact.roles, id))))
    else:
        contact = replace(contact, region=id)
    consents.setdefault(kind, scene.now)
    contact = replace(contact, consents=tuple(sorted(consents.items())))
    page = Page().line(scene.voice.say(Phrase.KEEP_DONE))
    return turn(scene.having(keep_refused=False), Outcome.SETTLED, [page.reply()], contact=contact)


def keep_not(scene: Scene) -> Turn:
    """Remember nothing, and do not ask again in this talk."""
    return turn(
        scene.having(keep_refused=True), Outcome.SETTLED, [Page().line(scene.voice.say(Phrase.KEEP_NOT)).reply()]
    )


def _place(scene: Scene, region: str | None) -> str:
    known = scene.knowledge.regions.get(region or "")
    return scene.voice.pick(known.name) if known else ""


def _contact_lines(scene: Scene, contact: Contact) -> list[str]:
    words = scene.words
    nothing = scene.voice.say(Phrase.MY_DATA_NOTHING)
    roles = [words.roles[id].label for id in contact.roles if id in words.roles]
    lines = [
        scene.voice.say(Phrase.MY_DATA_CHAT, value=contact.address),
        scene.voice.say(Phrase.MY_DATA_ROLE, value=", ".join(roles) or nothing),
        scene.voice.say(Phrase.MY_DATA_REGION, value=_place(scene, contact.region) or nothing),
    ]
    lines += [_consent(scene, what, at) for what, at in contact.consents]
    if contact.opted_out_at is not None:
        lines.append(scene.voice.say(Phrase.MY_DATA_STOPPED, date=_on(scene, contact.opted_out_at)))
    if (until := paused_until(scene.voice, contact, scene.now)) is not None:
        lines.append(scene.voice.say(Phrase.MY_DATA_PAUSED, date=day(scene.voice, until)))
    return [*lines, scene.voice.say(Phrase.MY_DATA_SENT)]


def _consent(scene: Scene, what: str, at: datetime) -> str:
    if what == NO_CELEBRATION:
        return scene.voice.say(Phrase.MY_DATA_SPARED, date=_on(scene, at))
    named = scene.voice.say(KINDS[Kind(what)]) if what in set(Kind) else what
    return scene.voice.say(Phrase.MY_DATA_CONSENT, what=named, date=_on(scene, at))


def _on(scene: Scene, at: datetime) -> str:
    return day(scene.voice, at.date())
