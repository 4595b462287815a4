"""Every way a decision can go, and the numbers beneath it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.encoder import Vectors
from bot.matching.calibration import Calibrator, Signals, chance_ours, chance_right
from bot.matching.decision import CUT_OFFS, CutOffs, Ranked, decide, is_sure
from bot.matching.matcher import Decision, DeclineKind
from bot.matching.ranking import OUTSIDE, RIDGE_SHARE, Phrasing, Phrasings, combine, softmax

ENTRIES = {"one": False, "two": False, "three": False, "clinical": True}


def ranked(*scores: tuple[str, float], ours: float = 0.9, right: float = 0.9) -> Ranked:
    return Ranked(scores, ENTRIES, ours, right, DeclineKind.LEGAL)


def test_sure_and_ours_is_answered_with_near_alternatives() -> None:
    verdict = decide(ranked(("one", 1.5), ("two", 0.4), ("rival", 0.3), ("three", 0.01)))
    assert (verdict.decision, verdict.labels) == (Decision.ANSWER, ("one", "two"))


def test_a_clinical_entry_needs_more() -> None:
    between = (CUT_OFFS.answer_right + CUT_OFFS.clinical_right) / 2
    assert decide(ranked(("one", 1.0), right=between)).decision is Decision.ANSWER
    assert decide(ranked(("clinical", 1.0), right=between)).decision is Decision.OFFER


@pytest.mark.parametrize(("ours", "right"), [(0.9, 0.5), (CUT_OFFS.answer_ours - 0.01, 0.99)])
def test_unsure_offers_three_at_most(ours: float, right: float) -> None:
    verdict = decide(ranked(("one", 0.5), ("two", 0.4), ("three", 0.4), ("clinical", 0.3), ours=ours, right=right))
    assert (verdict.decision, verdict.labels) == (Decision.OFFER, ("one", "two", "three"))


def test_not_ours_is_declined_with_its_kind() -> None:
    assert decide(ranked(("one", 2.0), ours=CUT_OFFS.offer_ours - 0.01)).kind is DeclineKind.LEGAL


def test_behind_a_rival_only_near_entries_are_offered() -> None:
    assert decide(ranked(("rival", 1.0), ("one", 0.5), ("two", 0.1))).labels == ("one",)
    far = decide(ranked(("rival", 1.0), ("one", 0.1)))
    assert (far.decision, far.kind, far.labels) == (Decision.DECLINE, DeclineKind.UNKNOWN, ())


def test_cut_offs_stand_in_one_place() -> None:
    strict = CutOffs(answer_right=0.95)
    assert decide(ranked(("one", 1.0)), strict).decision is Decision.OFFER
    assert not is_sure(ranked(("one", 1.0)), strict)
    assert is_sure(ranked(("one", 1.0)))


@given(st.lists(st.floats(-1e6, 1e6), min_size=5, max_size=5))
def test_chances_are_chances(numbers: list[float]) -> None:
    signals = Signals(*numbers)
    assert 0 <= chance_ours(signals) <= 1
    assert 0 <= chance_right(signals) <= 1


def test_chances_rise_with_what_speaks_for_them() -> None:
    low, high = Signals(0.4, 0.3, 0.1, 0.6, -3), Signals(1.6, 0.1, 0.9, 0.0, 5)
    assert chance_ours(low) < 0.2 < 0.9 < chance_ours(high)
    assert chance_right(low) < 0.5 < 0.85 < chance_right(high)


def test_a_calibrator_wants_a_feature_a_weight() -> None:
    with pytest.raises(ValueError, match="zip"):
        Calibrator(0.0, (1.0, 2.0))((1.0,))


def unit(rows: list[list[float]]) -> Vectors:
    vectors = np.array(rows, np.float32)
    units: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return units


def test_the_ridge_finds_the_phrasings_own_label() -> None:
    vectors = unit([[1, 0, 0], [1, 0.2, 0], [0, 1, 0], [0, 1, 0.2], [0, 0, 1]])
    labels = ["a", "a", "b", "b", OUTSIDE]
    phrasings = Phrasings([Phrasing(label, str(at), "spam") for at, label in enumerate(labels)], vectors)
    ridge = phrasings.ridge(vectors[3])
    assert max(ridge.scores, key=lambda label: ridge.scores[label]) == "b"
    assert (ridge.nearest.text, round(ridge.cosine, 3)) == ("3", 1.0)
    assert ridge.kinds == ("spam",)


def test_ties_go_to_the_lower_id() -> None:
    vectors = unit([[1, 0], [1, 0]])
    for order in (("a", "b"), ("b", "a")):
        ridge = Phrasings([Phrasing(label, label) for label in order], vectors).ridge(vectors[0])
        assert ridge.nearest.label == "a"
        assert ridge.kinds == ()


def test_only_messages_outside_still_give_a_ridge() -> None:
    vectors = unit([[1, 0], [0, 1]])
    ridge = Phrasings([Phrasing(OUTSIDE, "x", "spam"), Phrasing(OUTSIDE, "y", "pets")], vectors).ridge(vectors[1])
    assert ridge.kinds[0] == "pets"
    assert set(ridge.scores) == {OUTSIDE}


def test_a_new_label_takes_its_share_from_the_head() -> None:
    scores = combine({"old": 0.9, "other": 0.1}, {"old": 0.1, "new": 0.9, OUTSIDE: 0.5}, {})
    assert scores["new"] > 1.5 > scores["old"]
    assert OUTSIDE not in scores


def test_a_finer_label_takes_its_broader_ones_probability() -> None:
    scores = combine({"broad": 0.8}, {"broad": 0.3, "fine": 0.6}, {"fine": "broad"})
    assert scores["fine"] == pytest.approx(0.8 + RIDGE_SHARE * 0.6)
    assert scores["broad"] == pytest.approx(0.8 + RIDGE_SHARE * 0.3)


def test_no_ridge_leaves_the_head() -> None:
    assert combine({"one": 0.7}, {}, {}) == {"one": 0.7}


def test_softmax_is_a_distribution() -> None:
    chances = softmax(np.array([[1000.0, 999.0], [0.0, 0.0]], np.float32))
    assert np.allclose(chances.sum(axis=1), 1)
    assert chances[0, 0] > chances[0, 1]
