"""What became of an order, in words: the card that was asked for, why not if it was refused, and who else is told.
Called by `service` once `ordering` has carried the order out.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bot.broadcast.announcement import content_values
from bot.broadcast.states import Act
from bot.conversation.desk.card import card
from bot.conversation.desk.home import home_face
from bot.conversation.desk.model import Desk, InHand, Right
from bot.conversation.desk.orders import Approve, Draft, Lead, Order, Return, View
from bot.conversation.desk.pages import desk_button, prompt, shortened
from bot.conversation.desk.readers import audience_face
from bot.conversation.desk.steps import Asks, step_of
from bot.conversation.desk.timing import when_face
from bot.conversation.model import IDLE
from bot.conversation.scene import Scene, Turn
from bot.conversation.wording.page import Page
from bot.knowledge.desk_phrases import DeskPhrase
from bot.messaging import Announced, Elsewhere, Notice, Outgoing, Reply, Span, Style

NOTE_WORDS = 1000


def told(scene: Scene, turn: Turn) -> Turn:
    """The turn with what its organiser, and others, are shown; `scene.desk` is as the order left it."""
    desk, order = scene.desk, turn.order
    if desk is None or order is None:
        return turn
    scene = replace(scene, conversation=turn.conversation)
    if desk.in_hand is None:
        shown: Sequence[Outgoing] = [home_face(scene, desk, order.edits)]
        talk = turn.conversation
    else:
        view = View.CARD if desk.refused is not None and order.view in _INSTEAD else order.view
        shown = _FACES[view](scene, desk, desk.in_hand, order)
        talk = replace(turn.conversation, draft_id=str(desk.in_hand.broadcast.id))
    if desk.refused is not None:
        shown = _refused(scene, desk.refused, shown)
        talk = replace(talk, step=IDLE) if step_of(talk.step) else talk
    else:
        shown = [*shown, *_others(scene, desk, order)]
    return replace(turn, replies=(*turn.replies, *shown), conversation=talk)


def _refused(scene: Scene, reason: str | DeskPhrase, shown: Sequence[Outgoing]) -> Sequence[Outgoing]:
    """The reason stands first on the card; over the chat too, where the card says so already."""
    sentence = scene.voice.say(reason) if isinstance(reason, DeskPhrase) else reason
    first, *rest = (one for one in shown if isinstance(one, Reply))
    return [Notice(sentence), replace(first, spans=(Span(f"{sentence}\n\n", Style.ITALIC), *first.spans)), *rest]


def _card(scene: Scene, desk: Desk, in_hand: InHand, order: Order) -> Sequence[Outgoing]:
    step = step_of(scene.conversation.step)
    taking_in = isinstance(order.deed, Draft) and step is not None and step.asks is Asks.ALBUM
    shown = card(scene, desk, in_hand, order.edits)
    return [Page().line(scene.voice.say(DeskPhrase.ALBUM)).reply(), shown] if taking_in else [shown]


def _audience(scene: Scene, _desk: Desk, in_hand: InHand, order: Order) -> Sequence[Outgoing]:
    return [audience_face(scene, in_hand, order.dimension, order.edits)]


def _when(scene: Scene, _desk: Desk, in_hand: InHand, order: Order) -> Sequence[Outgoing]:
    return [when_face(scene, in_hand, order.edits)]


def _preview(scene: Scene, desk: Desk, in_hand: InHand, _order: Order) -> Sequence[Outgoing]:
    """The announcement itself, and the card anew below it."""
    said = Page().line(scene.voice.say(DeskPhrase.PREVIEWED)).reply()
    return [_announced(in_hand), said, card(scene, desk, in_hand)]


def _team(scene: Scene, desk: Desk, in_hand: InHand, _order: Order) -> Sequence[Outgoing]:
    number = len(desk.team)
    sentence = scene.voice.say(DeskPhrase.TEAM_SENT, number=number) if number else scene.voice.say(DeskPhrase.NO_TEAM)
    line = Page().line(scene.voice.say(DeskPhrase.TEAM_SHOWN, id=in_hand.broadcast.id)).reply()
    seen = [Elsewhere(str(one), what) for one in desk.team for what in (line, _announced(in_hand))]
    return [*seen, Page().line(sentence).reply(), card(scene, desk, in_hand)]


def _drop(scene: Scene, _desk: Desk, in_hand: InHand, order: Order) -> Sequence[Outgoing]:
    voice, broadcast = scene.voice, in_hand.broadcast
    yes = desk_button(voice, DeskPhrase.BUTTON_DROP_YES, "cancel", broadcast.id, broadcast.version)
    back = desk_button(voice, DeskPhrase.BUTTON_BACK, "open", broadcast.id)
    return [Page().line(voice.say(DeskPhrase.ASK_DROP)).reply([(yes, back)], edits=order.edits)]


def _uncertain(scene: Scene, _desk: Desk, in_hand: InHand, order: Order) -> Sequence[Outgoing]:
    voice, broadcast = scene.voice, in_hand.broadcast
    numbers = ", ".join(map(str, in_hand.uncertain))
    again = desk_button(voice, DeskPhrase.BUTTON_AGAIN, "again", broadcast.id, broadcast.version)
    back = desk_button(voice, DeskPhrase.BUTTON_BACK, "open", broadcast.id)
    page = Page().line(voice.say(DeskPhrase.UNCERTAIN, numbers=numbers))
    return [page.reply([(again, back)], edits=order.edits)]


def _ask_message(scene: Scene, _desk: Desk, in_hand: InHand, _order: Order) -> Sequence[Outgoing]:
    return [prompt(scene.voice, DeskPhrase.SEND_ME, in_hand.broadcast.id)]


def _ask_note(scene: Scene, _desk: Desk, in_hand: InHand, _order: Order) -> Sequence[Outgoing]:
    return [prompt(scene.voice, DeskPhrase.ASK_NOTE, in_hand.broadcast.id)]


def _nothing(_scene: Scene, _desk: Desk, _in_hand: InHand, _order: Order) -> Sequence[Outgoing]:
    return []


_INSTEAD = frozenset({View.WHEN, View.ASK_MESSAGE, View.ASK_NOTE, View.NOTHING})
"""What asks for something, or says nothing: after a refusal the card stands in its place."""
_FACES: Mapping[View, Callable[[Scene, Desk, InHand, Order], Sequence[Outgoing]]] = {
    View.CARD: _card,
    View.AUDIENCE: _audience,
    View.WHEN: _when,
    View.PREVIEW: _preview,
    View.TEAM: _team,
    View.DROP: _drop,
    View.UNCERTAIN: _uncertain,
    View.ASK_MESSAGE: _ask_message,
    View.ASK_NOTE: _ask_note,
    View.NOTHING: _nothing,
}


def _announced(in_hand: InHand) -> Announced:
    return Announced(content_values(in_hand.broadcast.announcement.content))


def _others(scene: Scene, desk: Desk, order: Order) -> Sequence[Outgoing]:
    """Who else has to know: those who may approve, and the author of what was approved or came back."""
    in_hand = desk.in_hand
    if in_hand is None:
        return []
    if order.deed == Lead(Act.SUBMIT):
        return [one for approver in desk.approvers for one in _asked(scene, approver, in_hand)]
    author = in_hand.broadcast.composed_by
    if author is None or author == desk.organiser:
        return []
    voice, id = scene.voice, in_hand.broadcast.id
    match order.deed:
        case Approve():
            said = voice.say(DeskPhrase.APPROVED_TOLD, id=id)
        case Return(note=""):
            said = voice.say(DeskPhrase.RETURNED, id=id)
        case Return(note=note):
            said = voice.say(DeskPhrase.RETURNED_NOTE, id=id, note=shortened(note, NOTE_WORDS))
        case _:
            return []
    opened = desk_button(voice, DeskPhrase.BUTTON_BACK, "open", id)
    return [Elsewhere(str(author), Page().line(said).reply([(opened,)]))]


def _asked(scene: Scene, approver: int, in_hand: InHand) -> Sequence[Outgoing]:
    """The announcement exactly as it will arrive, and the card by which it is approved."""
    theirs = Desk(approver, frozenset({Right.APPROVE}), in_hand=in_hand, team=(0,))
    return [Elsewhere(str(approver), _announced(in_hand)), Elsewhere(str(approver), card(scene, theirs, in_hand))]
