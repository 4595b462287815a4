"""Ranks labels for a vector by local kernel ridge regression over their nearest phrasings, summed with a learned head.

A label is an id of a topic or capability, with an entry or not, or `OUTSIDE`. Kernel ridge needs no training step: a
new entry counts from the moment its questions stand in the base. Called by `EncoderMatcher`; `review` asks each
phrasing with itself left out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.language.encoder import Vectors
from bot.language.narrow import Narrow

OUTSIDE = ""
"""The label of all messages that the knowledge base must not answer; it always takes part."""

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
BLOCK = 256
"""Phrasings whose cosines to all others are taken in one product: 30 MB for 30,000 phrasings."""


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
        self._places = np.argsort(order)
        self._rows = [phrasings[row] for row in order]
        self._vectors = np.ascontiguousarray(vectors[order], np.float32)
        labels = np.array([row.label for row in self._rows])
        names, self._starts = np.unique(labels, return_index=True)
        self._ends = np.append(self._starts[1:], len(labels))
        self.labels = tuple(str(name) for name in names)
        self._sums = np.add.reduceat(self._vectors, self._starts, axis=0)
        self._centroids = self._sums / np.maximum(np.linalg.norm(self._sums, axis=1, keepdims=True), 1e-9)
        self._narrow = Narrow(self._vectors)

    def ridge(self, vector: NDArray[np.float32]) -> Ridge:
        """Local kernel ridge regression for one unit vector (384,), with one-hot targets a label."""
        rivals = self._rivals(self._centroids @ vector, self._narrow.cosines(vector))
        return self._regress(vector, {at: self._vectors[self._starts[at] : self._ends[at]] @ vector for at in rivals})

    def left_out(self, given: Sequence[int]) -> Iterator[Ridge]:
        """What `ridge` would say of each of these phrasings (places as they were given) if that one were not there.

        A label that has no other phrasing cannot win.
        """
        for start in range(0, len(given), BLOCK):
            rows = self._places[list(given[start : start + BLOCK])]
            vectors = self._vectors[rows]
            cosines, centrals = vectors @ self._vectors.T, vectors @ self._centroids.T
            for row, vector, near, central in zip(rows, vectors, cosines, centrals, strict=True):
                own = int(np.searchsorted(self._starts, row, side="right")) - 1
                rest = self._sums[own] - vector
                central[own] = rest @ vector / max(float(np.linalg.norm(rest)), 1e-9)
                near[row] = -np.inf
                rivals = self._rivals(central, near)
                yield self._regress(vector, {at: near[self._starts[at] : self._ends[at]] for at in rivals})

    def _rivals(self, central: NDArray[np.float32], near: NDArray[np.float32]) -> list[int]:
        """Places of the closest labels, closest first, by half centroid and half nearest phrasing; `OUTSIDE` last."""
        closeness = 0.5 * np.maximum.reduceat(near, self._starts) + 0.5 * central
        outside = [self.labels.index(OUTSIDE)] if OUTSIDE in self.labels else []
        closest = [int(at) for at in np.argsort(-closeness, kind="stable") if at not in outside]
        return [*closest[:RIVALS], *outside]

    def _regress(self, vector: NDArray[np.float32], cosines: Mapping[int, NDArray[np.float32]]) -> Ridge:
        """`cosines` to the phrasings of the rivals, -inf where one is left out."""
        chosen = [at for at in cosines if self.labels[at] != OUTSIDE]
        nearest_at = min(chosen, key=lambda at: (-float(cosines[at].max()), at), default=None)
        outside = self._outside(cosines)
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

    def _outside(self, cosines: Mapping[int, NDArray[np.float32]]) -> NDArray[np.intp]:
        at = self.labels.index(OUTSIDE) if OUTSIDE in self.labels else None
        return np.zeros(0, np.intp) if at is None else self._nearest(at, cosines[at])

    def _nearest(self, at: int, cosines: NDArray[np.float32]) -> NDArray[np.intp]:
        """Rows of a label's phrasings, nearest first."""
        near = np.argsort(-cosines, kind="stable")[:PHRASINGS]
        near = near[np.isfinite(cosines[near])]
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
