"""The buttons of the desk: `desk:ACT:…`, looked up in a fixed table. Each bears the announcement, the version it was
shown in and the wanted state, so that an old or forged one changes nothing unseen. Raises ValueError, LookupError for
what no button of ours bears; `pressing` says so to whoever presses it, and to everybody who is no organiser.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bot.broadcast.states import Act
from bot.conversation.desk.model import Right
from bot.conversation.desk.orders import (
    HASH_SHOWN,
    Approve,
    ChangeAudience,
    ChangeTime,
    Deed,
    Dimension,
    Draft,
    Lead,
    Order,
    Retry,
    Return,
    SendAgain,
    View,
)
from bot.conversation.desk.pages import prompt, zone
from bot.conversation.desk.plan import announcement_planned, plan_face, planned_face, week_named
from bot.conversation.desk.readers import option_of
from bot.conversation.desk.steps import Asks, Step
from bot.conversation.desk.taking import ordered
from bot.conversation.desk.timing import at_minute
from bot.conversation.payloads import Payload
from bot.conversation.scene import Outcome, Scene, Turn, turn
from bot.knowledge.desk_phrases import DeskPhrase

Arguments = Sequence[str]
Does = Callable[[Scene, Arguments, str | None], Turn]


def press_desk(scene: Scene, read: Payload, card: str | None) -> Turn:
    """The turn for a button of the desk."""
    act, *arguments = read.arguments
    if scene.desk is None:
        raise LookupError(act)
    return _ACTS[act](scene, arguments, card)


def _opens(view: View) -> Does:
    """Looks at the announcement, whatever its version; what it may show stands on the card that it opens."""
    return lambda scene, given, card: ordered(scene, Order(id=_id(given), view=view, edits=card))


def _does(deed: Deed, *, whatever_version: bool = False) -> Does:
    def does(scene: Scene, given: Arguments, card: str | None) -> Turn:
        version = None if whatever_version else _version(given)
        return ordered(scene, Order(deed, _id(given), version, edits=card))

    return does


def _home(scene: Scene, _given: Arguments, card: str | None) -> Turn:
    return ordered(scene, Order(view=View.HOME, edits=card))


def _new(scene: Scene, _given: Arguments, _card: str | None) -> Turn:
    """Asks for the announcement, where they may make one at all."""
    if scene.desk is None or not scene.desk.may(Right.COMPOSE):
        return turn(scene, Outcome.SETTLED, [prompt(scene.voice, DeskPhrase.NOT_YOURS)])
    talk = replace(scene.conversation, step=str(Step(Asks.MESSAGE)), offered=())
    return turn(scene, Outcome.SETTLED, [prompt(scene.voice, DeskPhrase.SEND_ME)], conversation=talk)


def _asks(asks: Asks, view: View) -> Does:
    """Asks for words about the announcement as it was shown."""

    def does(scene: Scene, given: Arguments, _card: str | None) -> Turn:
        id, version = _id(given), _version(given)
        return ordered(scene, Order(id=id, version=version, view=view), Step(asks, id, str(version)))

    return does


def _mine(scene: Scene, given: Arguments, card: str | None) -> Turn:
    """The message that raised an alarm was an announcement, of a draft or a new one."""
    if int(given[0]):
        return _asks(Asks.MINE, View.ASK_MESSAGE)(scene, given, card)
    asked = _new(scene, given, card)
    step = str(Step(Asks.MINE)) if asked.conversation.step != scene.conversation.step else scene.conversation.step
    return replace(asked, conversation=replace(asked.conversation, step=step))


def _who(scene: Scene, given: Arguments, card: str | None) -> Turn:
    dimension = Dimension(given[2]) if len(given) > 2 else Dimension.ROLE
    return ordered(scene, Order(id=_id(given), view=View.AUDIENCE, dimension=dimension, edits=card))


def _switch(*, on: bool) -> Does:
    def does(scene: Scene, given: Arguments, card: str | None) -> Turn:
        dimension = Dimension(given[0])
        deed = ChangeAudience(dimension, option_of(scene.voice, dimension, given[1]), on)
        return ordered(scene, Order(deed, _id(given[2:]), _version(given[2:]), View.AUDIENCE, dimension, card))

    return does


def _any(scene: Scene, given: Arguments, card: str | None) -> Turn:
    dimension = Dimension(given[0])
    deed = ChangeAudience(dimension, None, wanted=True)
    return ordered(scene, Order(deed, _id(given[1:]), _version(given[1:]), View.AUDIENCE, dimension, card))


def _when(scene: Scene, given: Arguments, card: str | None) -> Turn:
    step = Step(Asks.TIME, _id(given), str(_version(given)))
    return ordered(scene, Order(id=step.id, version=step.version, view=View.WHEN, edits=card), step)


def _at(scene: Scene, given: Arguments, card: str | None) -> Turn:
    deed = ChangeTime(at_minute(given[2]), zone(scene))
    return ordered(scene, Order(deed, _id(given), _version(given), edits=card))


def _approve(scene: Scene, given: Arguments, card: str | None) -> Turn:
    if len(given[2]) != HASH_SHOWN:
        raise ValueError(given[2])
    return ordered(scene, Order(Approve(given[2]), _id(given), _version(given), edits=card))


def _plan(scene: Scene, given: Arguments, card: str | None) -> Turn:
    if not given:
        return turn(scene, Outcome.SETTLED, [plan_face(scene, card)])
    week, number = week_named(scene, given[0]), int(given[1])
    if number < 0:
        raise ValueError(given[1])
    if len(given) == 2:
        return turn(scene, Outcome.SETTLED, [planned_face(scene, week, number, card)])
    return ordered(scene, Order(Draft(announcement_planned(scene, week, number, given[2]))))


def _id(given: Arguments) -> int:
    return _counting(given[0])


def _version(given: Arguments) -> int:
    return _counting(given[1])


def _counting(said: str) -> int:
    number = int(said)
    if number < 1:
        raise ValueError(said)
    return number


_ACTS: Mapping[str, Does] = {
    "home": _home,
    "new": _new,
    "message": _asks(Asks.MESSAGE, View.ASK_MESSAGE),
    "mine": _mine,
    "note": _asks(Asks.NOTE, View.ASK_NOTE),
    "open": _opens(View.CARD),
    "look": _opens(View.PREVIEW),
    "team": _opens(View.TEAM),
    "drop": _opens(View.DROP),
    "unsure": _opens(View.UNCERTAIN),
    "who": _who,
    "on": _switch(on=True),
    "off": _switch(on=False),
    "any": _any,
    "when": _when,
    "at": _at,
    "submit": _does(Lead(Act.SUBMIT)),
    "approve": _approve,
    "return": _does(Return()),
    "schedule": _does(Lead(Act.SCHEDULE)),
    # Stopping must not fail because something else was changed a moment ago.
    "pause": _does(Lead(Act.PAUSE), whatever_version=True),
    "resume": _does(Lead(Act.RESUME)),
    "cancel": _does(Lead(Act.CANCEL)),
    "retry": _does(Retry()),
    "again": _does(SendAgain()),
    "plan": _plan,
}
