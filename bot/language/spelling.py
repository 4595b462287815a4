"""Puts misspelt words right, by optimal string alignment distance, against the words of the knowledge base first.

Called by `Reader`. A word that is English, or that the knowledge base itself uses, is never touched: without that guard
clean text loses more than misspelt text gains ("frowning" would become "drowning").
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.language.cleaning import clean
from bot.language.keyboard import BESIDE

COMMONEST = Path(__file__).parent / "commonest"
"""A word list a language, commonest first (see NOTICE there)."""
TARGETS = 30_000
"""How many of the commonest words may be the correction of another; rarer ones are only left alone."""

SHORTEST = 4
"""Letters below which a word is left as it is."""
SHORT = 5
"""Up to this many letters distance 1 counts as a slip, above it distance 2."""
SEEN_ENOUGH = 5
"""Times a word must stand in the examples to be a correction; they hold misspelt words on purpose."""
FAR_MORE = 4
"""Times as often must a known word one slip away be used for a word of the examples to be a slip of it."""
OTHER_FIRST_LETTER = 0.5
"""Added to the distance: people seldom miss the first letter."""
DISTANT_KEY = 0.3
"""Added when one letter stands for another that is not beside it on the keyboard."""
MOSTLY = 0.6
"""Above this share of unknown words a text of `ENOUGH` longer words is not in this language."""
ENOUGH = 4
CACHED = 20_000

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ORDINARY = re.compile(r"(?=.*[aeiouy])[a-z]+")
"""Plain letters with a vowel: "nhs" and "ssri" are not slips."""
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Fix:
    """A word that was put right."""

    was: str
    now: str


def words_of(text: str) -> list[str]:
    """The words of a text, cleaned, letters and inner apostrophes only."""
    return _WORD.findall(clean(text))


def _longer_words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if len(word) >= SHORTEST]


def common_words(language: str) -> tuple[str, ...]:
    """The words of a language that are never touched, commonest first; none for a language without a list."""
    path = COMMONEST / f"{language}.txt"
    return tuple(path.read_text(encoding="utf-8").split()) if path.is_file() else ()


class Speller:
    """Corrects words against `ours` (what editors wrote: titles, questions, alarms), `examples` and common words."""

    def __init__(self, ours: Iterable[str], examples: Iterable[str] = (), common: Iterable[str] = ()) -> None:
        curated = Counter(word for text in ours for word in words_of(text))
        seen = Counter(word for text in examples for word in words_of(text))
        self._rank = {word: rank for rank, word in enumerate(common, 1)}
        self._known = self._rank.keys() | curated.keys()
        self._curated = frozenset(curated)
        self._seen = {word: times for word, times in seen.items() if times > 1 and word not in self._known}
        self._used: Mapping[str, int] = curated + seen
        self._times: Mapping[str, int] = curated + Counter(
            {word: times for word, times in seen.items() if times >= SEEN_ENOUGH and word in self._rank}
        )
        self._ours = frozenset(word for word in self._times if len(word) >= SHORTEST and word.isalpha())
        self._longer = sorted(word for word in self._ours if len(word) >= SHORT)
        self._fixed = lru_cache(CACHED)(self._fix)

    def correct(self, text: str) -> tuple[str, tuple[Fix, ...]]:
        """A cleaned text with its slips put right, and what was changed, in order.

        A text of mostly unknown words is in another language or in none, and is left as it is.
        """
        if len(_longer_words(text)) >= ENOUGH and self.unknown_share(text) > MOSTLY:
            return text, ()
        fixes: list[Fix] = []

        def put(match: re.Match[str]) -> str:
            now = self._fixed(match[0])
            if now != match[0]:
                fixes.append(Fix(match[0], now))
            return now

        return _WORD.sub(put, text), tuple(fixes)

    def unknown_share(self, text: str) -> float:
        """0 to 1: share of a cleaned text's words of `SHORTEST` letters or more that stand in no list."""
        words = _longer_words(text)
        strange = sum(word not in self._known and word not in self._seen and "'" not in word for word in words)
        return strange / len(words) if words else 0.0

    def _fix(self, word: str) -> str:
        if len(word) < SHORTEST or word in self._known or not _ORDINARY.fullmatch(word):
            return word
        slips = set(_slips(word))
        if word in self._seen and not self._outdone(word, slips):
            return word
        candidates = (slips & self._ours) | self._two_away(word)
        best = min((self._cost(word, candidate) for candidate in candidates), default=None)
        if best is None or best[0] > 1:
            candidates |= {slip for slip in slips if self._rank.get(slip, TARGETS) < TARGETS}
            best = min((self._cost(word, candidate) for candidate in candidates), default=None)
        return best[2] if best else word

    def _outdone(self, word: str, slips: Set[str]) -> bool:
        """Whether a word that only examples use, some of them misspelt on purpose, stands for one used far more.

        Of the short ones many are abbreviations ("eyfs" is not "eyes").
        """
        if len(word) < SHORT:
            return any(slip in self._curated and slip[0] == word[0] for slip in slips)
        near = [slip for slip in slips & self._known if slip[0] == word[0]]
        return any(slip in self._curated or self._used[slip] >= FAR_MORE * self._seen[word] for slip in near)

    def _two_away(self, word: str) -> set[str]:
        if len(word) <= SHORT:
            return set()
        return {
            near for near, _, _ in process.extract(word, self._longer, scorer=OSA.distance, score_cutoff=2, limit=None)
        }

    def _cost(self, word: str, candidate: str) -> tuple[float, float, str]:
        """Smaller is likelier: distance with penalties, then how often the word is used, then the word itself."""
        distance = float(OSA.distance(word, candidate))
        distance += OTHER_FIRST_LETTER * (word[0] != candidate[0]) + DISTANT_KEY * _far(word, candidate)
        rank = self._rank.get(candidate)
        use = math.log1p(self._times.get(candidate, 0)) + (0.1 * math.log(40_000 / rank) if rank else 0.0)
        return round(distance, 3), round(-use, 6), candidate


def _slips(word: str) -> Iterator[str]:
    """Every string at optimal string alignment distance 1."""
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        if after:
            yield before + after[1:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        for letter in _LETTERS:
            yield before + letter + after
            if after:
                yield before + letter + after[1:]


def _far(word: str, candidate: str) -> bool:
    """Whether the two differ by one letter swapped for another that no finger reaches by mistake."""
    if len(word) != len(candidate):
        return False
    pairs = [(one, other) for one, other in zip(word, candidate, strict=True) if one != other]
    return len(pairs) == 1 and pairs[0][1] not in BESIDE.get(pairs[0][0], "")
