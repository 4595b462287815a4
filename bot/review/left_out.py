"""Leave-one-out accuracy of every entry, and the pairs of entries that are read as one another. For `check`.

Each title, curated question and example message is ranked against all the others with itself left out, by local kernel
ridge alone: the learned head has seen them all. So has the encoder what its artefact learned from, and phrasings of one
writer resemble each other; both flatter. The figures compare entries with one another, and do not say how often people
will be understood.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from bot.knowledge.model import Capability, Topic, Words
from bot.language.encoder import Vectors
from bot.matching.ranking import OUTSIDE, Phrasing, Phrasings
from bot.review.evaluation import Share

EXAMPLES = 200
"""Example messages of an entry that are asked, drawn by `SEED` where it has more; every one is compared with. Of 86
entries and 20,000 phrasings 17,000 are asked then: 20 seconds on one core."""
SEED = 0
WORST = 15
PAIRS = 25
FEWEST = 2
"""A phrasing that went astray once says nothing about two entries."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A phrasing to be left out, the ids that are right for it, and its place among all phrasings."""

    place: int
    label: str
    accept: frozenset[str]
    curated: bool


@dataclass(frozen=True, slots=True)
class Mistaken:
    """`count` of the `of` phrasings of one entry were read as another, and `back` of the other's as the one."""

    meant: str
    read: str
    count: int
    of: int
    back: int

    def __str__(self) -> str:
        return f"{self.count:5d}  {100 * self.count / self.of:5.1f} %  {self.back:4d}  {self.meant} read as {self.read}"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What came back to its own entry, of one language's words. Entries by name, such as "topic:sleep"."""

    language: str
    entries: Mapping[str, Share]
    """In the order of the base; an entry with one phrasing alone has nothing to come back to, and misses it."""
    pairs: Sequence[Mistaken]
    """The most frequent first, then by name."""
    curated: Share
    examples: Share
    of_examples: int
    """How many there are, asked or not."""

    def text(self) -> str:
        """The figures, the entries that do worst, and the pairs that are confused most often."""
        drawn = f"at most {EXAMPLES} an entry, seed {SEED}"
        worst = sorted(self.entries.items(), key=lambda row: (percent(row[1]) or 0.0, row[0]))[:WORST]
        return "\n".join(
            [
                "Each phrasing left out and ranked among all others, by nearness alone.",
                "What the encoder learned from comes back too easily: compare the entries, not with what people write.",
                f"right first: {self.curated!s} titles and questions, {self.examples!s} example messages"
                f" (there are {self.of_examples}; {drawn})",
                "",
                "entries, worst first",
                *(f"{share!s:>18s}  {name}" for name, share in worst),
                "",
                "count   share  back  most often confused",
                *map(str, self.pairs[:PAIRS]),
            ]
        )


def percent(share: Share | None) -> float | None:
    return 100 * share.hits / share.of if share and share.of else None


def left_out(words: Words, vectors: Callable[[Sequence[str]], Vectors], examples: int = EXAMPLES) -> LeftOut:
    """`vectors`: texts to unit vectors (n, 384). A finer entry read for the one that it is part of is right."""
    phrasings, askable = _gathered(words)
    asked = _drawn(askable, examples)
    ridges = Phrasings(phrasings, vectors([one.text for one in phrasings])).left_out([one.place for one in asked])
    broader = {topic.id: topic.part_of for topic in words.topics.values() if topic.part_of}
    names = {id: f"topic:{id}" for id in words.topics} | {id: f"action:{id}" for id in words.capabilities}
    entries = {name: Share() for name in names.values()}
    curated, of_examples, astray = Share(), Share(), Counter[tuple[str, str]]()
    for one, ridge in zip(asked, ridges, strict=True):
        inside = [(-score, label) for label, score in ridge.scores.items() if label != OUTSIDE]
        read = min(inside)[1]
        right = not one.accept.isdisjoint({read, broader.get(read)})
        entries[names[one.label]].add(right)
        (curated if one.curated else of_examples).add(right)
        if not right:
            astray[names[one.label], names.get(read, f"{read} (no entry)")] += 1
    pairs = tuple(_mistaken(astray, entries))
    return LeftOut(words.language, entries, pairs, curated, of_examples, sum(not one.curated for one in askable))


def _mistaken(astray: Mapping[tuple[str, str], int], entries: Mapping[str, Share]) -> Iterator[Mistaken]:
    for (meant, read), count in sorted(astray.items(), key=lambda row: (-row[1], row[0])):
        if count >= FEWEST:
            yield Mistaken(meant, read, count, entries[meant].of, astray.get((read, meant), 0))


def _gathered(words: Words) -> tuple[list[Phrasing], list[Asked]]:
    """All that the matcher compares messages with, and those of entries: the same text under one label once."""
    entries: list[Topic | Capability] = [*words.topics.values(), *words.capabilities.values()]
    known = {entry.id for entry in entries}
    held: dict[tuple[str, str], tuple[frozenset[str], bool]] = {}
    for entry in entries:
        for text in (entry.title, *entry.questions):
            held[entry.id, text] = frozenset({entry.id}), True
    for example in words.examples.topics:
        held.setdefault((example.topic, example.text), (frozenset({example.topic, *example.also}), False))
    phrasings = [Phrasing(label, text) for label, text in held]
    asked = [
        Asked(place, label, accept, curated)
        for place, ((label, _), (accept, curated)) in enumerate(held.items())
        if label in known
    ]
    phrasings += [Phrasing(OUTSIDE, outside.text, outside.kind) for outside in words.examples.scope]
    return phrasings, asked


def _drawn(askable: Sequence[Asked], examples: int) -> list[Asked]:
    """Everything curated, and of each entry's example messages that many."""
    listed: defaultdict[str, list[Asked]] = defaultdict(list)
    for one in askable:
        if not one.curated:
            listed[one.label].append(one)
    random = Random(SEED)  # noqa: S311 - the same draw every time
    drawn = [one for label in sorted(listed) for one in random.sample(listed[label], min(examples, len(listed[label])))]
    return sorted([one for one in askable if one.curated] + drawn, key=lambda one: one.place)
