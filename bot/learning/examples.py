"""What is learned from: every example message, curated question and title of one language, with its labels.

`gather` reads them out of a knowledge base; `tuning` learns from the ones and watches itself on the others.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from bot.knowledge.model import Capability, Examples, Topic, Words
from bot.language.spelling import words_of

Danger = Literal["NONE", "SUPPORT", "CARD", "NOT_CARD"]
"""`NOT_CARD`: nobody is in danger, and nobody said whether a support line is due."""

NOBODY = "none"
"""The role of a message that says none."""
EACH = 5
"""Of the messages in which no role is named, one in so many teaches that; more would drown those that say one."""

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
    role: str | None = None
    """The writer's role as the message says it; "none" where it says none."""


@dataclass(frozen=True, slots=True)
class Lessons:
    """Everything to learn from, and apart from it what the learning is watched on."""

    learned: tuple[Example, ...]
    watched: tuple[Example, ...]
    topics: tuple[str, ...]
    """Labels of the topic head, sorted."""
    roles: tuple[str, ...]
    """Labels of the role head, sorted."""

    @property
    def digest(self) -> str:
        """SHA-256 over every example with its labels: two artefacts with the same one learned from the same."""
        lines = [repr(one) for one in (*self.learned, *self.watched)]
        return hashlib.sha256("\n".join(sorted(lines)).encode("utf-8", "surrogatepass")).hexdigest()


def gather(words: Words) -> Lessons:
    """Lessons of one language's words; the messages of the writer who is held apart are only watched."""
    known = {one.text: one for one in (*_written(words.examples), *_curated(words))}
    known |= {one.text: one for one in [*_of_nobody(words, known.values())]}
    learned = tuple(known.values())
    watched = tuple(dict.fromkeys(_written(words.watched)))
    topics = sorted({one.topic for one in learned if one.topic})
    roles = sorted({one.role for one in learned if one.role})
    return Lessons(learned, watched, tuple(topics), tuple(roles))


def _of_nobody(words: Words, examples: Iterable[Example]) -> Iterator[Example]:
    """Every `EACH`th message that holds no word of any role's name, as one that says no role."""
    names = [name for role in words.roles.values() for name in (role.label, *role.also_called)]
    names += [said.text for said in words.examples.roles if said.form == "bare"]
    telling = {word for name in names for word in words_of(name)}
    for one in examples:
        if one.role is None and _drawn(one.text) and telling.isdisjoint(words_of(one.text)):
            yield replace(one, role=NOBODY)


def _drawn(text: str) -> bool:
    """The same texts every time, whatever stands beside them."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=1).digest()[0] % EACH == 0


def _written(examples: Examples) -> Iterator[Example]:
    for topic in examples.topics:
        yield Example(topic.text, topic.topic, topic.also, _danger_of(topic.topic), True)
    for alarm in examples.alarms:
        yield Example(alarm.text, danger=alarm.label)
    for outside in examples.scope:
        yield Example(outside.text, danger="NONE", ours=False)
    for said in examples.roles:
        yield Example(said.text, role=said.role)


def _curated(words: Words) -> Iterable[Example]:
    entries: list[Topic | Capability] = [*words.topics.values(), *words.capabilities.values()]
    for entry in entries:
        for text in (entry.title, *entry.questions):
            yield Example(text, entry.id, (), _danger_of(entry.id), True)


def _danger_of(topic: str) -> Danger:
    return "NOT_CARD" if topic in HEAVY_TOPICS else "NONE"
