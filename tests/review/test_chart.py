"""The picture of `evaluate --chart`: what it draws, and what it says when it cannot."""

import sys
from pathlib import Path

import pytest

from bot.errors import UsageError
from bot.review import chart
from tests.review.test_breakdown import TABLE, judged

PNG = b"\x89PNG\r\n"


def test_accuracy_against_coverage() -> None:
    shares, right = zip(*chart.coverage(TABLE), strict=True)
    assert shares == pytest.approx((0.2, 0.4, 0.6, 0.8))
    assert right == pytest.approx((1, 1, 2 / 3, 1 / 2))


def test_messages_of_one_chance_come_together() -> None:
    same = [judged(0.5, "answer", target, accept=["sleep"]) for target in ("topic:sleep", "topic:bonding")]
    assert chart.coverage(same) == [(1.0, 0.5)]


def test_without_matplotlib_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(UsageError, match=r"pip install"):
        chart.ensure_drawable()


@pytest.mark.filterwarnings("default")
def test_a_picture_is_written(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    chart.ensure_drawable()
    chart.draw(TABLE, tmp_path / "chart.png")
    assert (tmp_path / "chart.png").read_bytes().startswith(PNG)
    with pytest.raises(UsageError, match="cannot be written"):
        chart.draw(TABLE, tmp_path / "nowhere" / "chart.png")
    with pytest.raises(UsageError, match="accept"):
        chart.draw([], tmp_path / "empty.png")
