"""A button pressed: its payload is looked up in a fixed table. An old button still works, an unknown one says so."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.conversation import privacy
from bot.conversation.desk.presses import press_desk
from bot.conversation.model import Feedback, Verdict
from bot.conversation.payloads import Payload, Verb, parse
from bot.conversation.scene import Outcome, Scene, Turn, turn
from bot.conversation.showing import fitting, known, show
from bot.conversation.subscribing import press_updates
from bot.conversation.wording.alarms import emergency_only, more_help
from bot.conversation.wording.choices import choose_role, declined, menu, near_topics
from bot.conversation.wording.page import Page
from bot.conversation.wording.places import region_buttons
from bot.conversation.wording.roles import action_card, phases, role_card, roles_of
from bot.conversation.wording.topics import signs_card
from bot.knowledge.model import Phase, RoleGroup
from bot.knowledge.phrases import Phrase
from bot.messaging import Notice, Press, Sender


class _Gone(Exception):
    """The button names something that is no longer (or never was) in the knowledge base."""


def press(scene: Scene, sender: Sender, pressed: Press) -> Turn:
    """The turn for a press; never raises for any payload."""
    read = parse(pressed.payload)
    if read is None:
        return _gone(scene)
    try:
        return _PRESSED[read.verb](scene, sender, read, pressed.card)
    except (_Gone, LookupError, ValueError):
        return _gone(scene)


def _gone(scene: Scene) -> Turn:
    return turn(scene, Outcome.SETTLED, [declined(scene.voice, Phrase.BUTTON_GONE)])


def _shown(scene: Scene, target: str, page: int = 0, edits: str | None = None) -> Turn:
    if not known(scene, target):
        raise _Gone
    return show(scene, target, page=page, edits=edits)


def _topic(scene: Scene, _sender: Sender, read: Payload, _card: str | None) -> Turn:
    return _shown(scene, f"topic:{read.arguments[0]}")


def _more(scene: Scene, _sender: Sender, read: Payload, card: str | None) -> Turn:
    return _shown(scene, f"topic:{read.arguments[0]}", max(0, int(read.arguments[1])), card)


def _signs(scene: Scene, _sender: Sender, read: Payload, card: str | None) -> Turn:
    topic = scene.words.topics[read.arguments[0]]
    reply = signs_card(scene.voice, topic, edits=card)
    if reply is None:
        raise _Gone
    conversation = replace(scene.conversation, last_target=f"topic:{topic.id}", last_page=0)
    return turn(scene, Outcome.ANSWER, [reply], target=f"topic:{topic.id}", conversation=conversation)


def _other(scene: Scene, _sender: Sender, read: Payload, _card: str | None) -> Turn:
    near = fitting(scene, [f"topic:{id}" for id in scene.words.topics[read.arguments[0]].near])
    return turn(scene, Outcome.SETTLED, [near_topics(scene.voice, near)])


def _role(scene: Scene, _sender: Sender, read: Payload, _card: str | None) -> Turn:
    id = read.arguments[0]
    if id not in scene.words.roles:
        raise _Gone
    roles = (*(role for role in scene.conversation.roles if role != id), id)
    scene = scene.having(roles=roles)
    if scene.knowledge.roles[id].group is RoleGroup.FAMILY:
        # Families come with a question; what they could do for the week is one tap further.
        listed = menu(scene.voice, after_loss=scene.conversation.after_loss)
        shown = turn(scene, Outcome.SETTLED, [listed])
    else:
        shown = show(scene, f"role:{id}")
    return privacy.ask_to_keep(scene, shown, "role", id)


def _group(scene: Scene, sender: Sender, read: Payload, card: str | None) -> Turn:
    group = RoleGroup(read.arguments[0])
    roles = roles_of(scene.voice, group)
    if roles and (len(roles) == 1 or group is RoleGroup.FAMILY):
        # Nobody with a baby in their arms is asked which kind of relative they are: the menu leads there too.
        return _role(scene, sender, Payload(Verb.ROLE, (roles[0],)), card)
    return turn(scene, Outcome.SETTLED, [choose_role(scene.voice, group)])


def _tab(scene: Scene, _sender: Sender, read: Payload, card: str | None) -> Turn:
    role = scene.words.roles[read.arguments[0]]
    phase, told = Phase(read.arguments[1]), phases(scene.voice, role)
    reply = role_card(scene.voice, role, phase, edits=card)
    page = told.index(phase) if phase in told else 0
    conversation = replace(scene.conversation, last_target=f"role:{role.id}", last_page=page)
    return turn(scene, Outcome.ANSWER, [reply], target=f"role:{role.id}", conversation=conversation)


def _act(scene: Scene, _sender: Sender, read: Payload, card: str | None) -> Turn:
    role, phase = scene.words.roles[read.arguments[0]], Phase(read.arguments[1])
    action = next((one for one in role.actions.get(phase, ()) if one.id == read.arguments[2]), None)
    if action is None:
        raise _Gone
    reply = action_card(scene.voice, role, phase, action, edits=card)
    return turn(scene, Outcome.ANSWER, [reply], target=f"role:{role.id}")


def _week(scene: Scene, _sender: Sender, read: Payload, _card: str | None) -> Turn:
    return _shown(scene, f"week:{read.arguments[0]}")


def _action(scene: Scene, _sender: Sender, read: Payload, _card: str | None) -> Turn:
    return _shown(scene, f"action:{read.arguments[0]}")


def _menu(scene: Scene, _sender: Sender, _read: Payload, _card: str | None) -> Turn:
    return turn(scene, Outcome.SETTLED, [menu(scene.voice, after_loss=scene.conversation.after_loss)])


def _regions(scene: Scene, _sender: Sender, read: Payload, _card: str | None) -> Turn:
    page = Page().line(scene.voice.say(Phrase.REGION_WHICH))
    buttons = region_buttons(scene.voice, read.arguments)
    return turn(scene, Outcome.SETTLED, [page.reply(buttons)])


def _region(scene: Scene, _sender: Sender, read: Payload, card: str | None) -> Turn:
    """Choose a region; the card it was chosen on changes in place."""
    region, *target = read.arguments
    if region not in scene.knowledge.regions:
        raise _Gone
    scene = scene.having(region=region)
    if len(target) == 2 and known(scene, ":".join(target)):
        page = scene.conversation.last_page if scene.conversation.last_target == ":".join(target) else 0
        shown = show(scene, ":".join(target), page=page, edits=card)
        urgent = target == ["action", "urgent-help"]
        return shown if urgent else privacy.ask_to_keep(scene, shown, "region", region)
    place = scene.voice.pick(scene.knowledge.regions[region].name)
    noted = Page().line(scene.voice.say(Phrase.REGION_NOTED, region=place)).reply(edits=card)
    return privacy.ask_to_keep(scene, turn(scene, Outcome.SETTLED, [noted]), "region", region)


def _keep(scene: Scene, sender: Sender, read: Payload, _card: str | None) -> Turn:
    kind, *id = read.arguments
    if kind == "no":
        return privacy.keep_not(scene)
    if not privacy.can_keep(scene, kind, id[0]):
        raise _Gone
    return privacy.keep(scene, sender, kind, id[0])


def _rate(scene: Scene, _sender: Sender, read: Payload, _card: str | None) -> Turn:
    verdict, topic = Verdict(read.arguments[0]), read.arguments[1]
    if topic not in scene.words.topics:
        raise _Gone
    feedback = Feedback(topic, verdict)
    if verdict is Verdict.HELPFUL:
        notice = Notice(scene.voice.say(Phrase.RATED_HELPFUL))
        return turn(scene, Outcome.SETTLED, [notice], feedback=feedback)
    sorry = declined(scene.voice, Phrase.RATED_NOT_HELPFUL)
    return turn(scene, Outcome.SETTLED, [sorry], feedback=feedback)


def _forget(scene: Scene, _sender: Sender, read: Payload, _card: str | None) -> Turn:
    return {"yes": privacy.forget, "no": privacy.do_not_forget, "ask": privacy.ask_forget}[read.arguments[0]](scene)


def _updates(scene: Scene, sender: Sender, read: Payload, card: str | None) -> Turn:
    return press_updates(scene, sender, read.arguments, card)


def _safe(scene: Scene, _sender: Sender, read: Payload, _card: str | None) -> Turn:
    answer, family = read.arguments[0], read.arguments[-1]
    scene = scene.having(after_alarm=True)
    if answer == "danger":
        return turn(scene, Outcome.SETTLED, [emergency_only(scene.voice)])
    if answer == "with-someone":
        return turn(scene, Outcome.SETTLED, [Page().line(scene.voice.say(Phrase.WITH_SOMEONE)).reply()])
    return turn(scene, Outcome.SETTLED, [more_help(scene.voice, family, answered_no=answer == "no-danger")])


def _desk(scene: Scene, _sender: Sender, read: Payload, card: str | None) -> Turn:
    return press_desk(scene, read, card)


_PRESSED: Mapping[Verb, Callable[[Scene, Sender, Payload, str | None], Turn]] = {
    Verb.TOPIC: _topic,
    Verb.MORE: _more,
    Verb.SIGNS: _signs,
    Verb.OTHER: _other,
    Verb.ROLE: _role,
    Verb.GROUP: _group,
    Verb.TAB: _tab,
    Verb.ACT: _act,
    Verb.WEEK: _week,
    Verb.ACTION: _action,
    Verb.MENU: _menu,
    Verb.REGIONS: _regions,
    Verb.REGION: _region,
    Verb.KEEP: _keep,
    Verb.RATE: _rate,
    Verb.FORGET: _forget,
    Verb.UPDATES: _updates,
    Verb.SAFE: _safe,
    Verb.DESK: _desk,
}
