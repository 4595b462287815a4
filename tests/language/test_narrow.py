"""A quick look finds what a close one would."""

import numpy as np
import pytest

from bot.language.encoder import DIMENSIONS, Vectors
from bot.language.narrow import WIDTH, Narrow


def directions(many: int, seed: int = 0) -> Vectors:
    """Unit vectors that differ in few directions much and in many a little, as those of sentences do."""
    drawn = np.random.default_rng(seed).normal(size=(many, DIMENSIONS)) * np.linspace(1, 0.02, DIMENSIONS) ** 2
    vectors: Vectors = (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)
    return vectors


def test_the_nearest_are_among_those_that_look_near() -> None:
    vectors = directions(3000)
    narrow = Narrow(vectors)
    found = [
        np.isin(np.argsort(-(vectors @ one))[:16], narrow.nearest(one, 100)).mean() for one in directions(50, seed=1)
    ]
    assert np.mean(found) > 0.95


def test_what_lies_in_few_directions_is_seen_exactly() -> None:
    vectors = np.zeros((40, DIMENSIONS), np.float32)
    vectors[np.arange(40), np.arange(40)] = 1
    assert WIDTH >= 40
    np.testing.assert_allclose(Narrow(vectors).cosines(vectors[7]), np.eye(40)[7], atol=1e-5)


@pytest.mark.parametrize("many", [0, 1, 5])
def test_fewer_than_asked_for_are_all_near(many: int) -> None:
    narrow = Narrow(directions(max(1, many))[:many])
    assert list(narrow.nearest(directions(1)[0], 5)) == list(range(many))
