"""Shows a target (`topic:ID`, `role:ID`, `week:ID`, `action:ID`) as an answer, for the person in the scene.

Used by `asking` for questions in words, by `pressing` for buttons, by `commands` and by deep links: one way for all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bot.conversation.capabilities import CAPABILITIES
from bot.conversation.scene import Outcome, Scene, Turn, turn
from bot.conversation.wording.roles import role_card
from bot.conversation.wording.topics import pages, topic_card
from bot.conversation.wording.weeks import week_card
from bot.knowledge.model import Phase
from bot.messaging import Outgoing

LOSS_TOPICS = frozenset({"baby-loss", "pregnancy-after-loss"})


def known(scene: Scene, target: str) -> bool:
    """Whether the knowledge base has an entry for a target."""
    kind, _, id = target.partition(":")
    entries: Mapping[str, Mapping[str, object]] = {
        "topic": scene.words.topics,
        "role": scene.words.roles,
        "week": scene.knowledge.weeks,
        "action": scene.words.capabilities,
    }
    return id in entries.get(kind, {})


def show(scene: Scene, target: str, *, page: int = 0, edits: str | None = None) -> Turn:
    """The answer for a known target. `page` counts further pointers; `edits` is the card to change in place."""
    kind, _, id = target.partition(":")
    return _SHOWN[kind](scene, id, page, edits)


def _answered(scene: Scene, target: str, replies: Sequence[Outgoing], page: int = 0) -> Turn:
    after = scene.having(last_target=target, last_page=page, offered=())
    return turn(after, Outcome.ANSWER, replies, target=target)


def _topic(scene: Scene, id: str, page: int, edits: str | None) -> Turn:
    topic = scene.words.topics[id]
    last = pages(topic, scene.role) - 1
    shown = min(page, last)
    card = topic_card(scene.voice, topic, page=shown, edits=edits)
    after_loss = scene.conversation.after_loss or id in LOSS_TOPICS
    return _answered(scene.having(after_loss=after_loss), f"topic:{id}", [card], shown)


def _role(scene: Scene, id: str, _page: int, edits: str | None) -> Turn:
    card = role_card(scene.voice, scene.words.roles[id], Phase.ALL_YEAR, edits=edits)
    return _answered(scene, f"role:{id}", [card])


def _week(scene: Scene, id: str, _page: int, edits: str | None) -> Turn:
    card = week_card(scene.voice, scene.knowledge.weeks[id], edits=edits)
    return _answered(scene, f"week:{id}", [card])


def _action(scene: Scene, id: str, _page: int, _edits: str | None) -> Turn:
    if id == "role-actions" and scene.role in scene.words.roles:
        return show(scene, f"role:{scene.role}")
    done = CAPABILITIES[id](scene)
    return replace(
        done,
        outcome=Outcome.ANSWER,
        target=f"action:{id}",
        conversation=replace(done.conversation, last_target=f"action:{id}", last_page=0, offered=()),
    )


_SHOWN: Mapping[str, Callable[[Scene, str, int, str | None], Turn]] = {
    "topic": _topic,
    "role": _role,
    "week": _week,
    "action": _action,
}
