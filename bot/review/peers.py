"""Other ways to find an entry, to stand beside the bot's own ranking in `evaluate --public` and `--latency`.

None of them runs the bot. Packages that only they need are the extra `measure`; a peer without its package is reported
as such. Each reads lower-cased text as it was typed, learns from the phrasings alone, and names three labels.

- RapidFuzz: the nearest single phrasing by one of its scorers; which one is decided by leaving phrasings out.
- BM25 (Robertson & Zaragoza 2009, as bm25s implements it): an entry's phrasings are one document.
- Linear SVM over TF-IDF of words, pairs of words, and 2 to 5 characters inside words (scikit-learn).
"""

import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.matching.ranking import Phrasing

FIRST = 3
"""Labels that are named for a message."""
Named = list[list[str]]
"""For each message its labels, best first, `FIRST` at most."""
Rank = Callable[[Sequence[str]], Named]
Learn = Callable[[Sequence[Phrasing]], Rank]

SCORERS = ("ratio", "token_sort_ratio", "token_set_ratio", "token_ratio", "partial_ratio", "WRatio")
COMPARISONS = 400_000
"""Comparisons that choosing one of `SCORERS` may take for each of them."""
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Peer:
    name: str
    package: str
    """What pip calls the package it needs."""
    learn: Learn
    """Raises ModuleNotFoundError without the package."""


def _fuzzy(phrasings: Sequence[Phrasing]) -> Rank:
    from rapidfuzz import fuzz, process

    texts, labels = [one.text.lower() for one in phrasings], np.array([one.label for one in phrasings])
    # A scorer is chosen as an operator would: each phrasing left out and looked for among the others.
    count = max(2, min(len(texts), COMPARISONS // len(texts)))
    left_out = Random(0).sample(range(len(texts)), min(count, len(texts)))  # noqa: S311 - repeatable, no secret

    def right(scorer: str) -> int:
        scores = process.cdist([texts[row] for row in left_out], texts, scorer=getattr(fuzz, scorer))
        scores[range(len(left_out)), left_out] = -1
        return int(np.sum(labels[scores.argmax(axis=1)] == labels[left_out]))

    chosen = getattr(fuzz, max(SCORERS, key=right))

    def rank(messages: Sequence[str]) -> Named:
        lower = [message.lower() for message in messages]
        return [_distinct(labels, scores) for scores in process.cdist(lower, texts, scorer=chosen)]

    return rank


def _bm25(phrasings: Sequence[Phrasing]) -> Rank:
    import bm25s

    logging.getLogger("bm25s").setLevel(logging.WARNING)  # it turns its own DEBUG lines on
    words: dict[str, list[str]] = {}
    for one in phrasings:
        words.setdefault(one.label, []).extend(_words(one.text))
    labels = np.array(list(words))
    index = bm25s.BM25()
    index.index(list(words.values()), show_progress=False)

    known = {word for document in words.values() for word in document}

    def named(message: str) -> list[str]:
        # Of words that no document holds it makes an error or a nonsense.
        asked = [word for word in _words(message) if word in known]
        return _distinct(labels, index.get_scores(asked)) if asked else []

    return lambda messages: [named(message) for message in messages]


def _svm(phrasings: Sequence[Phrasing]) -> Rank:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline, make_union
    from sklearn.svm import LinearSVC

    model: Any = make_pipeline(
        make_union(
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
        ),
        LinearSVC(),
    )
    model.fit([one.text for one in phrasings], [one.label for one in phrasings])
    labels = np.array(model.classes_)

    def rank(messages: Sequence[str]) -> Named:
        scores = np.asarray(model.decision_function(list(messages)))
        if scores.ndim == 1:  # of two classes it gives the second's score alone
            scores = np.stack([-scores, scores], axis=1)
        return [_distinct(labels, row) for row in scores]

    return rank


PEERS = (
    Peer("RapidFuzz, its best scorer", "rapidfuzz", _fuzzy),
    Peer("BM25", "bm25s", _bm25),
    Peer("TF-IDF and linear SVM", "scikit-learn", _svm),
)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _distinct(labels: NDArray[np.str_], scores: NDArray[Any]) -> list[str]:
    """The `FIRST` labels of the best rows, each once."""
    deep = min(len(scores), 40 * FIRST)
    best = np.argpartition(-scores, deep - 1)[:deep] if deep < len(scores) else np.arange(len(scores))
    order = best[np.lexsort((best, -scores[best]))]
    return list(dict.fromkeys(str(label) for label in labels[order]))[:FIRST]
