"""Danger judged by example, for what no rule foresees. Used by `screening`.

Two witnesses are weighed together: the head that was tuned with the encoder, and the labels of the nearest example
messages (Nadaraya-Watson regression with an exponential kernel on the cosine). Neighbours count from the moment an
editor adds an example; the head only after the next tuning.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.model import AlarmExample
from bot.language.encoder import ALARM_LABELS, Heads, Vectors
from bot.language.narrow import Narrow

NEIGHBOURS = 16
STEEPNESS = 8.0
"""Of the kernel exp(STEEPNESS * (cosine - 1))."""
NOTHING_NEAR = 0.2
"""Weight of an unseen harmless neighbour: what is far from every example counts as harmless."""
NEIGHBOUR_SHARE = 0.5
"""Weight of the neighbours beside the head."""
LOOKED_AT = 400
"""Examples that are looked at closely, of all the nearest at a first look."""
KNOWN_FROM = 0.45
"""Cosine to the nearest CARD example below which nobody can say which danger it is: family `general`."""
UNKNOWN = "general"
CARD = ALARM_LABELS.index("CARD")
SUPPORT = ALARM_LABELS.index("SUPPORT")


@dataclass(frozen=True, slots=True)
class Judgement:
    """The likeliest danger in one message. `card` and `support` are chances between 0 and 1."""

    family: str
    card: float
    support: float
    nearest: float
    """Cosine to the nearest CARD example; -1.0 where there is none."""


NO_DANGER = Judgement(UNKNOWN, 0.0, 0.0, -1.0)


class Learned:
    """The examples of one language under one encoder."""

    def __init__(self, examples: Sequence[AlarmExample], vectors: Vectors, heads: Heads) -> None:
        """`vectors` (n, 384), unit length, in the order of `examples`. Raises ValueError when they do not fit."""
        if len(examples) != len(vectors):
            raise ValueError(f"{len(examples)} alarm examples have {len(vectors)} vectors")
        self._heads = heads
        self._vectors = np.ascontiguousarray(vectors, np.float32)
        labels = np.array([ALARM_LABELS.index(example.label) for example in examples], np.intp)
        self._labels = np.eye(len(ALARM_LABELS), dtype=np.float32)[labels]
        self._cards = np.flatnonzero(labels == CARD)
        self._families = tuple(examples[int(at)].family for at in self._cards)
        self._narrow = Narrow(self._vectors)
        self._narrow_cards = Narrow(self._vectors[self._cards])

    def judge(self, vectors: Vectors) -> Judgement:
        """The most dangerous of the windows (k, 384) of a text; `NO_DANGER` for none."""
        if not len(vectors):
            return NO_DANGER
        chances = (1 - NEIGHBOUR_SHARE) * softmax(self._heads.alarm_logits(vectors))
        chances += NEIGHBOUR_SHARE * np.stack([self._by_neighbours(vector) for vector in vectors])
        at = int(np.argmax(chances[:, CARD]))
        family, nearest = self._family(vectors[at])
        card = float(chances[at, CARD])
        return Judgement(family, card, min(float(chances[:, SUPPORT].max()), 1 - card), nearest)

    def _by_neighbours(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """(3,) chances from the labels of the nearest examples."""
        rows = self._narrow.nearest(vector, LOOKED_AT)
        cosines = self._vectors[rows] @ vector
        order = np.argsort(-cosines, kind="stable")[:NEIGHBOURS]
        votes: NDArray[np.float32] = np.exp(STEEPNESS * (cosines[order] - 1)) @ self._labels[rows[order]]
        votes[ALARM_LABELS.index("NONE")] += NOTHING_NEAR
        chances: NDArray[np.float32] = votes / votes.sum()
        return chances

    def _family(self, vector: NDArray[np.float32]) -> tuple[str, float]:
        if not len(self._cards):
            return UNKNOWN, -1.0
        near = self._narrow_cards.nearest(vector, NEIGHBOURS)
        cosines = self._vectors[self._cards[near]] @ vector
        at = int(cosines.argmax())
        return (self._families[int(near[at])] if cosines[at] >= KNOWN_FROM else UNKNOWN), float(cosines[at])


def softmax(logits: Vectors) -> Vectors:
    """Chances that add up to 1 in every row."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    chances: Vectors = powers / powers.sum(axis=1, keepdims=True)
    return chances
