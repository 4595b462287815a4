"""How the ranking's time and memory grow with the knowledge base, beside its peers: part of `evaluate --latency`.

The bases are made, not written: each entry has a direction in the space of vectors and ten phrasings near it, and each
phrasing has words, most of them common to all entries and some its entry's own, for the peers that read words. What
ranking costs depends on how many there are and not on what they say. Memory is that of the whole process, with the
shipped knowledge base, the encoder and one made base loaded; the peers are measured last, so none of it is theirs.
"""

import gc
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np

from bot.conversation.scene import Mind
from bot.language.encoder import DIMENSIONS, Vectors
from bot.matching.ranking import Phrasing, Phrasings
from bot.review.latency import HEADING, ROUNDS, SHORT, Times, messages, timed
from bot.review.machine import memory_mib
from bot.review.peers import PEERS, Peer

ENTRIES = (75, 500, 10_000)
PER_ENTRY = 10
QUERIES = 200
PEER_QUERIES = 30
SPREAD = 0.8
"""Length of the noise added to an entry's unit direction: phrasings of one entry then have a cosine of about 0.6."""
COMMON_WORDS, OWN_WORDS, SHARE_OWN = 2000, 8, 0.3
WORDS = 9
LARGEST_MODEL = 5_000_000
"""Entries times phrasings above which a linear model of one column an entry is not tried: its weights alone would take
more memory than any machine that runs the bot has."""
GOAL_ENTRIES, GOAL_P99_MS, GOAL_MIB = 10_000, 12.0, 600.0


@dataclass(frozen=True, slots=True)
class Growth:
    """One way of ranking over one made base."""

    name: str
    entries: int
    times: Times | None
    """None where it could not be measured; then `why_not` says so."""
    memory_mib: float | None = None
    why_not: str = ""


def made_texts(entries: int, seed: int = 0) -> list[Phrasing]:
    """`PER_ENTRY` phrasings of each entry; the same on every machine."""
    random = Random(seed)  # noqa: S311 - repeatable texts, no secret
    # Zipf's law: a word's use falls with its rank.
    weights = [1 / rank for rank in range(1, COMMON_WORDS + 1)]
    common = [f"word{_letters(at)}" for at in range(COMMON_WORDS)]
    made = []
    for entry in range(entries):
        own = [f"own{_letters(entry)}x{_letters(at)}" for at in range(OWN_WORDS)]
        for _ in range(PER_ENTRY):
            words = random.choices(common, weights, k=WORDS)
            words = [random.choice(own) if random.random() < SHARE_OWN else word for word in words]
            made.append(Phrasing(f"entry-{entry}", " ".join(words)))
    return made


def made_vectors(entries: int, seed: int = 0) -> Vectors:
    """(entries * PER_ENTRY, 384) unit vectors, an entry's phrasings together."""
    generator = np.random.default_rng(seed)
    directions = generator.standard_normal((entries, DIMENSIONS), np.float32)
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    vectors = generator.standard_normal((entries * PER_ENTRY, DIMENSIONS), np.float32)
    vectors *= SPREAD / np.sqrt(DIMENSIONS)
    vectors += np.repeat(directions, PER_ENTRY, axis=0)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def own(mind: Mind, examples: Sequence[str], entries: int) -> tuple[Growth, Growth]:
    """Reading and ranking a message of up to 25 words, and ranking alone, over a made base of that many entries."""
    base = Phrasings(made_texts(entries), made_vectors(entries))
    gc.collect()
    texts = [messages(examples, SHORT, QUERIES, seed) for seed in range(ROUNDS)]
    readings = [[mind.read(text) for text in each] for each in texts]
    alone = timed(lambda reading: [base.ridge(vector) for vector in reading.corrected_vectors], readings)
    whole = timed(lambda text: [base.ridge(vector) for vector in mind.read(text).corrected_vectors], texts)
    memory = memory_mib()
    return Growth("this bot: read and rank", entries, whole, memory), Growth("this bot: rank", entries, alone, memory)


def peer(one: Peer, entries: int, queries: int = PEER_QUERIES) -> Growth:
    """A peer ranking a phrasing of the made base with one of its words left out."""
    phrasings = made_texts(entries)
    if one.package == "scikit-learn" and entries * len(phrasings) > LARGEST_MODEL:
        return Growth(one.name, entries, None, why_not="not tried: one column of weights an entry")
    try:
        rank = one.learn(phrasings)
    except ModuleNotFoundError:
        return Growth(one.name, entries, None, why_not=f"needs {one.package}")
    asked = [_shortened(phrasings, queries, seed) for seed in range(ROUNDS)]
    return Growth(one.name, entries, timed(lambda text: rank([text]), asked))


def _shortened(phrasings: Sequence[Phrasing], count: int, seed: int) -> list[str]:
    random = Random(seed)  # noqa: S311 - a repeatable choice, no secret
    chosen = random.sample(phrasings, min(count, len(phrasings)))
    return [one.text.rpartition(" ")[0] for one in chosen]


def measured(mind: Mind, examples: Sequence[str], entries: Sequence[int] = ENTRIES) -> list[Growth]:
    """The bot over every base first, so that its memory is its own; then the peers."""
    ours = [row for count in entries for row in own(mind, examples, count)]
    return ours + [peer(one, count) for count in entries for one in PEERS]


def table(rows: Sequence[Growth]) -> str:
    lines = [f"{'made bases of 10 phrasings an entry':42s}{HEADING}{'MiB':>8s}"]
    for row in sorted(rows, key=lambda row: row.entries):
        name = f"{row.entries:6,d} entries, {row.name}"
        memory = "" if row.memory_mib is None else f"{row.memory_mib:8.0f}"
        cells = f"{row.times.cells()}{memory}" if row.times else f"   {row.why_not}"
        lines += [f"{name:42s}{cells}{_against_goal(row)}"]
    return "\n".join(lines)


def _against_goal(row: Growth) -> str:
    if row.times is None or row.memory_mib is None or row.entries != GOAL_ENTRIES:
        return ""
    kept = row.times.p99_ms <= GOAL_P99_MS and row.memory_mib <= GOAL_MIB
    return f"   goal p99 {GOAL_P99_MS:g}, {GOAL_MIB:g} MiB: {'reached' if kept else 'missed'}"


def as_json(rows: Sequence[Growth]) -> list[Mapping[str, Any]]:
    return [
        {
            "name": row.name,
            "entries": row.entries,
            "times": row.times.as_json() if row.times else None,
            "memory_mib": row.memory_mib,
            "why_not": row.why_not,
        }
        for row in rows
    ]


def _letters(number: int) -> str:
    """The number in letters, so that no reader of words takes it for anything else."""
    digits = "abcdefghij"
    return "".join(digits[int(digit)] for digit in str(number))
