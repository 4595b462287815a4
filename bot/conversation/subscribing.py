"""What readers are sent, in their hands: each kind of announcement after its own yes, a pause, and no celebration.

Only `agree` makes a contact, and only a press or a typed yes leads there. Presses carry the wanted state, so an old or
repeated one does no harm. `service` saves what these turns decide; `bot.storage.audience` keeps to it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time

from bot.broadcast.announcement import Kind
from bot.conversation.model import IDLE
from bot.conversation.privacy import ask_to_keep, can_keep, confirm_stop
from bot.conversation.scene import Outcome, Scene, Turn, turn
from bot.conversation.wording.page import Page
from bot.conversation.wording.updates import (
    agreed,
    ask_kind,
    ask_sparing,
    kind_names,
    updates_card,
    zone_of,
)
from bot.knowledge.phrases import Phrase
from bot.matching.follow_up import FollowUpKind
from bot.messaging import NO_CELEBRATION, Button, Contact, Sender

SUBSCRIBING = "subscribing:"
"""The step after the question whether to send a kind, with its name: a typed "yes" or "no" answers it."""
SPARING = "sparing"
"""The step after the question whether to leave out what celebrates."""
STATES: Mapping[str, bool] = {"on": True, "off": False}


PAUSING = "pausing"
"""The step after the question how long to pause."""


def tell_updates(scene: Scene, *, said: str = "", links: Sequence[Button] = (), edits: str | None = None) -> Turn:
    """/updates: the card, for the scene's contact."""
    card = updates_card(scene.voice, scene.contact, scene.now, said=said, links=links, edits=edits)
    return turn(scene, Outcome.SETTLED, [card])


def _decided(scene: Scene, contact: Contact, *, said: str = "", edits: str | None = None) -> Turn:
    """The card as things stand once `contact` is saved."""
    return tell_updates(replace(scene, contact=contact), said=said, edits=edits)


def press_updates(scene: Scene, sender: Sender, arguments: Sequence[str], card: str | None) -> Turn:
    """A button of the card, or of an announcement. Raises LookupError and ValueError for one that never was."""
    what, *state = arguments
    if not state:
        return _PLAIN[what](scene)
    if what == "pause":
        return (
            resume(scene, edits=card) if state[0] == "off" else pause(scene, date.fromisoformat(state[0]), edits=card)
        )
    wanted = STATES[state[0]]
    if what == NO_CELEBRATION:
        return spare(scene, wanted=wanted, edits=card)
    kind = Kind(what)
    return agree(scene, sender, kind, edits=card) if wanted else decline(scene, [kind], edits=card)


def ask(scene: Scene, kind: Kind) -> Turn:
    """Somebody asked for a kind in words: nothing is kept before they saw what is."""
    if kind in agreed(scene.contact):
        return tell_updates(scene)
    return turn(scene.having(step=f"{SUBSCRIBING}{kind.value}"), Outcome.SETTLED, [ask_kind(scene.voice, kind)])


def settle_subscribing(scene: Scene, sender: Sender, said: FollowUpKind | None) -> Turn | None:
    """A typed yes or no to a question of this room; None where none was asked last, or something else is said."""
    step = scene.conversation.step
    if said not in {FollowUpKind.YES, FollowUpKind.NO}:
        return None
    if step == SPARING:
        return spare(scene, wanted=True) if said is FollowUpKind.YES else leave(scene)
    if not step.startswith(SUBSCRIBING):
        return None
    kind = Kind(step.removeprefix(SUBSCRIBING))
    if said is FollowUpKind.YES:
        return agree(scene, sender, kind)
    # Once they have agreed, "I change nothing" would leave them with what they no longer want.
    return decline(scene, [kind]) if kind in agreed(scene.contact) else leave(scene)


def agree(scene: Scene, sender: Sender, kind: Kind, *, edits: str | None = None) -> Turn:
    """Send a kind from now on: only ever called by a yes to it."""
    contact = scene.contact or Contact(sender.channel, sender.address)
    consents = {kind.value: scene.now, **dict(contact.consents)}
    contact = replace(
        contact,
        consents=tuple(sorted(consents.items())),
        opted_in_at=contact.opted_in_at or scene.now,
        opted_out_at=None,
        unreachable_since=None,
    )
    said = scene.voice.say(Phrase.UPDATES_NOTED_ON, kinds=kind_names(scene.voice, [*agreed(contact)]))
    told = _decided(scene, contact, said=said, edits=edits)
    if kind is Kind.ROLE and not contact.roles and scene.role and can_keep(scene, "role", scene.role):
        return ask_to_keep(scene, told, "role", scene.role)
    if contact.region is None and scene.region and can_keep(scene, "region", scene.region):
        return ask_to_keep(scene, told, "region", scene.region)
    return told


