"""The bot's ranking on sets in the shape of the public ones, with the encoder that ships."""

import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from bot.errors import UsageError
from bot.language.artefact import FOLDER
from bot.matching.ranking import Phrasing
from bot.review import measuring, public_sets
from bot.review.peers import Named, Peer, Rank
from tests.language.opened import encoder
from tests.review.test_peers import SAID

ASKED = [("crying", "she screams and weeps all evening"), ("sleep", "awake all nihgt"), ("feeding", "sore when i feed")]


def write_set(folder: Path, name: str, published: bool = True) -> None:
    rows = [("split", "label", "text")]
    rows += [("train", label, text) for label, texts in SAID.items() for text in [*texts, f"again {texts[0]}"]]
    if published:
        rows += [("train10", label, text) for label, texts in SAID.items() for text in texts]
    rows += [("test", label, text) for label, text in ASKED] + [("oos_test", "oos", "what is the capital of france")]
    (folder / f"{name}.tsv").write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")


def echo(phrasings: Sequence[Phrasing]) -> Rank:
    """Names the entry whose phrasing comes first, whatever is asked."""

    def rank(texts: Sequence[str]) -> Named:
        return [[phrasings[0].label] for _ in texts]

    return rank


def gone(phrasings: Sequence[Phrasing]) -> Rank:
    raise ModuleNotFoundError("no such package", name="somewhere")


def test_the_published_draw_is_read_and_another_can_be_drawn(tmp_path: Path) -> None:
    write_set(tmp_path, "hwu64")
    published = public_sets.read_set(tmp_path, "hwu64")
    assert len(published.phrasings) == 12
    assert [(one.label, one.text) for one in published.messages] == ASKED
    drawn = public_sets.read_set(tmp_path, "hwu64", seed=3)
    assert drawn == public_sets.read_set(tmp_path, "hwu64", seed=3)
    assert len(drawn.phrasings) == 16


def test_without_a_published_draw_one_is_drawn(tmp_path: Path) -> None:
    write_set(tmp_path, "hwu64", published=False)
    assert len(public_sets.read_set(tmp_path, "hwu64").phrasings) == 16


@pytest.mark.parametrize(
    "written", [None, b"", b"split\tlabel\ttext\n", b"one\ttwo\n1\t2\n", b"split\tlabel\ttext\ntest\ta\t\xff\n"]
)
def test_a_file_that_is_no_set_is_named(tmp_path: Path, written: bytes | None) -> None:
    if written is not None:
        (tmp_path / "clinc150.tsv").write_bytes(written)
    with pytest.raises(UsageError, match=r"clinc150\.tsv"):
        public_sets.read_set(tmp_path, "clinc150")


def test_every_way_gets_a_row(tmp_path: Path) -> None:
    write_set(tmp_path, "hwu64")
    one_set = public_sets.read_set(tmp_path, "hwu64")
    peers = (Peer("echo", "echo", echo), Peer("gone", "nowhere", gone))
    listed = list(public_sets.rows(one_set, encoder(), peers))
    assert [row.name for row in listed] == ["this bot", "this bot without spelling", "echo", "gone"]
    assert listed[0].figures[0][1].hits == 3
    assert [(first.hits, first.of) for first, _ in listed[2].figures] == [(1, 3)] * 3
    assert listed[3].missing == "nowhere"
    assert "needs nowhere" in public_sets.table(one_set, listed)
    told = public_sets.as_json(listed)
    assert told[2]["one slip"] == {"right first": 33.33, "among three": 33.33, "of": 3}
    assert told[3] == {"name": "gone", "missing": "nowhere"}


def test_an_encoder_is_a_file_or_a_folder_or_the_shipped_one(tmp_path: Path) -> None:
    shutil.copy(FOLDER / "tokenizer.json", tmp_path)
    (tmp_path / "encoder.onnx").symlink_to(FOLDER / "encoder.onnx")
    opened = [public_sets.open_encoder(path) for path in (None, tmp_path, tmp_path / "encoder.onnx")]
    first = opened[0].encoder.encode(["hello"])
    assert all((one.encoder.encode(["hello"]) == first).all() for one in opened)
    assert "own" in opened[0].name
    assert "encoder.onnx" in opened[1].name


@pytest.mark.parametrize("kept", [[], ["encoder.onnx"], ["encoder.onnx", "tokenizer.json"]])
def test_what_is_no_encoder_is_refused_in_one_sentence(tmp_path: Path, kept: list[str]) -> None:
    for name in kept:
        (tmp_path / name).write_text("nothing of the kind", encoding="utf-8")
    with pytest.raises(UsageError):
        public_sets.open_encoder(tmp_path)


def test_the_whole_measurement_names_machine_day_and_encoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "PEERS", ())
    for name in public_sets.GOALS:
        write_set(tmp_path, name)
    told: list[str] = []
    result = measuring.public(tmp_path, None, None, date(2026, 11, 20), told.append)
    assert "2026-11-20" in told[0]
    assert "cores" in told[0]
    assert result["encoder"] in told[0]
    assert len(told) == 1 + len(public_sets.GOALS)
    assert result["sets"].keys() == public_sets.GOALS.keys()
