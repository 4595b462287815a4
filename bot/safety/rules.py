"""Danger phrasing of every language, and what softens it. Used by `screening`.

A softened phrase never vanishes: it is reported as softened, and the screen makes a support line of it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_
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
    sure: bool
    pattern: str


@dataclass(frozen=True, slots=True)
class Phrase:
    family: str
    tier: Literal[1, 2] | None
    sure: bool
    text: str
    part: Part


DEPTH = 3
"""So many of a phrase's needs are looked up before it is tried. Of the English phrases, 105 a message are tried after
one, 17 after two and 3 after three; a message takes 0.52, 0.22 and 0.15 ms."""


class Layer:
    """For each word, as bits, the numbers of what needs it; `free` are those that need nothing here."""

    def __init__(self, needs: Sequence[AnyWord | None]) -> None:
        self.free = 0
        self._words: dict[str, int] = {}
        self._beginnings: dict[str, int] = {}
        for at, need in enumerate(needs):
            if need is None:
                self.free |= 1 << at
                continue
            for listed, kept in ((need.words, self._words), (need.beginnings, self._beginnings)):
                for word in listed:
                    kept[word] = kept.get(word, 0) | 1 << at

    def met(self, tape: Tape) -> int:
        found = self.free
        for word in self._words.keys() & tape.places.keys():
            found |= self._words[word]
        for start in self._beginnings.keys() & tape.beginnings.keys():
            found |= self._beginnings[start]
        return found


class Index:
    """Which phrases are worth trying on a tape: nearly always only a few of thousands hold words that stand there."""

    def __init__(self, needs: Sequence[tuple[AnyWord, ...]]) -> None:
        """`needs` of each phrase, the rarest first, as parts give them."""
        self._layers = [Layer([each[at] if at < len(each) else None for each in needs]) for at in range(DEPTH)]

    def likely(self, tape: Tape) -> Iterator[int]:
        """Numbers of the phrases, ascending."""
        found = reduce(and_, (layer.met(tape) for layer in self._layers))
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
            Phrase(rule.family, _tier(rule.tier), rule.sure, text, grammar.pattern(text))
            for rule in words.rules
            for text in rule.patterns
        )
        self._softeners = tuple(grammar.softener(text) for text in words.softeners)
        self.vocabulary = frozenset(grammar.vocabulary)
        self._index = Index([phrase.part.needs() for phrase in self._phrases])
        self._softening = Index([softener.needs() for softener in self._softeners])

    def find(self, tape: Tape) -> list[RuleHit]:
        likely = (self._phrases[at] for at in self._index.likely(tape))
        found = [(phrase, ends) for phrase in likely if (ends := phrase.part.onward(tape, tape.cursors))]
        if not found:
            return []
        calm = Calm.over(tape, (self._softeners[at] for at in self._softening.likely(tape)))
        return [
            RuleHit(phrase.family, phrase.tier, self.language, softened, phrase.sure, phrase.text)
            for phrase, ends in found
            for softened in (calm.covers(tape, phrase.part, ends),)
        ]


@dataclass(frozen=True, slots=True)
class Calm:
    """Where on one tape a phrase is softened: if it begins, ends, or both, at certain cursors."""

    begins: int
    ends: int
    near: int
    both: tuple[tuple[int, int], ...]

    @classmethod
    def over(cls, tape: Tape, softeners: Iterable[Softener]) -> "Calm":
        begins = ends = close = 0
        both: list[tuple[int, int]] = []
        for each in softeners:
            if each.after is None:
                close |= each.before.onward(tape, tape.cursors)
            elif each.after == EMPTY:
                begins |= each.before.onward(tape, tape.cursors)
            elif each.before == EMPTY:
                ends |= each.after.back(tape, tape.cursors)
            elif begun := each.before.onward(tape, tape.cursors):
                both.append((begun, each.after.back(tape, tape.cursors)))
        return cls(begins, ends, tape.around(close, NEAR) if close else 0, tuple(both))

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


def _tier(text: str | None) -> Literal[1, 2] | None:
    if text is None:
        return None
    return 1 if text == "1" else 2
