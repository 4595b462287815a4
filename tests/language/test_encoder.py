"""The artefact is checked, vectors are unit vectors and the same every time."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from bot.errors import KnowledgeError
from bot.language.artefact import CARD, FILES, FOLDER, open_artefact
from bot.language.encoder import ALARM_LABELS, DIMENSIONS, MOST_WINDOWS
from tests.language.opened import encoder


def test_the_shipped_artefact_is_the_one_its_card_names() -> None:
    artefact = open_artefact()
    assert set(artefact.digests) == set(FILES)
    assert artefact.model


@pytest.mark.parametrize("name", ["heads.npz", "LICENSE"])
def test_a_changed_file_is_refused(tmp_path: Path, name: str) -> None:
    copy = Path(shutil.copytree(FOLDER, tmp_path / "artefact"))
    (copy / name).write_bytes(b"something else")
    with pytest.raises(KnowledgeError, match=name):
        open_artefact(copy)


def test_every_missing_file_is_named(tmp_path: Path) -> None:
    shutil.copy(FOLDER / CARD, tmp_path)
    with pytest.raises(KnowledgeError) as refused:
        open_artefact(tmp_path)
    assert all(name in str(refused.value) for name in FILES)


@pytest.mark.parametrize("card", ["", "[]", json.dumps({"files": {}})])
def test_a_broken_card_is_refused(tmp_path: Path, card: str) -> None:
    (tmp_path / CARD).write_text(card)
    with pytest.raises(KnowledgeError, match="cannot be read"):
        open_artefact(tmp_path)


def test_vectors_are_unit_vectors_whatever_their_company() -> None:
    alone = encoder().encode(["my baby cries all evening"])
    together = encoder().encode(["x", "my baby cries all evening", "word " * 300])
    assert alone.shape == (1, DIMENSIONS)
    assert np.array_equal(alone[0], together[1])
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-4)
    assert encoder().encode([]).shape == (0, DIMENSIONS)


def test_like_is_near_like() -> None:
    cries, howls, dates = encoder().encode(
        ["he cries every evening for hours", "she howls for hours each evening", "when is awareness week"]
    )
    assert cries @ howls > cries @ dates + 0.3


@pytest.mark.parametrize(
    ("words", "windows"), [(0, 1), (1, 1), (60, 1), (62, 1), (63, 2), (110, 2), (111, 3), (4000, MOST_WINDOWS)]
)
def test_windows(words: int, windows: int) -> None:
    assert encoder().encode_windows("baby " * words).shape == (windows, DIMENSIONS)


def test_no_windows_when_none_are_left() -> None:
    assert encoder().encode_windows("baby", 0).shape == (0, DIMENSIONS)


def test_heads_have_their_shapes_and_sense() -> None:
    heads = encoder().heads
    found = encoder().encode(
        ["when is infant mental health awareness week", "i want to die tonight", "best pizza in rome"]
    )
    assert heads.topic_logits(found).shape == (3, len(heads.topics))
    assert heads.topics[int(heads.topic_logits(found)[0].argmax())].startswith("week-")
    assert ALARM_LABELS[int(heads.alarm_logits(found)[1].argmax())] == "CARD"
    assert heads.scope_logits(found)[0] > 0 > heads.scope_logits(found)[2]
