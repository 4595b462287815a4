"""The card of one announcement: what it says, for whom and when, and what can be done with it in its state."""

from collections.abc import Callable, Mapping, Sequence

from bot.broadcast.broadcast import Broadcast
from bot.broadcast.moment import zone_of
from bot.broadcast.states import BroadcastState
from bot.conversation.desk.allowing import ANY
from bot.conversation.desk.live import progress, report
from bot.conversation.desk.model import Desk, InHand, Right
from bot.conversation.desk.orders import HASH_SHOWN
from bot.conversation.desk.pages import STATES, content_lines, desk_button
from bot.conversation.desk.readers import audience_line, left_out
from bot.conversation.desk.timing import when_lines
from bot.conversation.scene import Scene
from bot.conversation.wording.page import Page, rows
from bot.knowledge.desk_phrases import DeskPhrase
from bot.messaging import Button, Reply

S, P, R = BroadcastState, DeskPhrase, Right
Offer = tuple[DeskPhrase, str, tuple[Right, ...]]
"""A button's label, its act, and the rights of which one is needed."""

_TO_EDIT: tuple[Offer, ...] = (
    (P.BUTTON_WHO, "who", (R.COMPOSE,)),
    (P.BUTTON_WHEN, "when", (R.COMPOSE,)),
    (P.BUTTON_TEXT, "message", (R.COMPOSE,)),
)
_TO_SEE: tuple[Offer, ...] = ((P.BUTTON_LOOK, "look", ANY), (P.BUTTON_TEAM, "team", ANY))
_TO_STOP: tuple[Offer, ...] = ((P.BUTTON_DROP, "drop", ANY),)
_TO_TAKE_BACK: tuple[Offer, ...] = ((P.BUTTON_RETURN, "return", ANY),)
OFFERS: Mapping[BroadcastState, tuple[Offer, ...]] = {
    S.DRAFT: (*_TO_SEE, *_TO_EDIT, (P.BUTTON_SUBMIT, "submit", (R.COMPOSE,)), *_TO_STOP),
    S.SUBMITTED: (
        *_TO_SEE,
        (P.BUTTON_APPROVE, "approve", (R.APPROVE,)),
        (P.BUTTON_NOTE, "note", (R.APPROVE,)),
        *_TO_TAKE_BACK,
        *_TO_STOP,
    ),
    S.APPROVED: (*_TO_SEE, (P.BUTTON_SCHEDULE, "schedule", (R.COMPOSE, R.APPROVE)), *_TO_TAKE_BACK, *_TO_STOP),
    S.SCHEDULED: (*_TO_SEE, *_TO_TAKE_BACK, *_TO_STOP),
    S.SENDING: ((P.BUTTON_REFRESH, "open", ANY), (P.BUTTON_PAUSE, "pause", ANY), *_TO_STOP),
    S.PAUSED: ((P.BUTTON_REFRESH, "open", ANY), (P.BUTTON_RESUME, "resume", (R.APPROVE,)), *_TO_STOP),
    S.CORRECTING: ((P.BUTTON_REFRESH, "open", ANY),),
    S.RECALLING: ((P.BUTTON_REFRESH, "open", ANY),),
}
"""What is offered in each state, in order; what is over offers its report."""


def card(scene: Scene, desk: Desk, in_hand: InHand, edits: str | None = None) -> Reply:
    """The card as this organiser may use it."""
    voice, broadcast = scene.voice, in_hand.broadcast
    announced = broadcast.announcement
    page = Page().title(voice.say(P.TITLE, id=broadcast.id, state=voice.say(STATES[broadcast.state])))
    if broadcast.rehearsal:
        page.title(voice.say(P.REHEARSAL))
    for line in content_lines(voice, announced.content):
        page.line(line)
    page.line(audience_line(voice, announced.audience))
    if broadcast.started_at is None:
        page.line(voice.say(P.READERS, number=in_hand.counted.total))
        page.block(voice.say(P.LEFT_OUT), left_out(voice, in_hand.counted))
        page.line("\n".join(when_lines(voice, announced, scene.now)))
    for tell in _TOLD.get(broadcast.state, ()):
        page.line(tell(scene, desk, in_hand))
    more = report(voice, in_hand, desk)[1] if broadcast.state in _OVER and broadcast.started_at else []
    return page.reply([*rows(_offered(scene, desk, broadcast), 2), *rows(more, 1), (_home(scene),)], edits=edits)


def _offered(scene: Scene, desk: Desk, broadcast: Broadcast) -> Sequence[Button]:
    offers = [offer for offer in OFFERS.get(broadcast.state, ()) if desk.may(*offer[2])]
    own = broadcast.submitted_by == desk.organiser and not desk.alone
    shown = [(label, act) for label, act, _ in offers if not (own and act in ("approve", "note"))]
    return [
        desk_button(scene.voice, label, act, broadcast.id, broadcast.version, *_bound(act, broadcast))
        for label, act in shown
    ]


def _bound(act: str, broadcast: Broadcast) -> tuple[str, ...]:
    """An approval is bound to what the card shows."""
    return (broadcast.announcement.hash[:HASH_SHOWN],) if act == "approve" else ()


def _home(scene: Scene) -> Button:
    return desk_button(scene.voice, P.BUTTON_DESK, "home")


def _waits(scene: Scene, desk: Desk, in_hand: InHand) -> str:
    if desk.alone:
        return scene.voice.say(P.WAITS_ALONE)
    if in_hand.broadcast.submitted_by != desk.organiser:
        return scene.voice.say(P.PLEASE_APPROVE) if desk.may(R.APPROVE) else ""
    return scene.voice.say(P.WAITS if desk.approvers else P.NOBODY_APPROVES)


def _undo(scene: Scene, _desk: Desk, in_hand: InHand) -> str:
    until = in_hand.broadcast.undo_until
    if until is None or until <= scene.now:
        return ""
    return scene.voice.say(P.UNDO, clock=f"{until.astimezone(zone_of(in_hand.broadcast.announcement.zone)):%H:%M:%S}")


def _progress(scene: Scene, _desk: Desk, in_hand: InHand) -> str:
    return "\n".join(progress(scene.voice, in_hand, scene.now))


def _report(scene: Scene, desk: Desk, in_hand: InHand) -> str:
    return "\n".join(report(scene.voice, in_hand, desk)[0])


_OVER = frozenset({S.FINISHED, S.CANCELLED})
_TOLD: Mapping[BroadcastState, tuple[Callable[[Scene, Desk, InHand], str], ...]] = {
    S.SUBMITTED: (_waits,),
    S.APPROVED: (_undo,),
    S.SCHEDULED: (_undo,),
    S.SENDING: (_progress,),
    S.PAUSED: (_progress,),
    S.FINISHED: (_report,),
    S.CANCELLED: (_report,),
}
