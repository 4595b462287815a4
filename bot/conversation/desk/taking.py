"""What an organiser says or sends: the way to the desk, and answers to what the desk asked. Called by `respond`, after
the safety screen and before everything else that is made of words.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.broadcast.announcement import Announcement, Content
from bot.broadcast.moment import NoMoment, read_moment
from bot.broadcast.states import Act
from bot.conversation.desk import steps
from bot.conversation.desk.drafting import NotDrafted, content_from
from bot.conversation.desk.orders import ChangeTime, Compose, Draft, Extend, Lead, Order, Return, View
from bot.conversation.desk.pages import desk_button, prompt, zone
from bot.conversation.desk.steps import Asks, Step, step_of
from bot.conversation.model import IDLE
from bot.conversation.scene import Outcome, Scene, Turn, turn
from bot.conversation.wording.page import Page
from bot.knowledge.desk_phrases import DeskPhrase
from bot.language.reading import Reading
from bot.messaging import Incoming, Media, Original, Reply, Text

COMMAND = "announce"


def ordered(scene: Scene, order: Order, step: Step | None = None) -> Turn:
    """The turn that gives an order; `told` words it once it was carried out."""
    if scene.repeated and not order.id and isinstance(order.deed, Draft):
        # It was made when this came the first time.
        order = replace(order, id=int(scene.conversation.draft_id or 0))
    talk = replace(scene.conversation, step=str(step) if step else IDLE, offered=())
    return turn(scene, Outcome.SETTLED, conversation=talk, order=order)


def home(scene: Scene) -> Turn:
    """/announce: all that is under way."""
    return ordered(scene, Order(view=View.HOME))


def take(scene: Scene, incoming: Incoming, reading: Reading | None = None) -> Turn | None:
    """What an organiser's message means to the desk; None for whatever is not meant for it, and for everybody else."""
    if scene.desk is None:
        return None
    step = step_of(scene.conversation.step)
    words = " ".join(reading.cleaned.strip(" .!?").split()) if reading else ""
    if step is None or step.asks not in steps.WAITING:
        return _unasked(scene, incoming, step, words)
    if words in _list(scene, DeskPhrase.NEVER_MIND):
        return _left(scene, step)
    return _ANSWERS[step.asks](scene, incoming, step)


def beside_alarm(scene: Scene, incoming: Incoming, raised: Turn) -> Turn:
    """An alarm while composing: its card stands first. Nothing of the message is kept, unless its writer had said
    beforehand that it is the announcement.
    """
    step = step_of(scene.conversation.step)
    if scene.desk is None or step is None or step.asks not in steps.WAITING:
        return raised
    if step.asks is Asks.MINE:
        drafted = _drafted(scene, incoming, step)
        return replace(raised, replies=(*raised.replies, *drafted.replies), order=drafted.order)
    page = Page().line(scene.voice.say(DeskPhrase.ALARM_IN_DRAFT))
    mine = desk_button(scene.voice, DeskPhrase.BUTTON_MINE, "mine", step.id, step.rest)
    return replace(raised, replies=(*raised.replies, page.reply([(mine,)])))


def _unasked(scene: Scene, incoming: Incoming, step: Step | None, words: str) -> Turn | None:
    if words in _list(scene, DeskPhrase.ENTRY):
        return home(scene)
    going_out = scene.desk.going_out if scene.desk else ()
    if going_out and words in _list(scene, DeskPhrase.STOP_IT):
        # In haste nobody looks for the button, and means the announcement that goes out rather than themselves.
        return ordered(scene, Order(Lead(Act.PAUSE), going_out[-1]))
    return _continued(scene, incoming, step)


def _continued(scene: Scene, incoming: Incoming, step: Step | None) -> Turn | None:
    """More of an album, or the draft's own message edited."""
    draft = int(scene.conversation.draft_id or 0)
    if step is None or not draft:
        return None
    if scene.repeated:
        return ordered(scene, Order(id=draft), step)
    original = incoming.original
    if step.asks is Asks.ALBUM and original is not None and original.album == step.rest:
        return _extended(scene, incoming, step, draft)
    edited = isinstance(incoming.content, Text | Media) and incoming.content.edited
    if edited and step.asks is Asks.DRAFTED:
        return _drafted(scene, incoming, Step(Asks.MESSAGE, draft))
    return None


def _left(scene: Scene, step: Step) -> Turn:
    if step.id:
        return ordered(scene, Order(id=step.id))
    page = Page().line(scene.voice.say(DeskPhrase.LEFT))
    return turn(scene.having(step=IDLE), Outcome.SETTLED, [page.reply()])


def _timed(scene: Scene, incoming: Incoming, step: Step) -> Turn:
    words = incoming.content.words if isinstance(incoming.content, Text) else ""
    try:
        moment = read_moment(words, zone(scene), scene.now)
    except NoMoment as error:
        back = desk_button(scene.voice, DeskPhrase.BUTTON_BACK, "open", step.id)
        return turn(scene, Outcome.SETTLED, [Page().line(str(error)).reply([(back,)])])
    change = ChangeTime(moment.at if moment else None, zone(scene))
    turned = ordered(scene, Order(change, step.id, step.version), Step(Asks.SHOWN))
    twice = moment is not None and moment.twice
    return replace(turned, replies=(Page().line(scene.voice.say(DeskPhrase.TWICE)).reply(),)) if twice else turned


def _noted(scene: Scene, incoming: Incoming, step: Step) -> Turn:
    note = incoming.original.text.strip() if incoming.original else ""
    if not note:
        return turn(scene, Outcome.SETTLED, [prompt(scene.voice, DeskPhrase.ASK_NOTE, step.id)])
    return ordered(scene, Order(Return(note), step.id, step.version), Step(Asks.SHOWN))


def _drafted(scene: Scene, incoming: Incoming, step: Step) -> Turn:
    original = incoming.original
    content = _content(scene, original)
    if isinstance(content, Reply):
        return turn(scene, Outcome.SETTLED, [content])
    deed = Compose(content) if step.id else Draft(Announcement(content, zone=zone(scene)))
    album = original.album if original else None
    following = Step(Asks.ALBUM, step.id, album) if album else Step(Asks.DRAFTED)
    return ordered(scene, Order(deed, step.id, step.version), following)


_ANSWERS: Mapping[Asks, Callable[[Scene, Incoming, Step], Turn]] = {
    Asks.MESSAGE: _drafted,
    Asks.MINE: _drafted,
    Asks.TIME: _timed,
    Asks.NOTE: _noted,
}


def _extended(scene: Scene, incoming: Incoming, step: Step, draft: int) -> Turn:
    """The next part of an album, without a word: the card stands there already."""
    content = _content(scene, incoming.original)
    if isinstance(content, Reply):
        return turn(scene, Outcome.SETTLED, [content])
    return ordered(scene, Order(Extend(content), draft, view=View.NOTHING), step)


def _content(scene: Scene, original: Original | None) -> Content | Reply:
    """What a message makes of an announcement, or why it cannot be one."""
    try:
        if original is None:
            raise NotDrafted(DeskPhrase.CANNOT_CARRY)
        return content_from(original)
    except NotDrafted as problem:
        gaps = {"most": problem.most} if problem.most else {}
        return prompt(scene.voice, problem.phrase, **gaps)


def _list(scene: Scene, phrase: DeskPhrase) -> list[str]:
    return scene.voice.say(phrase).split(", ")
