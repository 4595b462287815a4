"""The figures of `evaluate` on a table made by hand, one row a case of their definitions."""

from typing import Any

import pytest

from bot.errors import UsageError
from bot.review import evaluation


def result(outcome: str, target: str | None = None, *offered: str, part_of: str | None = None, tier: int = 0) -> Any:
    alarm = {"id": "suicide", "tier": tier} if tier else None
    return {"outcome": outcome, "target": target, "offered": list(offered), "part_of": part_of, "alarm": alarm}


def labelled(**line: Any) -> evaluation.Labelled:
    return evaluation.parse({"text": "words", **line})


TABLE = [
    (labelled(accept=["sleep"]), result("answer", "topic:sleep")),
    (labelled(accept=["sleep"]), result("answer", "topic:bonding", "topic:sleep")),
    (labelled(accept=["sleep"]), result("answer", "topic:bonding")),
    (labelled(accept=["sleep", "safe-sleep"]), result("offer", None, "topic:safe-sleep", "topic:bonding")),
    (labelled(accept=["sleep"]), result("offer", None, "topic:bonding", "topic:sleep")),
    (labelled(accept=["sleep"]), result("decline")),
    (labelled(accept=["sleep"]), result("answer", "topic:naps", part_of="topic:sleep")),
    (labelled(accept=["naps"]), result("answer", "topic:naps", part_of="topic:sleep")),
    (labelled(in_scope=False), result("decline")),
    (labelled(in_scope=False), result("offer", None, "topic:sleep")),
    (labelled(in_scope=False), result("answer", "topic:sleep")),
    (labelled(alarm="card"), result("alarm", tier=1)),
    (labelled(alarm="card"), result("answer", "topic:sleep", tier=3)),
    (labelled(alarm="card"), result("decline")),
    (labelled(alarm="support"), result("answer", "topic:sleep", tier=3)),
    (labelled(alarm="none"), result("decline")),
    (labelled(alarm="none"), result("alarm", tier=2)),
    (labelled(alarm="none"), result("answer", "topic:sleep", tier=3)),
]


def test_the_figures() -> None:
    shares = evaluation.figures(TABLE)
    assert {name: (share.hits, share.of) for name, share in shares.items()} == {
        "right first": (4, 8),
        "right or offered": (6, 8),
        "declined": (1, 8),
        "confidently wrong": (2, 8),
        "out of scope: answered": (1, 3),
        "out of scope: offered": (1, 3),
        "alarms: full card": (1, 3),
        "alarms: card or support line": (2, 3),
        "support wanted: card or support line": (1, 1),
        "no alarm: full card": (1, 3),
        "no alarm: support line": (1, 3),
    }
    assert evaluation.as_json(shares)["right first"] == {"hits": 4, "of": 8}
    assert "50.0 % of 8" in evaluation.table(shares)


def test_nothing_judged_is_no_division_by_nothing() -> None:
    assert "of 0" in evaluation.table(evaluation.figures([]))


@pytest.mark.parametrize(
    "line",
    [
        b"not json",
        b"{}",
        b'{"text": "a", "accept": "sleep"}',
        b'{"text": "a", "accept": [1]}',
        b'{"text": "a", "alarm": "loud"}',
        b'{"text": "a", "in_scope": "no"}',
        b'{"text": "a", "role": 3}',
    ],
)
def test_a_line_that_cannot_be_used_is_named(line: bytes) -> None:
    with pytest.raises(UsageError, match=r"^labels\.jsonl:2: "):
        list(evaluation.read("labels.jsonl", [b'{"text": "fine"}', line]))
