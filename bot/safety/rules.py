"""Danger phrasing of every language, and what softens it. Used by `screening`.

A softened phrase never vanishes: it is reported as softened, and the screen makes a support line of it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.knowledge.model import AlarmWords
from bot.safety.patterns import EMPTY, AnyWord, Grammar, Part, Softener
from bot.safety.tape import Lexicon, Tape

NEAR = 10
"""How many words a softener without HIT may stand from the phrase."""


@dataclass(frozen=True, slots=True)
class RuleHit:
    """A phrase found. `pattern` is the editor's words, never the person's; `tier` None means the family's own."""

    family: str
    tier: Literal[1, 2] | None
    language: str
    softened: bool
    pattern: str


@dataclass(frozen=True, slots=True)
class Phrase:
    family: str
    tier: Literal[1, 2] | None
    text: str
    part: Part


NOWHERE = AnyWord(frozenset())


class Index:
    """Which phrases are worth trying on a tape: nearly always only a few of thousands hold a word that stands there."""

    def __init__(self, needs: Sequence[AnyWord]) -> None:
        self._words: dict[str, int] = {}
        self._beginnings: dict[str, int] = {}
        for at, need in enumerate(needs):
            for listed, kept in ((need.words, self._words), (need.beginnings, self._beginnings)):
                for word in listed:
                    kept[word] = kept.get(word, 0) | 1 << at

    def likely(self, tape: Tape) -> Iterator[int]:
        """Numbers of the phrases, ascending."""
        found = 0
        for word in self._words.keys() & tape.places.keys():
            found |= self._words[word]
        for start in self._beginnings.keys() & tape.beginnings.keys():
            found |= self._beginnings[start]
        while found:
            lowest = found & -found
            yield lowest.bit_length() - 1
            found ^= lowest


class LanguageRules:
    """All rules of one language."""

    def __init__(self, language: str, words: AlarmWords) -> None:
        """Raises PatternError for a pattern that cannot be read."""
        grammar = Grammar(words.words)
        self.language = language
        self._phrases = tuple(
            Phrase(rule.family, _tier(rule.tier), text, grammar.pattern(text))
            for rule in words.rules
            for text in rule.patterns
        )
        softeners = [grammar.softener(text) for text in words.softeners]
        self._near = tuple(each.before for each in softeners if each.after is None)
        self._before = tuple(each.before for each in softeners if each.after == EMPTY)
        self._after = tuple(each.after for each in softeners if each.after is not None and each.before == EMPTY)
        self._around = tuple(each for each in softeners if each.before != EMPTY and each.after not in (None, EMPTY))
        self.vocabulary = frozenset(grammar.vocabulary)
        self._index = Index([phrase.part.needs() or NOWHERE for phrase in self._phrases])

    def find(self, tape: Tape) -> list[RuleHit]:
        likely = (self._phrases[at] for at in self._index.likely(tape))
        found = [(phrase, ends) for phrase in likely if (ends := phrase.part.onward(tape, tape.cursors))]
        if not found:
            return []
        calm = Calm.over(tape, self._near, self._before, self._after, self._around)
        return [
            RuleHit(phrase.family, phrase.tier, self.language, calm.covers(tape, phrase.part, ends), phrase.text)
            for phrase, ends in found
        ]


@dataclass(frozen=True, slots=True)
class Calm:
    """Where on one tape a phrase is softened: if it begins, ends, or both, at certain cursors."""

    begins: int
    ends: int
    near: int
    both: tuple[tuple[int, int], ...]

    @classmethod
    def over(
        cls,
        tape: Tape,
        near: Iterable[Part],
        before: Iterable[Part],
        after: Iterable[Part],
        around: Iterable[Softener],
    ) -> "Calm":
        close = _union(part.onward(tape, tape.cursors) for part in near)
        both = (
            (begins, each.after.back(tape, tape.cursors))
            for each in around
            if each.after is not None and (begins := each.before.onward(tape, tape.cursors))
        )
        return cls(
            begins=_union(part.onward(tape, tape.cursors) for part in before),
            ends=_union(part.back(tape, tape.cursors) for part in after),
            near=tape.around(close, NEAR) if close else 0,
            both=tuple(both),
        )

    def covers(self, tape: Tape, part: Part, ends: int) -> bool:
        """Whether every place where the phrase stands is softened."""
        soft = ends & (self.ends | self.near)
        soft |= part.onward(tape, self.begins | self.near)
        for begins, after in self.both:
            soft |= part.onward(tape, begins) & after
        return not ends & ~soft


class RuleBook:
    """The rules of all languages together."""

    def __init__(self, alarms: Mapping[str, AlarmWords]) -> None:
        """`alarms` by language id. Raises PatternError for a pattern that cannot be read."""
        self._languages = tuple(LanguageRules(language, words) for language, words in alarms.items())
        self._vocabularies = {each.language: each.vocabulary for each in self._languages}
        self._lexicon = Lexicon(frozenset().union(*self._vocabularies.values()))

    def vocabulary(self, language: str) -> frozenset[str]:
        """Every word that the rules of one language know, for spelling in it."""
        return self._vocabularies.get(language, frozenset())

    def find(self, texts: Iterable[str]) -> tuple[RuleHit, ...]:
        """Phrases in any of the texts (one message, read in several ways), each once, unsoftened ones first.

        A phrase that is softened in one reading and not in another counts as not softened.
        """
        rows = dict.fromkeys(row for text in texts for row in self._lexicon.rows(text))
        tapes = [Tape(row, self._lexicon) for row in rows]
        hits = {hit: None for tape in tapes for rules in self._languages for hit in rules.find(tape)}
        return tuple(sorted(hits, key=lambda hit: hit.softened))


def _union(sets: Iterable[int]) -> int:
    found = 0
    for each in sets:
        found |= each
    return found


def _tier(text: str | None) -> Literal[1, 2] | None:
    if text is None:
        return None
    return 1 if text == "1" else 2
