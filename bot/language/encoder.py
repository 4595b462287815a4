"""The sentence encoder: text to unit vectors, and the learned heads that act on them.

`Reader` encodes messages with it, `PhrasingVectors` encodes what the knowledge base holds. The model is
all-MiniLM-L6-v2 (sentence-transformers, Apache 2.0) tuned on the project's examples, 8-bit weights, mean pooling
and L2 normalisation inside the graph. It was tuned on lower-cased text.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Literal

import numpy as np
import onnxruntime  # type: ignore[import-untyped]
from numpy.typing import NDArray
from tokenizers import Tokenizer

from bot.language.artefact import Artefact

Vectors = NDArray[np.float32]

DIMENSIONS = 384
MOST_TOKENS = 64
"""Longest input in tokens, both special tokens included; the rest is cut off."""
WINDOW_FROM = 60
"""Tokens (without the special ones) from which on a text is read in windows."""
WINDOW_STRIDE = 48
MOST_WINDOWS = 8
HEAD_SCALE = 10.0
"""The heads were trained on ten times the vector."""

AlarmLabel = Literal["NONE", "SUPPORT", "CARD"]
ALARM_LABELS: tuple[AlarmLabel, ...] = ("NONE", "SUPPORT", "CARD")
"""The columns of `Heads.alarm_logits`, in order."""


@dataclass(frozen=True, slots=True)
class Heads:
    """Linear heads on ten times a vector. All take vectors of shape (k, 384)."""

    topics: tuple[str, ...]
    """Names of the columns of `topic_logits`."""
    topic_weights: Vectors
    topic_bias: Vectors
    alarm_weights: Vectors
    alarm_bias: Vectors
    scope_weights: Vectors
    scope_bias: Vectors
    roles: tuple[str, ...] = ()
    """Names of the columns of `role_logits`."""
    role_weights: Vectors = field(default_factory=lambda: np.zeros((0, DIMENSIONS), np.float32))
    role_bias: Vectors = field(default_factory=lambda: np.zeros(0, np.float32))

    def topic_logits(self, vectors: Vectors) -> Vectors:
        """(k, number of topics)."""
        return _scaled(vectors) @ self.topic_weights.T + self.topic_bias

    def alarm_logits(self, vectors: Vectors) -> Vectors:
        """(k, 3), columns as `ALARM_LABELS`; softmax gives the probabilities."""
        return _scaled(vectors) @ self.alarm_weights.T + self.alarm_bias

    def scope_logits(self, vectors: Vectors) -> Vectors:
        """(k,); the sigmoid is the probability that a message is one for us."""
        logits: Vectors = _scaled(vectors) @ self.scope_weights.T + self.scope_bias
        return logits[:, 0]

    def role_logits(self, vectors: Vectors) -> Vectors:
        """(k, number of roles): whose role a message says it is its writer's, "none" among them."""
        return _scaled(vectors) @ self.role_weights.T + self.role_bias


def _scaled(vectors: Vectors) -> Vectors:
    return (vectors * np.float32(HEAD_SCALE)).astype(np.float32, copy=False)


class SentenceEncoder:
    """One onnxruntime session on one thread. Safe to share between threads; reading never changes it.

    `evaluate --public` opens encoders with it that were never tuned and have no heads.
    """

    def __init__(self, model: Path, tokenizer: Path) -> None:
        """`model`: ONNX from `ids` (1, tokens) to a unit vector (1, 384). What cannot be opened raises."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._first, self._last = (self._tokenizer.token_to_id(token) for token in ("[CLS]", "[SEP]"))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """(n, 384) unit vectors; each text is cut off after 64 tokens. A text without tokens has a vector too.

        Quantised activations share one scale a batch, so every text is run alone: its vector never depends on company.
        """
        if not texts:
            return np.zeros((0, DIMENSIONS), np.float32)
        return np.concatenate([self._run(self._tokens(text)) for text in texts])

    def encode_windows(self, text: str, most: int = MOST_WINDOWS) -> Vectors:
        """(k, 384): one vector for up to 60 tokens, else windows of 64 tokens with stride 48, at most `most`."""
        windows = islice(_windows(self._tokens(text)), most)
        return np.concatenate([np.zeros((0, DIMENSIONS), np.float32), *map(self._run, windows)])

    def _tokens(self, text: str) -> list[int]:
        # Half of a surrogate pair can arrive from a channel; the tokenizer takes valid UTF-8 only.
        valid = text.encode("utf-8", "replace").decode("utf-8")
        ids: list[int] = self._tokenizer.encode(valid, add_special_tokens=False).ids
        return ids

    def _run(self, tokens: Sequence[int]) -> Vectors:
        ids = np.array([[self._first, *tokens[: MOST_TOKENS - 2], self._last]], np.int64)
        vectors: Vectors = self._session.run(None, {"ids": ids})[0]
        return vectors


class Encoder(SentenceEncoder):
    """The encoder of an artefact, with its heads."""

    def __init__(self, artefact: Artefact) -> None:
        super().__init__(artefact.path("encoder.onnx"), artefact.path("tokenizer.json"))
        self.heads = _heads(artefact)
        self.model = artefact.model
        """Digest of model and tokenizer: part of the key of every cached vector."""


def _windows(tokens: Sequence[int]) -> Iterator[Sequence[int]]:
    if len(tokens) <= WINDOW_FROM:
        yield tokens
        return
    room = MOST_TOKENS - 2
    for start in range(0, max(1, len(tokens) - room + WINDOW_STRIDE), WINDOW_STRIDE):
        yield tokens[start : start + room]


def _heads(artefact: Artefact) -> Heads:
    with np.load(artefact.path("heads.npz"), allow_pickle=False) as arrays:
        return Heads(
            topics=tuple(str(name) for name in arrays["topics"]),
            topic_weights=arrays["W"],
            topic_bias=arrays["b"],
            alarm_weights=arrays["Wa"],
            alarm_bias=arrays["ba"],
            scope_weights=arrays["Ws"],
            scope_bias=arrays["bs"],
            roles=tuple(str(name) for name in arrays["roles"]),
            role_weights=arrays["Wr"],
            role_bias=arrays["br"],
        )
