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
    """Lessons of one language's words; the messages of the writers who are held apart are only watched."""
    known = _together([*_written(words, words.examples), *_curated(words)])
    learned = tuple(_with_nobody(words, known))
    watched = tuple(_together(_written(words, words.watched)))
    topics = sorted({one.topic for one in learned if one.topic})
    roles = sorted({one.role for one in learned if one.role})
    return Lessons(learned, watched, tuple(topics), tuple(roles))


def _together(examples: Iterable[Example]) -> Iterable[Example]:
    """One example a text, with everything that is known of it; of two labels of one kind the first given counts."""
    known: dict[str, Example] = {}
    for one in examples:
        first = known.setdefault(one.text, one)
        known[one.text] = replace(
            first,
            topic=first.topic or one.topic,
            also=first.also or one.also,
            danger=first.danger or one.danger,
            ours=one.ours if first.ours is None else first.ours,
            role=first.role or one.role,
        )
    return known.values()


def _with_nobody(words: Words, examples: Iterable[Example]) -> Iterator[Example]:
    """All of them; every `EACH`th that holds no word of any role's name as one that says no role."""
    names = [name for role in words.roles.values() for name in (role.label, *role.also_called)]
    names += [said.text for said in words.examples.roles if said.form == "bare"]
    telling = {word for name in names for word in words_of(name)}
    for one in examples:
        silent = one.role is None and _drawn(one.text) and telling.isdisjoint(words_of(one.text))
        yield replace(one, role=NOBODY) if silent else one


def _drawn(text: str) -> bool:
    """The same texts every time, whatever stands beside them."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=1).digest()[0] % EACH == 0


def _written(words: Words, examples: Examples) -> Iterator[Example]:
    # What somebody said about danger comes first: it counts before what follows from a topic.
    for alarm in examples.alarms:
        yield Example(alarm.text, danger=alarm.label)
    for topic in examples.topics:
        yield Example(topic.text, topic.topic, topic.also, _danger_of(words, topic.topic), True)
    for outside in examples.scope:
        yield Example(outside.text, danger="NONE", ours=False)
    for said in examples.roles:
        yield Example(said.text, role=said.role)


def _curated(words: Words) -> Iterable[Example]:
    entries: list[Topic | Capability] = [*words.topics.values(), *words.capabilities.values()]
    for entry in entries:
        for text in (entry.title, *entry.questions):
            yield Example(text, entry.id, (), _danger_of(words, entry.id), True)


def _danger_of(words: Words, topic: str) -> Danger:
    """Of a heavy topic's messages it is only known that no card is due."""
    return "NOT_CARD" if topic in words.topics and words.topics[topic].heavy else "NONE"
