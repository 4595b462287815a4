"""Names of regions and places in a message, and whether they say where its writer is. Called by `Speaker` and
`FollowUps`.

A place that is only mentioned ("my sister in the States", "I come from Ghana") must not move anybody there: their card
would name another country's helplines. So a place counts when the writer is said to be there, when it stands alone, or,
while nothing better is known, when a question ends with it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.knowledge.model import Knowledge
from bot.language.reading import Reading
from bot.matching.introducing import WORD, plain, words_in

ELSEWHERE = "elsewhere"
"""The region of all countries that have none of their own; only a plain statement leads there."""

_SENTENCE = re.compile(r"[.!?;:\n]+")
_CLAUSE = re.compile(r"[,()]+|\s[-–]\s")
_WHOSE = words_in("my our his her their your she he they")
_OTHERS = words_in(
    """
    sister brother cousin cousins aunt auntie uncle niece nephew friend friends mate mates family relatives relations
    people folks someone somebody colleague study trial
    """
)
_ALONG = words_in("back over up down out living who lives live is are was")
"""Words between somebody and the place they are in."""
_REACH = 3
"""Words before "in" among which a "my" makes the place somebody else's."""
_AT = r"(?:in|near|around|round|outside)(?: the)?"
_PLAINLY = re.compile(
    rf"(?:^|\s)(?:(?:i'm|i am|im|we're|we are|am|i live|i'm living|we live|i'm staying|i stay|we stay|based|here|now)"
    rf"(?: just| now| up| down| over| out| back| here)? {_AT}"
    rf"|^(?:(?:i|we|i've|we've|have|just|recently|only|and|hi|hello|so) )*mov(?:ed|ing)(?: back| up| down| over| here)?"
    rf"(?: from \w+)? to(?: the)?) $"
)
"""What stands before a place in which the writer plainly is."""
_AT_WORK = re.compile(
    r"(?:^|\s)(?:i'm|i am|im|we're|we are|(?:i|we) (?:live|work|run|manage|teach|lead|chair|own|serve|study|volunteer|"
    rf"come|represent)) (?P<what>(?:[\w&']+ ){{0,6}}){_AT} $"
)
"""The same with what they are or do: "I'm a health visitor in", "I run a nursery in"."""
_ENDS_IN = re.compile(rf"^(?P<before>(?:.* )?){_AT} $")


@dataclass(frozen=True, slots=True)
class Place:
    """A region that a message says, and its words without the region's name."""

    region: str
    around: tuple[str, ...]


class Places:
    """What the regions of the base are called in one language."""

    def __init__(self, language: str, knowledge: Knowledge) -> None:
        names: dict[str, str] = {}
        for region in sorted(knowledge.regions.values(), key=lambda region: region.id, reverse=True):
            for name in (region.name.get(language, ""), *region.also_called.get(language, ())):
                names[plain(name)] = region.id
        names.pop("", None)
        self._names = tuple(sorted(names.items(), key=lambda item: (-len(item[0]), item)))
        self._lineage = {id: knowledge.lineage(id) for id in knowledge.regions}

    def said(self, reading: Reading) -> Place | None:
        """The one region whose names the message says, longer names first; None when it says none or several."""
        words = tuple(WORD.findall(reading.cleaned))
        named = list(self._named(words))
        around = tuple(word for at, word in enumerate(words) if not any(at in where for where, _ in named))
        regions = {region for _, region in named}
        return Place(regions.pop(), around) if len(regions) == 1 else None

    def stated(self, reading: Reading) -> str | None:
        """The region in which the writer says they are; None when none is stated, or several that do not fit."""
        whole = tuple(WORD.findall(reading.cleaned))
        found: set[str] = set()
        for sentence in _SENTENCE.split(reading.cleaned):
            for clause in _CLAUSE.split(sentence):
                words = tuple(WORD.findall(clause))
                for where, region in self._named(words):
                    before, alone = _before(words, where), where == range(len(words))
                    plainly = bool(_PLAINLY.search(before)) or (alone and words == whole)
                    if plainly or (region != ELSEWHERE and (alone or _at_work(before))):
                        found.add(region)
        return self._finest(found)

    def asked(self, reading: Reading) -> str | None:
        """The region with which a question ends ("who can help in Scotland?") if the message names no other."""
        place = self.said(reading)
        if place is None or place.region == ELSEWHERE:
            return None
        sentences = [sentence for sentence in _SENTENCE.split(reading.cleaned) if sentence.strip()]
        for sentence in sentences:
            words = tuple(WORD.findall(sentence))
            for where, region in self._named(words):
                ends = _ENDS_IN.search(_before(words, where))
                if ends and where.stop == len(words) and not _is_of_others(ends["before"].split()):
                    return region
        return None

    def _named(self, words: tuple[str, ...]) -> Iterator[tuple[range, str]]:
        """Where names of regions stand among `words`, and whose they are; a longer name hides the shorter in it."""
        taken: set[int] = set()
        for name, region in self._names:
            length = name.count(" ") + 1
            for start in range(len(words) - length + 1):
                where = range(start, start + length)
                if taken.isdisjoint(where) and " ".join(words[start : start + length]) == name:
                    taken.update(where)
                    yield where, region

    def _finest(self, regions: set[str]) -> str | None:
        """The one that lies in all the others."""
        return next((one for one in sorted(regions) if regions <= set(self._lineage[one])), None)


def _before(words: tuple[str, ...], where: range) -> str:
    """The words before a place, with the "in" or "the" that some names begin with, and a closing space."""
    own = words[where.start : where.stop]
    led = [word for word in own[:2] if word in {"in", "the"}]
    return " ".join((*words[: where.start], *led, ""))


def _at_work(before: str) -> bool:
    found = _AT_WORK.search(before)
    return found is not None and (_WHOSE | _OTHERS | {"not", "about"}).isdisjoint(found["what"].split())


def _is_of_others(before: list[str]) -> bool:
    """Whether the words before "in" speak of somebody else: "my sister back in", "people in"."""
    said = list(before)
    while said and said[-1] in _ALONG:
        said.pop()
    return bool(said) and (said[-1] in _OTHERS or not _WHOSE.isdisjoint(said[-_REACH:]) or "not" in said[-_REACH:])
