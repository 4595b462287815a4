"""Shows a target (`topic:ID`, `role:ID`, `week:ID`, `action:ID`) as an answer, for the person in the scene.

Used by `asking` for questions in words, by `pressing` for buttons, by `commands` and by deep links: one way for all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bot.conversation.capabilities import CAPABILITIES
from bot.conversation.scene import Outcome, Scene, Turn, turn
from bot.conversation.wording.roles import phases, role_card
from bot.conversation.wording.topics import pages, topic_card
from bot.conversation.wording.weeks import week_card
from bot.messaging import Outgoing

LOSS_TARGETS = frozenset({"topic:baby-loss", "topic:pregnancy-after-loss"})
REGIONAL_ACTIONS = frozenset({"action:human-help", "action:urgent-help"})
CHEERFUL = frozenset({"celebrate-babies", "bonding", "play"})
"""Topics that are not put before somebody who spoke of a loss; awareness weeks are not either."""


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


def fitting(scene: Scene, targets: Sequence[str]) -> tuple[str, ...]:
    """The known targets that may be suggested unasked: after a loss, nothing cheerful."""
    return tuple(target for target in targets if known(scene, target) and not _jars(scene, target))


def mourning(scene: Scene, target: str) -> Scene:
    """The scene once a target was found. After a loss nothing cheerful follows, and nothing leads back to such."""
    if target not in LOSS_TARGETS:
        return scene
    scene = scene.having(after_loss=True)
    last = scene.conversation.last_target
    return scene.having(last_target=None, last_page=0) if last and _jars(scene, last) else scene


def _jars(scene: Scene, target: str) -> bool:
    kind, _, id = target.partition(":")
    topic = scene.words.topics.get(id) if kind == "topic" else None
    cheerful = kind == "week" or id in CHEERFUL or (topic is not None and topic.week is not None)
    return scene.conversation.after_loss and cheerful


def differs_by_region(scene: Scene, target: str) -> bool:
    """Whether the answer names services, so that it matters where the reader lives."""
    kind, _, id = target.partition(":")
    topic = scene.words.topics.get(id) if kind == "topic" else None
    return target in REGIONAL_ACTIONS or (topic is not None and bool(topic.services or topic.helplines))


def count_pages(scene: Scene, target: str) -> int:
    """How much there is of a target: a topic's pages, a role's phases; everything else is one card."""
    kind, _, id = target.partition(":")
    if kind == "topic":
        return pages(scene.words.topics[id], scene.role)
    return len(phases(scene.voice, scene.words.roles[id])) if kind == "role" else 1


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
    return _answered(mourning(scene, f"topic:{id}"), f"topic:{id}", [card], shown)


def _role(scene: Scene, id: str, page: int, edits: str | None) -> Turn:
    role = scene.words.roles[id]
    told = phases(scene.voice, role)
    shown = min(page, len(told) - 1)
    return _answered(scene, f"role:{id}", [role_card(scene.voice, role, told[shown], edits=edits)], shown)


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
