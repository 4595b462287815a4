"""Ranks labels for a vector by local kernel ridge regression over their nearest phrasings, summed with a learned head.

A label is an id of a topic or capability, with an entry or not, or `OUTSIDE`. Kernel ridge needs no training step: a
new entry counts from the moment its questions stand in the base. Called by `EncoderMatcher`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.language.encoder import Vectors

OUTSIDE = ""
"""The label of all messages that the knowledge base must not answer; it always takes part."""

SHORTLIST = 60
"""Labels whose phrasings are looked at, by nearness of their centroid."""
RIVALS = 10
"""Labels that take part in the ridge."""
PHRASINGS = 12
"""Nearest phrasings a label brings to the ridge."""
STEEPNESS = 3.0
"""Of the kernel exp(STEEPNESS * (cosine - 1))."""
RIDGE = 0.1
RIDGE_SHARE = 3.0
"""Weight of the ridge score beside the head's probability. Of 458 messages in scope in tests/questions/en, 80.3 % were
right first at 1, 82.5 at 2, 84.1 at 3 and 4: the head is sure of itself where the message is unlike its examples."""


@dataclass(frozen=True, slots=True)
class Phrasing:
    """Something a person might type, and the label it stands for. `kind` tells messages of `OUTSIDE` apart."""

    label: str
    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Ridge:
    """Outcome of one local regression: scores near 1 for a label whose phrasings say the same, near 0 for others."""

    scores: Mapping[str, float]
    nearest: Phrasing
    cosine: float
    """Between the message and `nearest`, `OUTSIDE` left out."""
    kinds: tuple[str, ...]
    """Of the nearest messages of `OUTSIDE`, nearest first."""


class Phrasings:
    """Every phrasing of a knowledge base with its vector, sorted by label for contiguous reading."""

    def __init__(self, phrasings: Sequence[Phrasing], vectors: Vectors) -> None:
        """`vectors` (n, 384) in the order of `phrasings`; n >= 1."""
        order = sorted(range(len(phrasings)), key=lambda row: phrasings[row].label)
        self._rows = [phrasings[row] for row in order]
        self._vectors = np.ascontiguousarray(vectors[order], np.float32)
        labels = np.array([row.label for row in self._rows])
        names, self._starts = np.unique(labels, return_index=True)
        self._ends = np.append(self._starts[1:], len(labels))
        self.labels = tuple(str(name) for name in names)
        sums = np.add.reduceat(self._vectors, self._starts, axis=0)
        self._centroids = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)

    def ridge(self, vector: NDArray[np.float32]) -> Ridge:
        """Local kernel ridge regression for one unit vector (384,), with one-hot targets a label."""
        central = self._centroids @ vector
        short = np.argsort(-central, kind="stable")[:SHORTLIST]
        cosines = {int(at): self._vectors[self._starts[at] : self._ends[at]] @ vector for at in short}
        closeness = {at: 0.5 * float(near.max()) + 0.5 * float(central[at]) for at, near in cosines.items()}
        inside = sorted((at for at in closeness if self.labels[at] != OUTSIDE), key=lambda at: (-closeness[at], at))
        chosen = inside[:RIVALS]
        nearest_at = min(inside, key=lambda at: (-float(cosines[at].max()), at), default=None)
        outside = self._outside(vector)
        groups = [self._nearest(at, cosines[at]) for at in chosen] + ([outside] if len(outside) else [])
        names = [self.labels[at] for at in chosen] + ([OUTSIDE] if len(outside) else [])
        rows = np.concatenate(groups)
        weights = _solve(self._vectors[rows], vector)
        scores, at = {}, 0
        for name, group in zip(names, groups, strict=True):
            scores[name] = float(weights[at : at + len(group)].sum())
            at += len(group)
        best = rows[0] if nearest_at is None else self._starts[nearest_at] + int(cosines[nearest_at].argmax())
        kinds = tuple(self._rows[row].kind for row in outside)
        return Ridge(scores, self._rows[int(best)], float(self._vectors[best] @ vector), kinds)

    def _outside(self, vector: NDArray[np.float32]) -> NDArray[np.intp]:
        if OUTSIDE not in self.labels:
            return np.zeros(0, np.intp)
        at = self.labels.index(OUTSIDE)
        return self._nearest(at, self._vectors[self._starts[at] : self._ends[at]] @ vector)

    def _nearest(self, at: int, cosines: NDArray[np.float32]) -> NDArray[np.intp]:
        """Rows of a label's phrasings, nearest first."""
        near = np.argsort(-cosines, kind="stable")[:PHRASINGS]
        rows: NDArray[np.intp] = near + self._starts[at]
        return rows


def _solve(vectors: Vectors, vector: NDArray[np.float32]) -> NDArray[np.float64]:
    """(K + RIDGE I)^-1 k: how much each phrasing's target counts."""
    gram = np.exp(STEEPNESS * (vectors @ vectors.T - 1)).astype(np.float64)
    gram[np.diag_indices_from(gram)] += RIDGE
    return np.linalg.solve(gram, np.exp(STEEPNESS * (vectors @ vector - 1)).astype(np.float64))


def combine(head: Mapping[str, float], ridge: Mapping[str, float], broader: Mapping[str, str]) -> dict[str, float]:
    """Score by label: head probability plus RIDGE_SHARE times the ridge score held to 0..1. `OUTSIDE` has none.

    A label that the head has no column for takes its broader label's probability where it names one (`broader`). Any
    other new label gets its share of the squared ridge scores as probability, and the head keeps the rest.
    """
    held = {label: min(1.0, max(0.0, score)) for label, score in ridge.items() if label != OUTSIDE}
    squares = sum(score * score for score in held.values())
    lent = {label: head[broader[label]] for label in held if label not in head and broader.get(label) in head}
    new = {
        label: score * score / squares
        for label, score in held.items()
        if label not in head and label not in lent and squares > 0
    }
    left = 1.0 - sum(new.values())
    known = {label: left * chance for label, chance in (dict(head) | lent).items()}
    return {label: chance + RIDGE_SHARE * held.get(label, 0.0) for label, chance in (known | new).items()}


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float64]:
    """Along the last axis."""
    shifted = np.exp(logits.astype(np.float64) - logits.max(axis=-1, keepdims=True))
    chances: NDArray[np.float64] = shifted / shifted.sum(axis=-1, keepdims=True)
    return chances
