"""How hard a text is to read: grade and longest sentence, service names and numbers left out. Pure.

Grade: Flesch-Kincaid, 0.39 x words per sentence + 11.8 x syllables per word - 15.59, as in Kincaid, Fishburne, Rogers
and Chissom, Derivation of New Readability Formulas for Navy Enlisted Personnel, Research Branch Report 8-75, 1975. It
gives a year of school in the United States: 6 is read at about 11 years. It knows English only.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.knowledge.model import Knowledge, Words
from bot.review.syllables import syllables

_ENDS = re.compile(r"(?<=[.!?])[\"')\]]*\s+|\n+")
_NOT_WORDS = re.compile(r"https?://\S+|\S+@\S+|[#@/]\w+|\{[a-z]+\}|\S*\d\S*|&")
_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_NAME = "\N{WHITE SQUARE}"
"""Stands for a name that has been taken out."""


@dataclass(frozen=True, slots=True)
class Ease:
    """What has been counted in a text. `longest` is the sentence with the most words, names counted as one."""

    words: int
    sentences: int
    syllables: int
    longest: int

    @property
    def grade(self) -> float:
        """The Flesch-Kincaid grade, 0 for a text without words."""
        if not self.words:
            return 0.0
        return 0.39 * self.words / self.sentences + 11.8 * self.syllables / self.words - 15.59


class Reader:
    """Reads texts of one language with its names left out."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        listed = sorted({name for name in names if name}, key=lambda name: (-len(name), name))
        pattern = "|".join(re.escape(name) for name in listed)
        self._names = re.compile(rf"(?<!\w)(?:{pattern})(?:'s)?(?!\w)") if listed else None

    def read(self, lines: Sequence[str]) -> Ease:
        """Counts over all lines; each line is a sentence at least."""
        counted = [counts for line in lines for counts in self._sentences(line)]
        words = [word for found, _ in counted for word in found]
        return Ease(
            words=len(words),
            sentences=max(1, len(counted)),
            syllables=sum(syllables(word) for word in words),
            longest=max((len(found) + names for found, names in counted), default=0),
        )

    def _sentences(self, line: str) -> list[tuple[list[str], int]]:
        """The words of each sentence, and how many names stand in it besides. What holds neither is no sentence."""
        named = self._names.sub(_NAME, line) if self._names else line
        parts = [(_WORD.findall(_NOT_WORDS.sub(" ", part)), part.count(_NAME)) for part in _ENDS.split(named)]
        return [part for part in parts if part[0]]


def names(knowledge: Knowledge, words: Words) -> set[str]:
    """Names that a text cannot avoid: helplines, weeks, regions, and those of style.yaml."""
    found = set(words.style.names) if words.style else set()
    found |= {helpline.name for helpline in knowledge.helplines.values()}
    found |= {resource.title for resource in knowledge.resources.values()}
    for series in knowledge.series.values():
        found.add(words.pick(series.name))
    for observance in knowledge.observances.values():
        found |= {words.pick(observance.name), *words.pick(observance.also_called)}
    for region in knowledge.regions.values():
        found |= {words.pick(region.name), *words.pick(region.also_called)}
    return {name for name in found if name[:1].isupper()}
