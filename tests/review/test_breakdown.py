"""Figures by topic, role and pair, calibration, and slips: on a table made by hand and on the sample base."""

from typing import Any

import pytest

from bot.conversation.scene import Mind
from bot.review import breakdown, evaluation
from bot.review.breakdown import Bin, Judged
from tests.minds import sample_mind
from tests.review.test_evaluation import labelled, result
from tests.talk import NOON


def judged(chance: float | None, outcome: str, target: str | None, *offered: str, **line: Any) -> Judged:
    return Judged(labelled(**line), result(outcome, target, *offered), chance)


TABLE = [
    judged(0.95, "answer", "topic:sleep", accept=["sleep"], role="parent"),
    judged(0.91, "answer", "topic:bonding", accept=["sleep"], role="parent"),
    judged(0.31, "offer", None, "topic:bonding", "topic:sleep", accept=["sleep", "naps"]),
    judged(1.0, "answer", "topic:bonding", accept=["bonding"], role="gp"),
    judged(None, "decline", None, accept=["bonding"]),
    judged(0.99, "answer", "topic:sleep", in_scope=False),
]


def counts(rows: Any) -> dict[str, list[tuple[int, int]]]:
    return {name: [(share.hits, share.of) for share in shares.values()] for name, shares in rows.items()}


def test_by_topic_and_role_the_worst_first() -> None:
    topics = counts(breakdown.by_group(TABLE, breakdown.topic_of))
    assert topics == {"sleep": [(1, 3), (2, 3), (1, 3)], "bonding": [(1, 2), (1, 2), (0, 2)]}
    assert list(topics) == ["sleep", "bonding"]
    roles = counts(breakdown.by_group(TABLE, breakdown.role_of))
    assert list(roles) == [breakdown.NO_ROLE, "parent", "gp"]


def test_a_message_counts_once_where_its_first_accepted_entry_stands() -> None:
    assert breakdown.topic_of(labelled(accept=["sleep", "naps"])) == "sleep"
    assert breakdown.topic_of(labelled(accept=["naps", "sleep"])) == "naps"
    # Made without a file, a message has no order of what it accepts.
    unordered = evaluation.Labelled("words", None, None, frozenset({"sleep", "naps"}), None, True)
    assert breakdown.topic_of(unordered) == "naps"


def test_what_is_mistaken_for_what() -> None:
    assert breakdown.confusions(TABLE) == [("sleep", "bonding", 2), ("bonding", breakdown.NOTHING, 1)]


def test_calibration_looks_at_what_was_named_in_scope() -> None:
    listed = breakdown.bins(TABLE)
    lowest, highest = listed
    assert lowest == Bin(1, 0.31, 0.0)
    assert (highest.count, highest.right) == (3, 2 / 3)
    assert highest.chance == pytest.approx((0.95 + 0.91 + 1.0) / 3)
    wanted = (lowest.chance + 3 * (highest.chance - 2 / 3)) / 4
    assert breakdown.calibration_error(listed) == pytest.approx(wanted)
    assert breakdown.calibration_error([]) is None


@pytest.fixture(scope="module")
def mind() -> Mind:
    return sample_mind()


def test_the_matcher_says_how_sure_it_is_and_ask_does_not(mind: Mind) -> None:
    line = labelled(text="my baby cries every evening", accept=["crying-colic"])
    (one,) = breakdown.judge(mind, [evaluation.parse({"text": line.text, "accept": ["crying-colic"]})], NOON)
    assert one.chance is not None
    assert 0 < one.chance < 1
    assert set(one.result).isdisjoint({"right", "chance"})


def test_what_never_reached_the_matcher_has_no_chance(mind: Mind) -> None:
    lines = [evaluation.parse({"text": text, "accept": ["sleep"]}) for text in ("thanks", "i want to kill myself")]
    assert [one.chance for one in breakdown.judge(mind, lines, NOON)] == [None, None]


def test_the_report_tells_everything_in_words_and_as_json(mind: Mind) -> None:
    lines = [
        evaluation.parse({"text": "my baby cries every evening", "accept": ["crying-colic"], "role": "parent"}),
        evaluation.parse({"text": "what is the capital of france", "in_scope": False}),
        evaluation.parse({"text": "i want to kill myself", "alarm": "card"}),
    ]
    report = breakdown.report(mind, lines, NOON)
    figures = report.as_json()
    assert figures["right or offered"]["of"] == 1
    assert figures["by_role"]["parent"]["messages"] == 1
    assert figures["by_topic"]["crying-colic"]["messages"] == 1
    assert set(figures["slips"]) == {"one slip", "two slips"}
    assert figures["slips"]["two slips"]["alarms: full card"]["of"] == 1
    text = report.text()
    for named in ("right first", "one slip", "calibration error", "crying-colic", "parent"):
        assert named in text


def test_a_report_of_nothing_is_no_division_by_nothing(mind: Mind) -> None:
    report = breakdown.report(mind, [], NOON)
    assert report.as_json()["calibration"] == {"error": None, "bins": []}
    assert "of 0" in report.text()
