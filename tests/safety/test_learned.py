"""Danger judged by example."""

import numpy as np
import pytest

from bot.knowledge.model import AlarmExample
from bot.language.encoder import DIMENSIONS
from bot.safety.learned import NO_DANGER, Learned
from tests.safety.small import EXAMPLE_VECTORS, EXAMPLES, heads, towards

JUDGE = Learned(EXAMPLES, EXAMPLE_VECTORS, heads())


def test_close_to_an_example_takes_its_family() -> None:
    judged = JUDGE.judge(towards(0.9))
    assert judged.family == "shaking"
    assert judged.card > 0.7 > judged.support
    assert judged.nearest == pytest.approx(0.9, abs=1e-3)


def test_support_is_told_from_card() -> None:
    judged = JUDGE.judge(towards(0, 0.95))
    assert judged.support > 0.7 > judged.card


def test_far_from_everything_is_harmless() -> None:
    judged = JUDGE.judge(towards())
    assert judged.card + judged.support < 0.2
    assert judged.family == "general"


def test_danger_without_a_likeness_is_general() -> None:
    judged = JUDGE.judge(towards(0, 0, 0, 0, 1))
    assert judged.family == "general"
    assert judged.card > 0.4


def test_the_worst_window_counts() -> None:
    windows = np.concatenate([towards(0, 0, 1), towards(0, 0, 0, 0.95), towards(0, 0, 1)])
    assert JUDGE.judge(windows).family == "suicide"


def test_nothing_to_read_is_no_danger() -> None:
    assert JUDGE.judge(np.zeros((0, DIMENSIONS), np.float32)) == NO_DANGER


def test_without_card_examples_the_head_still_speaks() -> None:
    judged = Learned(EXAMPLES[1:3], EXAMPLE_VECTORS[1:3], heads(2)).judge(towards(1))
    assert (judged.family, judged.nearest) == ("general", -1.0)
    assert judged.card > 0.4


def test_no_examples_at_all() -> None:
    assert Learned((), EXAMPLE_VECTORS[:0], heads()).judge(towards(1)).card > 0.3


def test_examples_and_vectors_must_fit() -> None:
    with pytest.raises(ValueError, match="1 alarm examples have 4 vectors"):
        Learned((AlarmExample("NONE", "", "x"),), EXAMPLE_VECTORS, heads())
