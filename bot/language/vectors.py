"""Vectors of everything messages are compared with: example messages, curated questions, titles.

The vectors of the examples ship with the artefact; those of other phrasings are encoded once and kept in a cache
folder, or only in memory where that folder cannot be written. Used by `matching`, `safety` and `learn`; `build_vectors`
is called when a new artefact is made.
"""

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from bot.language.artefact import Artefact
from bot.language.cleaning import VERSION, clean
from bot.language.encoder import DIMENSIONS, Encoder, Vectors

CACHE_FILE = "phrasings.npz"
READABLE = 0o644
"""The files hold vectors of published texts; another user may run the bot than the one who wrote them."""
Keys = NDArray[np.uint64]
Codes = NDArray[np.int8]
"""Directions in 8 bits: a unit vector stretched until its largest part is `LARGEST`, rounded. Half the room of float16,
and cosines differ by less than 0.003 from the exact ones."""
LARGEST = 127


def key_of(model: str, text: str) -> int:
    """64 bits of BLAKE2b over model, clean-up version and text: the same text under another model has another key."""
    digest = hashlib.blake2b(f"{model}\0{VERSION}\0{text}".encode(), digest_size=8)
    return int.from_bytes(digest.digest(), "little")


def build_vectors(texts: Sequence[str], path: Path, encoder: Encoder) -> None:
    """Writes keys (uint64, ascending) and codes (int8) of the texts, each once, replacing the file in one step."""
    by_key = {key_of(encoder.model, text): text for text in texts}
    keys = np.array(sorted(by_key), np.uint64)
    _write(path, keys, coded(encoder.encode([clean(by_key[int(key)]) for key in keys])))


def coded(vectors: Vectors) -> Codes:
    """(n, 384) unit vectors as codes."""
    peaks = np.maximum(np.abs(vectors).max(axis=1, keepdims=True), np.finfo(np.float32).tiny)
    codes: Codes = np.rint(vectors / peaks * LARGEST).astype(np.int8)
    return codes


def decoded(codes: Codes) -> Vectors:
    """(n, 384) codes as unit vectors; a code of zeros has none and stays zeros."""
    vectors: Vectors = codes.astype(np.float32)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1)
    return vectors


def _write(path: Path, keys: Keys, codes: Codes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".npz")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, keys=keys, codes=codes)
        Path(name).chmod(READABLE)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _read(path: Path) -> tuple[Keys, Codes]:
    with np.load(path, allow_pickle=False) as arrays:
        keys, codes = arrays["keys"], arrays["codes"]
    if keys.ndim != 1 or codes.shape != (len(keys), DIMENSIONS):
        raise ValueError("keys and codes do not belong together")
    return keys, codes


class PhrasingVectors:
    """Looks vectors up by text, encoding what is new. One for the whole process; not for use by two threads at once."""

    def __init__(self, encoder: Encoder, artefact: Artefact, cache: Path | None = None) -> None:
        self._encoder = encoder
        self._shipped = _read(artefact.path("vectors.npz"))
        self._cache = cache / CACHE_FILE if cache else None
        self._known = self._from_cache()

    def of(self, texts: Sequence[str]) -> Vectors:
        """(n, 384) unit vectors, in the order of the texts; the same text has the same vector on every call."""
        keys = np.array([key_of(self._encoder.model, text) for text in texts], np.uint64)
        at, found = self._shipped_at(keys)
        codes = np.zeros((len(texts), DIMENSIONS), np.int8)
        codes[found] = self._shipped[1][at[found]]
        missing = [int(row) for row in np.flatnonzero(~found)]
        self._learn({int(keys[row]): texts[row] for row in missing})
        for row in missing:
            codes[row] = self._known[int(keys[row])]
        return decoded(codes)

    def unshipped(self, texts: Sequence[str]) -> int:
        """How many of the texts, each counted once, have no vector in the artefact."""
        keys = np.array(sorted({key_of(self._encoder.model, text) for text in texts}), np.uint64)
        return int(np.count_nonzero(~self._shipped_at(keys)[1]))

    def _shipped_at(self, keys: Keys) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        """Rows among the shipped codes, and which of them are right."""
        shipped = self._shipped[0]
        at = np.searchsorted(shipped, keys)
        found = at < len(shipped)
        found[found] = shipped[at[found]] == keys[found]
        return at, found

    def _learn(self, missing: dict[int, str]) -> None:
        new = {key: text for key, text in missing.items() if key not in self._known}
        if not new:
            return
        codes = coded(self._encoder.encode([clean(text) for text in new.values()]))
        self._known.update(zip(new, codes, strict=True))
        if self._cache is None:
            return
        keys = np.array(sorted(self._known), np.uint64)
        # A folder that cannot be written costs time at the next start and nothing else.
        with contextlib.suppress(OSError):
            _write(self._cache, keys, np.array([self._known[int(key)] for key in keys], np.int8))

    def _from_cache(self) -> dict[int, Codes]:
        if self._cache is None or not self._cache.is_file():
            return {}
        try:
            keys, codes = _read(self._cache)
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            # Half a file of an older version: it is made anew.
            return {}
        return {int(key): code for key, code in zip(keys, codes, strict=True)}
