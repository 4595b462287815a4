"""What is learned from: every example message, curated question and title of one language, with its labels.

`gather` reads them out of a knowledge base; `tuning` learns from the ones and watches itself on the others.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from bot.knowledge.model import Capability, Topic, Words

HELD_APART = "v"
"""The writer whose messages are never learned from: by them the tuning sees when to stop."""

Danger = Literal["NONE", "SUPPORT", "CARD", "NOT_CARD"]
"""`NOT_CARD`: nobody is in danger, and nobody said whether a support line is due."""

HEAVY_TOPICS = frozenset(
    {
        "anger-overwhelm",
        "anxiety-worry",
        "baby-loss",
        "birth-trauma",
        "bonding",
        "dads-partners",
        "domestic-abuse",
        "fear-of-services",
        "housing",
        "loneliness",
        "low-mood-pnd",
        "money-worries",
        "postpartum-psychosis",
        "pregnancy-after-loss",
        "premature-nicu",
        "relationship-conflict",
        "repair",
        "self-care",
        "single-parent",
        "substance-use",
        "supporting-a-friend",
        "trauma-early",
        "young-parent",
    }
)
"""Topics whose messages are often low or frightened ones: of these it is only known that no card is due."""


@dataclass(frozen=True, slots=True)
class Example:
    """A message and what is known of it; None where a head has nothing to learn from it."""

    text: str
    topic: str | None = None
    also: tuple[str, ...] = ()
    danger: Danger | None = None
    ours: bool | None = None


@dataclass(frozen=True, slots=True)
class Lessons:
    """Everything to learn from, and apart from it what the learning is watched on."""

    learned: tuple[Example, ...]
    watched: tuple[Example, ...]
    topics: tuple[str, ...]
    """Labels of the topic head, sorted."""

    @property
    def digest(self) -> str:
        """SHA-256 over every example with its labels: two artefacts with the same one learned from the same."""
        lines = [repr((one.text, one.topic, one.also, one.danger, one.ours)) for one in (*self.learned, *self.watched)]
        return hashlib.sha256("\n".join(sorted(lines)).encode("utf-8", "surrogatepass")).hexdigest()


def gather(words: Words) -> Lessons:
    """Lessons of one language's words; the messages of the writer `HELD_APART` are only watched."""
    written = list(_written(words))
    learned = tuple(dict.fromkeys([one for one, writer in written if writer != HELD_APART] + list(_curated(words))))
    watched = tuple(dict.fromkeys(one for one, writer in written if writer == HELD_APART))
    topics = sorted({one.topic for one in learned if one.topic})
    return Lessons(learned, watched, tuple(topics))


def _written(words: Words) -> Iterator[tuple[Example, str]]:
    examples = words.examples
    for topic in examples.topics:
        yield Example(topic.text, topic.topic, topic.also, _danger_of(topic.topic), True), topic.writer
    for alarm in examples.alarms:
        yield Example(alarm.text, danger=alarm.label), alarm.writer
    for outside in examples.scope:
        yield Example(outside.text, danger="NONE", ours=False), outside.writer


def _curated(words: Words) -> Iterable[Example]:
    entries: list[Topic | Capability] = [*words.topics.values(), *words.capabilities.values()]
    for entry in entries:
        for text in (entry.title, *entry.questions):
            yield Example(text, entry.id, (), _danger_of(entry.id), True)


def _danger_of(topic: str) -> Danger:
    return "NOT_CARD" if topic in HEAVY_TOPICS else "NONE"
