"""Danger judged by example, for what no rule foresees. Used by `screening`.

Three witnesses are weighed together: the head that was tuned with the encoder, the labels of the nearest example
messages (Nadaraya-Watson regression with an exponential kernel on the cosine), and the odds of the words themselves.
Neighbours and words count from the moment an editor adds an example; the head only after the next tuning.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.model import AlarmExample
from bot.language.cleaning import clean
from bot.language.encoder import ALARM_LABELS, Heads, Vectors
from bot.safety.word_odds import WordOdds

NEIGHBOURS = 16
STEEPNESS = 8.0
"""Of the kernel exp(STEEPNESS * (cosine - 1))."""
NOTHING_NEAR = 0.2
"""Weight of an unseen harmless neighbour: what is far from every example counts as harmless."""
NEIGHBOUR_SHARE = 0.5
"""Weight of the neighbours beside the head."""
ODDS_SHARE = 0.6
"""Weight of the words' log odds, added to the log odds of the other two. Of the learned layer alone, on messages that
nothing was learned from: with a card for 85 % of the dangerous ones of tests/alarms/en.yaml, 1.1 % of the curated
questions and 3.7 % of innocent scary ones had one too; with alarm examples alone as neighbours, 1.8 and 2.6 %."""
SUREST = 1e-4
"""Chances nearer to 0 or 1 than this count as this, so that no witness outvotes the others for ever."""
MOST_ODDS = 30.0
"""Log odds beyond this change nothing and could not be computed."""
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
        texts = [(example.label == "CARD", clean(example.text)) for example in examples]
        self._odds = WordOdds([text for card, text in texts if card], [text for card, text in texts if not card])

    def judge(self, text: str, vectors: Vectors) -> Judgement:
        """The most dangerous of the windows (k, 384) of the text; `NO_DANGER` for none. `text` is cleaned."""
        if not len(vectors):
            return NO_DANGER
        # One product a window: a matrix product of few rows takes five times as long.
        cosines = np.stack([self._vectors @ vector for vector in vectors])
        chances = (1 - NEIGHBOUR_SHARE) * softmax(self._heads.alarm_logits(vectors))
        chances += NEIGHBOUR_SHARE * self._by_neighbours(cosines)
        at = int(np.argmax(chances[:, CARD]))
        family, nearest = self._family(cosines[at])
        card = _shifted(float(chances[at, CARD]), ODDS_SHARE * self._odds.of(text))
        return Judgement(family, card, min(float(chances[:, SUPPORT].max()), 1 - card), nearest)

    def _by_neighbours(self, cosines: Vectors) -> Vectors:
        """(k, 3) chances from the labels of the nearest examples."""
        nearest = np.argsort(-cosines, axis=1, kind="stable")[:, :NEIGHBOURS]
        weights = np.exp(STEEPNESS * (np.take_along_axis(cosines, nearest, axis=1) - 1))
        votes: NDArray[np.float32] = np.einsum("kn,knl->kl", weights, self._labels[nearest])
        votes[:, ALARM_LABELS.index("NONE")] += NOTHING_NEAR
        chances: Vectors = votes / votes.sum(axis=1, keepdims=True)
        return chances

    def _family(self, cosines: NDArray[np.float32]) -> tuple[str, float]:
        if not len(self._cards):
            return UNKNOWN, -1.0
        near = cosines[self._cards]
        at = int(near.argmax())
        return (self._families[at] if near[at] >= KNOWN_FROM else UNKNOWN), float(near[at])


def _shifted(chance: float, log_odds: float) -> float:
    certain = min(max(chance, SUREST), 1 - SUREST)
    log_odds += math.log(certain / (1 - certain))
    return 1 / (1 + math.exp(min(-log_odds, MOST_ODDS)))


def softmax(logits: Vectors) -> Vectors:
    """Chances that add up to 1 in every row."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    chances: Vectors = powers / powers.sum(axis=1, keepdims=True)
    return chances
