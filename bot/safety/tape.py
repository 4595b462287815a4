"""A text laid out as a row of words, ready for patterns. Used by `patterns` and `rules` only.

Every word may have several forms (`k1ll` is also `kill`), all standing at the same place. Sets of places are kept as
whole numbers, one bit a place, so that a pattern is matched against a text of any length in a fixed number of shifts
and masks: no backtracking, whatever was typed. (The bit-parallel method is Shift-And: Baeza-Yates and Gonnet, A new
approach to text searching, CACM 35(10), 1992, with words in place of characters.)
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import groupby

LOOK_ALIKES = str.maketrans(
    {
        **dict(zip("аеорсухіјѕԁһкмтвнɡӏԛԝ", "aeopcyxijsdhkmtbhglqw", strict=True)),
        **dict(zip("αορτιυκχνεηωɑɩʀ", "aoptiukxvenwair", strict=True)),
        **dict(zip("łıøđħŧ", "liodht", strict=True)),
        **dict(zip("يىكةہۃھ", "ییکههه" + "ه", strict=True)),
    }
)
"""Letters that pass for others: Cyrillic and Greek for Latin ones, and the Arabic-script forms of one letter."""
DIGITS_FOR_LETTERS = str.maketrans("013457@$!|", "oieastasil")
NOT_WRITTEN = re.compile(
    "[\u0300-\u036f\u0640\u064b-\u0655\u0670\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"
    "\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f]"
)
"""Accents of Latin and Arabic letters, and characters that leave no mark."""
APOSTROPHES = re.compile("['’‘`´ʼ′ʹ]")
END = "\n"
"""The place between two sentences, where no phrase passes."""
LETTER = "(?:[^\\W_]|[\u0900-\u0963\u0966-\u0dff])"
"""Vowel signs of Bengali and Gurmukhi are no word characters to Python's `re`."""
PIECE = re.compile(
    rf"\d+(?:[.,:]\d+)+|[@$]?{LETTER}+(?:[*@$!|]+{LETTER}+)*|(?P<end>[!?;\n\r…।۔؟]+|(?<!\.)\.++(?=\s|$))",
)
HIDDEN = "*"
MARKS = re.compile(r"[*@$!|]+")
MARKED = re.compile(r"[*@$!|\d]")
LONG = re.compile(r"([^\W\d_])\1{2,}")
SHORT_RUN = 3
"""So many single letters in a row are one spaced-out word."""
LONGEST_BEGINNING = 16
"""Letters of a beginning (`overdos*`) at most."""
GLUED = range(9, 81)
"""A word of so many letters may be several run together."""


def normal(text: str) -> str:
    """Case, accents, apostrophes, invisible characters and look-alike letters put aside."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    plain = NOT_WRITTEN.sub("", APOSTROPHES.sub("", plain))
    return unicodedata.normalize("NFC", plain).translate(LOOK_ALIKES)


def pieces(text: str) -> Iterator[str]:
    """Words in order, with `END` between sentences."""
    for found in PIECE.finditer(normal(text)):
        yield END if found["end"] else found[0]


@lru_cache(maxsize=8192)
def forms(word: str) -> tuple[str, ...]:
    """The word and what else it may stand for: digits and signs read as letters, drawn-out letters shortened."""
    found = {word}
    if MARKED.search(word) and not word[0].isdigit():
        found |= {word.translate(DIGITS_FOR_LETTERS), *MARKS.split(word)}
    for other in tuple(found):
        found |= {LONG.sub(r"\1\1", other), LONG.sub(r"\1", other)}
    return tuple(sorted(found - {""}))


class Lexicon:
    """The words that rules know, for reading disguised ones: `k*ll`, `k i l l`, `killmyself`."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)
        self._longest = max(map(len, self._words), default=0)
        self._shapes: dict[tuple[int, str, str], list[str]] = {}
        for word in sorted(self._words):
            self._shapes.setdefault(_shape(word), []).append(word)

    def __contains__(self, word: object) -> bool:
        return word in self._words

    def uncensored(self, word: str) -> tuple[str, ...]:
        """Known words that fit where asterisks hide letters, one a letter."""
        if HIDDEN not in word:
            return ()
        alike = self._shapes.get(_shape(word), ())
        return tuple(known for known in alike if all(a in (HIDDEN, b) for a, b in zip(word, known, strict=True)))

    def unglued(self, word: str) -> tuple[str, ...]:
        """The fewest known words that make up a long unknown one; the word itself where there are none."""
        if word in self._words or len(word) not in GLUED:
            return (word,)
        best: list[tuple[str, ...] | None] = [(), *[None] * len(word)]
        for end in range(1, len(word) + 1):
            for start in range(max(0, end - self._longest), end):
                before, part = best[start], word[start:end]
                if before is None or part not in self._words or (len(part) == 1 and part not in "ia"):
                    continue
                if (at := best[end]) is None or len(before) + 1 < len(at):
                    best[end] = (*before, part)
        return best[-1] or (word,)

    def rows(self, text: str) -> Iterator[tuple[str, ...]]:
        """The text as typed, and once more with spaced-out and run-together words put right if there are any."""
        row = tuple(pieces(text))
        yield row
        mended = tuple(part for word in _joined(row) for part in self.unglued(word))
        if mended != row:
            yield mended


def _shape(word: str) -> tuple[int, str, str]:
    """What a word keeps when the letters inside it are hidden."""
    return len(word), word[:1], word[-1:]


def _joined(row: Sequence[str]) -> Iterator[str]:
    for single, run in groupby(row, key=lambda word: len(word) == 1 and word != END):
        words = tuple(run)
        yield from ("".join(words),) if single and len(words) >= SHORT_RUN else words


class Tape:
    """One row of words. A *place* is a word's number; a *cursor* stands before a place (0) up to after the last (n)."""

    def __init__(self, row: Sequence[str], lexicon: Lexicon) -> None:
        self.places: dict[str, int] = {}
        self.memory: dict[int, int] = {}
        """Places that patterns have looked up here, by identity of the pattern's part (it outlives the tape)."""
        typed: dict[str, int] = {}
        for place, word in enumerate(row):
            typed[word] = typed.get(word, 0) | 1 << place
        ends = typed.pop(END, 0)
        for word, places in typed.items():
            for form in (*forms(word), *lexicon.uncensored(word)):
                self.places[form] = self.places.get(form, 0) | places
        self.cursors = (1 << (len(row) + 1)) - 1
        self.inside = (self.cursors >> 1) & ~ends
        """Places that hold a word."""
        self.firsts = 1 | (ends << 1)
        self.lasts = (1 << len(row)) | ends
        """Cursors at a sentence's beginning and end."""

    @cached_property
    def beginnings(self) -> dict[str, int]:
        """The places of words that begin so, for all beginnings that rules may ask for."""
        found: dict[str, int] = {}
        for form, places in self.places.items():
            for length in range(1, min(len(form), LONGEST_BEGINNING) + 1):
                found[form[:length]] = found.get(form[:length], 0) | places
        return found

    def where(self, words: frozenset[str], beginnings: frozenset[str]) -> int:
        """The places of any of the words, or of words with any of the beginnings."""
        found = 0
        for word in words & self.places.keys():
            found |= self.places[word]
        for start in beginnings & self.beginnings.keys() if beginnings else ():
            found |= self.beginnings[start]
        return found

    def around(self, cursors: int, reach: int) -> int:
        """The cursors and those up to `reach` words to either side in the same sentence."""
        for _ in range(reach):
            cursors |= ((cursors & self.inside) << 1) | ((cursors >> 1) & self.inside)
        return cursors
