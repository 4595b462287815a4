"""Vectors of phrasings come from the artefact, the cache or the encoder, and are the same from all three."""

from pathlib import Path

import numpy as np
import pytest

from bot.language.artefact import open_artefact
from bot.language.cleaning import clean
from bot.language.encoder import DIMENSIONS, Encoder, Vectors
from bot.language.vectors import CACHE_FILE, PhrasingVectors, build_vectors, key_of
from tests.language.opened import encoder, rows, vectors

NEW = ["which colours do tiny babies like on a wall", "are grey nurseries dull for babies"]


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts encoded from here on."""
    seen: list[str] = []
    plain = Encoder.encode

    def encode(self: Encoder, texts: list[str]) -> Vectors:
        seen.extend(texts)
        return plain(self, texts)

    monkeypatch.setattr(Encoder, "encode", encode)
    return seen


def test_every_example_ships_with_its_vector(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = counted(monkeypatch)
    texts = [row[-1] for name in ("topics", "alarms", "scope", "roles") for row in rows(name)]
    assert vectors().of(texts).shape == (len(texts), DIMENSIONS)
    assert seen == []


def test_shipped_vectors_are_those_of_the_shipped_encoder() -> None:
    texts = [row[-1] for row in rows("topics")[::100]]
    fresh = PhrasingVectors(encoder(), open_artefact())
    exact = encoder().encode([clean(text) for text in texts])
    assert (fresh.of(texts) * exact).sum(axis=1).min() > 0.997
    assert np.allclose(np.linalg.norm(fresh.of(texts), axis=1), 1, atol=1e-2)


def test_new_phrasings_are_encoded_once_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = counted(monkeypatch)
    first = PhrasingVectors(encoder(), open_artefact(), tmp_path / "cache")
    found = first.of([*NEW, NEW[0]])
    again = PhrasingVectors(encoder(), open_artefact(), tmp_path / "cache").of(NEW)
    assert sorted(seen) == sorted(NEW)
    assert np.array_equal(found[:2], again)
    assert np.array_equal(found[0], found[2])


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    found = PhrasingVectors(encoder(), open_artefact(), tmp_path / "file" / "cache").of(NEW)
    assert found.shape == (2, DIMENSIONS)


@pytest.mark.parametrize("content", [b"half a fi", b""])
def test_a_broken_cache_is_made_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / CACHE_FILE).write_bytes(content)
    found = PhrasingVectors(encoder(), open_artefact(), tmp_path).of(NEW)
    assert np.array_equal(found, PhrasingVectors(encoder(), open_artefact(), tmp_path).of(NEW))


def test_a_cache_of_another_shape_is_made_anew(tmp_path: Path) -> None:
    np.savez(tmp_path / CACHE_FILE, keys=np.zeros(1, np.uint64), codes=np.zeros((1, 3), np.int8))
    assert PhrasingVectors(encoder(), open_artefact(), tmp_path).of(NEW).shape == (2, DIMENSIONS)


def test_built_vectors_are_found_again_by_text(tmp_path: Path) -> None:
    build_vectors([*NEW, NEW[0]], tmp_path / "vectors.npz", encoder())
    with np.load(tmp_path / "vectors.npz") as arrays:
        keys, found = arrays["keys"], arrays["codes"]
    assert sorted(int(key) for key in keys) == sorted(key_of(encoder().model, text) for text in NEW)
    assert list(keys) == sorted(keys)
    assert found.dtype == np.int8
    assert [path.name for path in tmp_path.iterdir()] == ["vectors.npz"]


def test_a_failed_write_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(np, "savez", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        build_vectors(NEW, tmp_path / "vectors.npz", encoder())
    assert list(tmp_path.iterdir()) == []


def test_another_model_has_other_keys() -> None:
    assert key_of("one", "text") != key_of("other", "text")