def decline(scene: Scene, kinds: Sequence[Kind], *, edits: str | None = None) -> Turn:
    """Send these kinds no more. Whoever is left with none has no pause either."""
    contact = scene.contact
    ended = [kind for kind in agreed(contact) if kind in kinds]
    if contact is None or not ended:
        nothing = "" if agreed(contact) else scene.voice.say(Phrase.UPDATES_NOTHING_SENT)
        return tell_updates(scene, said=nothing, edits=edits)
    names = {kind.value for kind in ended}
    contact = replace(contact, consents=tuple(pair for pair in contact.consents if pair[0] not in names))
    if not agreed(contact):
        contact = replace(contact, opted_in_at=None, paused_until=None)
    said = scene.voice.say(Phrase.UPDATES_NOTED_OFF, kinds=kind_names(scene.voice, ended))
    return _decided(scene, contact, said=said, edits=edits)


def pause(scene: Scene, until: date | None, *, edits: str | None = None) -> Turn:
    """Send nothing before a day, as it begins where the reader lives; without one they are asked for it."""
    contact = scene.contact
    if contact is None or not agreed(contact):
        return tell_updates(scene, said=scene.voice.say(Phrase.UPDATES_NOTHING_SENT), edits=edits)
    if until is None:
        return tell_updates(scene.having(step=PAUSING), said=scene.voice.say(Phrase.UPDATES_PAUSE_WHEN), edits=edits)
    begins = datetime.combine(until, time(), zone_of(scene.voice, contact)).astimezone(UTC)
    if begins > scene.now:
        contact = replace(contact, paused_until=begins)
    return _decided(scene, contact, edits=edits)


def resume(scene: Scene, *, edits: str | None = None) -> Turn:
    """End the pause."""
    contact = scene.contact
    if contact is None:
        return tell_updates(scene, edits=edits)
    return _decided(scene, replace(contact, paused_until=None), edits=edits)


def spare(scene: Scene, *, wanted: bool, edits: str | None = None) -> Turn:
    """Leave out what celebrates, or no longer. Of somebody who is sent nothing no mark is made."""
    contact = scene.contact
    if contact is None or (wanted and not agreed(contact)):
        return tell_updates(scene, said=scene.voice.say(Phrase.UPDATES_NOTHING_SENT), edits=edits)
    consents = dict(contact.consents)
    if wanted:
        consents.setdefault(NO_CELEBRATION, scene.now)
    else:
        consents.pop(NO_CELEBRATION, None)
    return _decided(scene, replace(contact, consents=tuple(sorted(consents.items()))), edits=edits)


def leave(scene: Scene) -> Turn:
    """A no to a question: nothing changes."""
    return turn(scene.having(step=IDLE), Outcome.SETTLED, [Page().line(scene.voice.say(Phrase.UPDATES_NOT)).reply()])


def offer_sparing(scene: Scene, told: Turn) -> Turn:
    """The turn in which a loss was spoken of, and, once a talk, whether to leave out what celebrates.

    Only for readers, only where nothing is urgent; nobody is offered anything to be sent.
    """
    talk, contact = told.conversation, told.contact
    again = scene.repeated and scene.conversation.step == SPARING
    first = talk.after_loss and (again or not scene.conversation.after_loss)
    if not first or talk.after_alarm or told.forget or not agreed(contact) or contact is None:
        return told
    if contact.opted_out_at is not None or NO_CELEBRATION in dict(contact.consents):
        return told
    # A choice that was just offered keeps its own short answers; the buttons work all the same.
    conversation = replace(talk, step=SPARING) if talk.step in {IDLE, SPARING} else talk
    return replace(told, replies=(*told.replies, ask_sparing(scene.voice)), conversation=conversation)


_PLAIN: Mapping[str, Callable[[Scene], Turn]] = {"show": tell_updates, "stop": confirm_stop, "no": leave}
