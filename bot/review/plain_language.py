"""Warnings about how the base is written: hard pages, long sentences, words to avoid. Run by `checking`; pure.

What is too hard or to be avoided stands in `knowledge/<language>/style.yaml`; a language without it is not looked at.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.knowledge.checks.finding import Finding
from bot.knowledge.model import Knowledge, Style, WordChoice, Words
from bot.review.passages import Line, Passage, passages
from bot.review.reading import Ease, Reader, names
from bot.review.syllables import LANGUAGE

FEWEST_WORDS = 15
"""The formula says nothing of a page with fewer words: one long one would make it."""


@dataclass(frozen=True, slots=True)
class Grades:
    """Reading grades of one entry's pages that parents read, short ones apart; its longest sentence in words."""

    pages: tuple[float, ...]
    longest: int

    @property
    def average(self) -> float:
        return sum(self.pages) / len(self.pages) if self.pages else 0.0

    @property
    def hardest(self) -> float:
        return max(self.pages, default=0.0)


def grades(knowledge: Knowledge, words: Words) -> Mapping[str, Grades]:
    """By the name of the entry, such as "topic:sleep"."""
    reader = Reader(names(knowledge, words))
    found: dict[str, Grades] = {}
    for passage in passages(knowledge, words):
        ease = reader.read([line.text for line in passage.lines])
        so_far = found.get(passage.of, Grades((), 0))
        pages = (*so_far.pages, ease.grade) if _is_graded(passage, ease) else so_far.pages
        found[passage.of] = Grades(pages, max(so_far.longest, ease.longest))
    return found


def plain_language(knowledge: Knowledge, words: Words) -> Iterator[Finding]:
    """Every warning about the texts of a language."""
    if words.style is None:
        return
    reader = Reader(names(knowledge, words))
    avoided = [_Avoided(choice) for choice in words.style.words]
    entries: dict[str, Passage] = {}
    for passage in passages(knowledge, words):
        entries.setdefault(passage.of, passage)
        if words.language == LANGUAGE:
            yield from _hard_page(reader, passage, words.style)
        for line in passage.lines:
            yield from _long_sentence(reader, passage, line, words.style)
            for one in avoided:
                yield from one.found(passage, line)
    if words.language == LANGUAGE:
        yield from _hard_entries(knowledge, words, entries, words.style.limits.grade_of_entry)


def _is_graded(passage: Passage, ease: Ease) -> bool:
    return passage.for_parents and ease.words >= FEWEST_WORDS


def _hard_page(reader: Reader, passage: Passage, style: Style) -> Iterator[Finding]:
    ease = reader.read([line.text for line in passage.lines])
    if _is_graded(passage, ease) and ease.grade > style.limits.grade_of_page:
        message = f"this page has reading grade {ease.grade:.1f}; parents read up to {style.limits.grade_of_page:g}"
        yield Finding(passage.entry, passage.lines[0].steps, message, warning=True, file=passage.file)


def _long_sentence(reader: Reader, passage: Passage, line: Line, style: Style) -> Iterator[Finding]:
    longest = reader.read([line.text]).longest
    if longest > style.limits.words_of_sentence:
        message = f"a sentence has {longest} words; the most is {style.limits.words_of_sentence}"
        yield Finding(passage.entry, line.steps, message, warning=True, file=passage.file)


def _hard_entries(knowledge: Knowledge, words: Words, entries: Mapping[str, Passage], most: float) -> Iterator[Finding]:
    for name, found in grades(knowledge, words).items():
        if found.average > most and entries[name].entry is not None:
            message = f"{name} has reading grade {found.average:.1f} on average; parents read {most:g}"
            yield Finding(entries[name].entry, (), message, warning=True)


class _Avoided:
    """One choice of words, ready to be looked for."""

    def __init__(self, choice: WordChoice) -> None:
        self._write = choice.write
        self._words = re.compile(_any_of(choice.avoid), re.IGNORECASE)
        self._right = re.compile(_any_of(choice.unless), re.IGNORECASE) if choice.unless else None

    def found(self, passage: Passage, line: Line) -> Iterator[Finding]:
        text = self._right.sub(" ", line.text) if self._right else line.text
        for word in dict.fromkeys(match.group() for match in self._words.finditer(text)):
            message = f'"{word}" is not how we write: {self._write}'
            yield Finding(passage.entry, line.steps, message, warning=True, file=passage.file)


def _any_of(words: tuple[str, ...]) -> str:
    """Any of the words as a whole word; a star at the end stands for letters."""
    each = (re.escape(word.removesuffix("*")) + (r"\w*" if word.endswith("*") else "") for word in words)
    return rf"(?<!\w)(?:{'|'.join(each)})(?!\w)"
