"""How far the knowledge base has moved on from the artefact that was learned from it: one line of `check`.

The bot answers from a moved base at once, but with less behind it: an entry that the heads do not know is ranked by
nearness alone, the encoder has not seen its phrasings, and a phrasing whose vector does not ship is encoded at a start.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.knowledge.model import Words
from bot.language.artefact import CARD, Artefact
from bot.language.texts import phrasings
from bot.language.vectors import PhrasingVectors

NAMED = 4
"""Entries that the line names."""
MOST_WITHOUT_COLUMN = 0.1
"""Share of the entries. With the columns of a tenth of them taken away, of 464 messages in scope in tests/questions/en
85.7 % were right first instead of 86.2, and 3.4 % answered wrongly instead of 3.0; of two fifths, 85.9 and 3.8. The
encoder had learned from their examples all the same, so entries that are new to it lose more.
"""
MOST_NEW = 0.1
"""Share of what was learned from. From 14 to 100 examples an entry accuracy rose by 14 points, 5 a doubling: a tenth
more is worth less than a point, and the ridge has most of that without learning."""
MOST_UNSHIPPED = 400
"""Phrasings. At 2.7 ms each that is one second of a start, which may take two."""


@dataclass(frozen=True, slots=True)
class Taught:
    """What a base teaches, or what an artefact learned from."""

    examples: int
    digest: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The base of today against the artefact."""

    made: str
    """Day of the artefact, as its card says."""
    without_column: Sequence[str]
    """Names of entries, such as "topic:sleep", for which the heads have no column."""
    entries: int
    learned: Taught | None
    """None for an artefact whose card does not say."""
    teaches: Taught
    unshipped: int
    """Phrasings whose vectors do not ship."""
    phrasings: int

    @property
    def far(self) -> bool:
        """Whether it is time to learn again, or to encode."""
        return bool(self._remedies())

    def __str__(self) -> str:
        named = ", ".join([*self.without_column[:NAMED], *(["…"] if len(self.without_column) > NAMED else [])])
        parts = [
            f"{len(self.without_column)} of {self.entries} entries have no column in its heads"
            + (f" ({named})" if named else ""),
            self._learned_from(),
            f"{self.unshipped} of {self.phrasings} phrasings have no shipped vector",
        ]
        remedies = self._remedies()
        return f"The artefact of {self.made}: {'; '.join(parts)}{': ' if remedies else ''}{', '.join(remedies)}."

    def _learned_from(self) -> str:
        if self.learned is None:
            return "unknown what it learned from"
        if self.learned.digest == self.teaches.digest:
            return f"it learned from all that the base holds ({self.learned.examples} texts)"
        return f"it learned from {self.learned.examples} texts, and the base holds others now, {self.teaches.examples}"

    def _remedies(self) -> Sequence[str]:
        new = abs(self.teaches.examples - self.learned.examples) if self.learned else 0
        learn = len(self.without_column) > MOST_WITHOUT_COLUMN * self.entries
        learn |= self.learned is not None and new > MOST_NEW * self.learned.examples
        return ["run `learn`"] * learn + ["run `vectors`"] * (self.unshipped > MOST_UNSHIPPED and not learn)


def moved(
    words: Words, artefact: Artefact, columns: Collection[str], vectors: PhrasingVectors, teaches: Taught
) -> Moved:
    """`columns`: the labels of the topic head. `teaches`: what the words would teach today."""
    names = {id: f"topic:{id}" for id in words.topics} | {id: f"action:{id}" for id in words.capabilities}
    without = [name for id, name in names.items() if id not in columns]
    made, learned = _card(artefact)
    listed = phrasings(words)
    return Moved(made, without, len(names), learned, teaches, vectors.unshipped(listed), len(set(listed)))


def _card(artefact: Artefact) -> tuple[str, Taught | None]:
    """The artefact's day, and what it learned from where the card says so."""
    card = json.loads(artefact.path(CARD).read_text(encoding="utf-8"))
    made = str(card.get("date", "unknown day"))
    try:
        return made, Taught(int(card["learned_from"]["examples"]), str(card["learned_from"]["sha256"]))
    except (KeyError, TypeError, ValueError):
        return made, None
