"""A quick look at many vectors: cosines in the few directions in which they differ most (a truncated singular value
decomposition). `matching` and `safety` look so at tens of thousands of vectors, and then closely at the best of them.

A product with 33,000 whole vectors takes 3.8 ms on one thread, one in 96 directions 0.2 ms; of the 16 nearest, 99 %
are among the 400 that look nearest so.
"""

import numpy as np
from numpy.typing import NDArray

from bot.language.encoder import Vectors

WIDTH = 96


class Narrow:
    """Vectors (n, 384), seen in `WIDTH` directions."""

    def __init__(self, vectors: Vectors) -> None:
        _, directions = np.linalg.eigh(vectors.T @ vectors)
        self._directions = np.ascontiguousarray(directions[:, -WIDTH:], np.float32)
        self._seen = np.ascontiguousarray(vectors @ self._directions, np.float32)

    def cosines(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """(n,) about the cosine of each to a unit vector (384,), mostly a little less."""
        near: NDArray[np.float32] = self._seen @ (vector @ self._directions)
        return near

    def nearest(self, vector: NDArray[np.float32], most: int) -> NDArray[np.intp]:
        """The places of the `most` that look nearest, in no order; of all where there are no more."""
        near = self.cosines(vector)
        if len(near) <= most:
            return np.arange(len(near))
        return np.argpartition(-near, most)[:most]
