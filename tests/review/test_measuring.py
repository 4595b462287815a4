"""`evaluate` as somebody types it: which measurement is made, what is printed, what is refused."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot import cli
from bot.errors import UsageError
from bot.review import breakdown, chart
from tests.review.test_chart import PNG
from tests.sample_base import copy_sample

LINE = {"text": "my baby cries every evening", "accept": ["crying-colic"], "role": "parent"}


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy_sample(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IMH_KNOWLEDGE", str(tmp_path / "knowledge"))
    (tmp_path / "labels.jsonl").write_text(json.dumps(LINE), encoding="utf-8")
    return tmp_path


def evaluate(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, ["evaluate", *arguments])


def test_labelled_messages_in_words_and_as_json() -> None:
    assert "worst first" in evaluate("labels.jsonl").output
    figures = json.loads(evaluate("labels.jsonl", "labels.jsonl", "--json").output)
    assert figures["right or offered"]["of"] == 2
    assert figures["calibration"]["bins"][0]["messages"] == 2


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ([], "--latency"),
        (["labels.jsonl", "--latency"], "--public"),
        (["--public", ".", "--latency"], "--public"),
        (["labels.jsonl", "--seed", "1"], "--seed"),
        (["labels.jsonl", "--encoder", "x.onnx"], "--encoder"),
        (["--latency", "--chart", "x.png"], "--chart"),
        (["--public", "nowhere"], "banking77"),
        (["--public", ".", "--encoder", "labels.jsonl"], "tokenizer.json"),
        (["--latency"], "example messages"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_measured_is_said(arguments: Sequence[str], named: str) -> None:
    error = evaluate(*arguments).exception
    assert isinstance(error, UsageError)
    assert named in str(error)


def test_a_missing_library_is_told_before_anything_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise UsageError("no library")

    def report(*_: Any) -> Any:
        raise AssertionError("asked already")

    monkeypatch.setattr(chart, "ensure_drawable", missing)
    monkeypatch.setattr(breakdown, "report", report)
    assert isinstance(evaluate("labels.jsonl", "--chart", "x.png").exception, UsageError)


@pytest.mark.filterwarnings("default")
def test_the_picture_lies_where_it_was_asked_for(own_folder: Path) -> None:
    pytest.importorskip("matplotlib")
    assert evaluate("labels.jsonl", "--chart", "x.png").exit_code == 0
    assert (own_folder / "x.png").read_bytes().startswith(PNG)
