"""The small language in which danger phrasing is written. For editors of `knowledge/<language>/alarms.yaml`; compiled
by `rules`.

    kill myself              these words, whole and in this order; case, accents and apostrophes do not matter
    shak*                    any word that begins so (16 letters at most)
    BABY                     any phrase of the class BABY, listed under `words:`; class names are capitals
    (hit|slapped hard|HURT)  any one of these
    really?  (so very)?      may be missing
    ..   ..8                 up to 4 (or 8) words of any kind, but never past the end of a sentence nor over one of the
                             class NOT ("never", "didn't"), so that what is denied is not joined up
    ^   $                    beginning and end of a sentence
    HIT                      in softeners only: the danger phrase itself, as in `would never HIT` or `HIT in the film`

A softener without HIT works when it stands within a few words of the phrase, in the same sentence. Sentences end at
`. ! ? ;` and line breaks; commas do not end one. A pattern that does not parse raises `PatternError`, which says where.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Protocol

from bot.errors import KnowledgeError
from bot.safety.tape import END, LONGEST_BEGINNING, Tape, pieces

GAP = 4
"""Words that a bare `..` may pass."""
MOST_GAP = 12
HIT = "HIT"
DENIAL = "NOT"
"""The class whose words no gap passes."""
TOKEN = re.compile(r"\s*(?:(?P<gap>\.\.\d*)|(?P<sign>[()|?^$])|(?P<name>[A-Z][A-Z0-9]+)\b|(?P<word>[^\s()|?^$]+))")


class PatternError(KnowledgeError):
    """A pattern of `alarms.yaml` that cannot be read; the message quotes it and says what is wrong."""


class Part(Protocol):
    """A piece of a pattern. Cursors are sets as in `Tape`."""

    def onward(self, tape: Tape, cursors: int) -> int:
        """Where it may end when it begins at any of the cursors."""
        ...

    def back(self, tape: Tape, cursors: int) -> int:
        """Where it may begin when it ends at any of the cursors."""
        ...

    def needs(self) -> "tuple[AnyWord, ...]":
        """Sets of words, the rarest first: of each at least one stands on every tape where this matches."""
        ...


@dataclass(frozen=True, slots=True)
class AnyWord:
    words: frozenset[str]
    beginnings: frozenset[str] = frozenset()

    def places(self, tape: Tape) -> int:
        found = tape.memory.get(id(self))
        if found is None:
            found = tape.memory[id(self)] = tape.where(self.words, self.beginnings)
        return found

    def onward(self, tape: Tape, cursors: int) -> int:
        return (cursors & self.places(tape)) << 1

    def back(self, tape: Tape, cursors: int) -> int:
        return (cursors >> 1) & self.places(tape)

    def needs(self) -> "tuple[AnyWord, ...]":
        return (self,)


@dataclass(frozen=True, slots=True)
class Gap:
    most: int
    denial: AnyWord

    def _free(self, tape: Tape) -> int:
        return tape.inside & ~self.denial.places(tape)

    def onward(self, tape: Tape, cursors: int) -> int:
        free = self._free(tape)
        for _ in range(self.most if cursors else 0):
            cursors |= (cursors & free) << 1
        return cursors

    def back(self, tape: Tape, cursors: int) -> int:
        free = self._free(tape)
        for _ in range(self.most if cursors else 0):
            cursors |= (cursors >> 1) & free
        return cursors

    def needs(self) -> tuple[AnyWord, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Edge:
    """`^` or `$`."""

    first: bool

    def onward(self, tape: Tape, cursors: int) -> int:
        return cursors & (tape.firsts if self.first else tape.lasts)

    back = onward

    def needs(self) -> tuple[AnyWord, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Maybe:
    part: Part

    def onward(self, tape: Tape, cursors: int) -> int:
        return cursors | self.part.onward(tape, cursors)

    def back(self, tape: Tape, cursors: int) -> int:
        return cursors | self.part.back(tape, cursors)

    def needs(self) -> tuple[AnyWord, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Either:
    parts: tuple[Part, ...]

    def onward(self, tape: Tape, cursors: int) -> int:
        return reduce(lambda found, part: found | part.onward(tape, cursors), self.parts, 0)

    def back(self, tape: Tape, cursors: int) -> int:
        return reduce(lambda found, part: found | part.back(tape, cursors), self.parts, 0)

    def needs(self) -> tuple[AnyWord, ...]:
        each = [part.needs() for part in self.parts]
        return (_any([needs[0] for needs in each]),) if all(each) else ()


@dataclass(frozen=True, slots=True)
class Chain:
    parts: tuple[Part, ...]

    def onward(self, tape: Tape, cursors: int) -> int:
        for part in self.parts:
            cursors = part.onward(tape, cursors)
            if not cursors:
                return 0
        return cursors

    def back(self, tape: Tape, cursors: int) -> int:
        for part in reversed(self.parts):
            cursors = part.back(tape, cursors)
            if not cursors:
                return 0
        return cursors

    def needs(self) -> tuple[AnyWord, ...]:
        return tuple(sorted((need for part in self.parts for need in part.needs()), key=_commonness))


EMPTY = Chain(())
"""What nothing is read as."""


@dataclass(frozen=True, slots=True)
class Softener:
    """`before HIT after`; without HIT `after` is None and `before` is the whole pattern."""

    before: Part
    after: Part | None

    def needs(self) -> tuple[AnyWord, ...]:
        """As of a part: of `before` and `after` together."""
        return self.before.needs() if self.after is None else Chain((self.before, self.after)).needs()


class Grammar:
    """Reads the patterns of one language, with its word classes."""

    def __init__(self, classes: Mapping[str, Sequence[str]]) -> None:
        self._phrases = classes
        self._classes: dict[str, Part] = {}
        self._opening: list[str] = []
        self._met: dict[AnyWord, AnyWord] = {}
        self._read: dict[str, Part] = {}
        """Tokens read before: the same few thousand words stand in every pattern, and a start reads them all."""
        self.vocabulary: set[str] = set()
        """Every whole word met so far."""
        self._denial = _flat(self._named(DENIAL)) if DENIAL in classes else AnyWord(frozenset())
        for name in classes:
            self._named(name)

    def pattern(self, text: str) -> Part:
        """A danger phrase. Raises PatternError."""
        return self._something(self._whole(text, text), text)

    def softener(self, text: str) -> Softener:
        """Raises PatternError."""
        before, *rest = re.split(rf"\b{HIT}\b", text)
        if len(rest) > 1:
            raise PatternError(f"{HIT} stands twice in the softener “{text}”.")
        if not rest:
            return Softener(self.pattern(text), None)
        softener = Softener(self._whole(before, text), self._whole(rest[0], text))
        if softener.before == softener.after == EMPTY:
            raise PatternError(f"the softener “{text}” would soften everything.")
        return softener

    @staticmethod
    def _something(part: Part, quoted: str) -> Part:
        if not part.needs():
            raise PatternError(f"“{quoted}” needs no word at all and would match every text.")
        return part

    def _named(self, name: str) -> Part:
        if name in self._opening:
            raise PatternError(f"the word class {name} is defined by itself.")
        if name not in self._phrases:
            raise PatternError(f"the word class {name} is not defined under words.")
        if name not in self._classes:
            self._opening.append(name)
            self._classes[name] = self._either([self._whole(phrase, phrase) for phrase in self._phrases[name]])
            self._opening.pop()
        return self._classes[name]

    def _whole(self, text: str, quoted: str) -> Part:
        tokens = [(str(found.lastgroup), found[0].strip()) for found in TOKEN.finditer(text.rstrip())]
        part, rest = self._choice(tokens, quoted)
        if rest:
            raise PatternError(f"a bracket closes that was never opened in “{quoted}”.")
        return part

    def _choice(self, tokens: list[tuple[str, str]], quoted: str) -> tuple[Part, list[tuple[str, str]]]:
        branches: list[list[Part]] = [[]]
        while tokens and tokens[0] != ("sign", ")"):
            (kind, sign), *tokens = tokens
            if (kind, sign) == ("sign", "|"):
                branches.append([])
            elif (kind, sign) == ("sign", "?"):
                if not branches[-1]:
                    raise PatternError(f"? follows nothing in “{quoted}”.")
                branches[-1].append(Maybe(branches[-1].pop()))
            elif (kind, sign) == ("sign", "("):
                part, tokens = self._choice(tokens, quoted)
                if not tokens:
                    raise PatternError(f"a bracket is never closed in “{quoted}”.")
                tokens = tokens[1:]
                branches[-1].append(part)
            else:
                if sign not in self._read:
                    self._read[sign] = self._single(kind, sign, quoted)
                branches[-1].append(self._read[sign])
        if len(branches) > 1 and not all(branches):
            raise PatternError(f"one side of | is empty in “{quoted}”.")
        return self._either([_chain(branch) for branch in branches]), tokens

    def _either(self, parts: Sequence[Part]) -> Part:
        """Single words among the parts become one look-up."""
        singles = [part for part in parts if isinstance(part, AnyWord)]
        others = [part for part in parts if not isinstance(part, AnyWord)]
        if not others:
            return self._kept(_any(singles))
        found: list[Part] = [*([self._kept(_any(singles))] if singles else []), *others]
        return found[0] if len(found) == 1 else Either(tuple(found))

    def _single(self, kind: str, text: str, quoted: str) -> Part:
        if kind == "sign":
            return Edge(first=text == "^")
        if kind == "gap":
            most = int(text[2:] or GAP)
            if most > MOST_GAP:
                raise PatternError(f"a gap passes {MOST_GAP} words at most in “{quoted}”.")
            return Gap(most, self._denial)
        if kind == "name":
            return self._named(text)
        words = [word for word in pieces(text.removesuffix("*")) if word != END]
        if not words:
            raise PatternError(f"“{text}” holds no word in “{quoted}”.")
        *whole, last = words
        self.vocabulary.update(whole)
        if text.endswith("*"):
            if len(last) > LONGEST_BEGINNING:
                raise PatternError(f"“{text}” begins with more than {LONGEST_BEGINNING} letters in “{quoted}”.")
            return _chain([*map(self._word, whole), self._kept(AnyWord(frozenset(), frozenset({last})))])
        self.vocabulary.add(last)
        return _chain([self._word(word) for word in words])

    def _word(self, word: str) -> AnyWord:
        return self._kept(AnyWord(frozenset({word})))

    def _kept(self, part: AnyWord) -> AnyWord:
        """One and the same part for the same words, because a tape remembers what a part has looked up."""
        return self._met.setdefault(part, part)


def _chain(parts: Sequence[Part]) -> Part:
    return parts[0] if len(parts) == 1 else Chain(tuple(parts))


def _any(parts: Sequence[AnyWord]) -> AnyWord:
    nothing: frozenset[str] = frozenset()
    return AnyWord(nothing.union(*(part.words for part in parts)), nothing.union(*(part.beginnings for part in parts)))


def _commonness(need: AnyWord) -> tuple[int, int]:
    """Few words and long ones are met least often."""
    listed = (*need.words, *need.beginnings)
    return len(listed), -min(map(len, listed), default=0)


def _flat(part: Part) -> AnyWord:
    if not isinstance(part, AnyWord):
        raise PatternError(f"the word class {DENIAL} may hold single words only.")
    return part
