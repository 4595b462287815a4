"""Phrasings asked with themselves left out: of made-up entries, where every figure can be counted by hand."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from bot.assembly import Library
from bot.knowledge.load import load
from bot.knowledge.model import Examples, ScopeExample, TopicExample, Words
from bot.language.encoder import DIMENSIONS, Vectors
from bot.matching.ranking import OUTSIDE, Phrasing, Phrasings
from bot.review import table
from bot.review.left_out import LeftOut, left_out
from tests.matching.base_of_entries import topic, words
from tests.sample_base import copy_sample

WAYS = ("alpha", "beta", "gamma", "delta")


def by_first_word(texts: Sequence[str]) -> Vectors:
    """Texts point the way that their first word says, a little apart from one another."""
    rows = np.zeros((len(texts), DIMENSIONS), np.float32)
    for row, text in zip(rows, texts, strict=True):
        row[WAYS.index(text.split()[0])] = 1
        row[len(WAYS) + sum(text.encode()) % 300] = 0.2
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows


def five(way: str, *others: str) -> tuple[str, ...]:
    return (*others, *(f"{way} {number}" for number in range(5 - len(others))))


def base(*topics: Any, examples: tuple[TopicExample, ...] = (), scope: tuple[ScopeExample, ...] = ()) -> Words:
    return words(topics, capabilities={}, examples=Examples(topics=examples, scope=scope))


def asked(listed: Words, **options: int) -> LeftOut:
    return left_out(listed, by_first_word, **options)


def test_what_stands_nearer_to_another_entry_is_read_as_that_one() -> None:
    strays = ("beta said by mistake", "beta said again")
    found = asked(base(topic("alpha", *five("alpha", *strays)), topic("beta", *five("beta"))))
    assert (found.entries["topic:alpha"].hits, found.entries["topic:alpha"].of) == (4, 6)
    assert (found.entries["topic:beta"].hits, found.entries["topic:beta"].of) == (6, 6)
    (pair,) = found.pairs
    assert (pair.meant, pair.read, pair.count, pair.of, pair.back) == ("topic:alpha", "topic:beta", 2, 6, 0)
    assert (found.curated.hits, found.curated.of, found.examples.of) == (10, 12, 0)


def test_a_phrasing_does_not_find_itself() -> None:
    """The only one of its kind would, if it were not left out."""
    found = asked(base(topic("alpha", *five("alpha", "gamma alone")), topic("beta", *five("beta"))))
    lonely = asked(base(topic("alpha", *five("alpha", "gamma alone")), topic("gamma", *five("gamma"))))
    assert lonely.entries["topic:alpha"].of - lonely.entries["topic:alpha"].hits == 1
    assert found.entries["topic:alpha"].of == 6


def test_leaving_out_is_the_same_as_never_having_had_it() -> None:
    random = np.random.default_rng(0)
    vectors = random.normal(size=(120, DIMENSIONS)).astype(np.float32)
    vectors[:, 60:] = 0  # a first look sees these exactly
    vectors[:, :3] += 3 * np.eye(3, dtype=np.float32)[random.integers(0, 3, 120)]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    labels = ["single", *(f"label-{number % 13}" for number in range(109)), *[OUTSIDE] * 10]
    phrasings = [Phrasing(label, f"text {place}", "off-topic") for place, label in enumerate(labels)]
    places = [119, 0, 5, 57, 108]
    for place, ridge in zip(places, Phrasings(phrasings, vectors).left_out(places), strict=True):
        rest = [other for other in range(120) if other != place]
        never = Phrasings([phrasings[other] for other in rest], vectors[rest]).ridge(vectors[place])
        assert ridge.nearest == never.nearest
        assert ridge.kinds == never.kinds
        assert ridge.scores.get("single", 0) == never.scores.get("single", 0)
        shared = never.scores.keys() & ridge.scores.keys()
        assert len(shared) >= 9
        assert all(ridge.scores[label] == pytest.approx(never.scores[label], abs=1e-4) for label in shared)


def test_a_finer_entry_and_every_accepted_one_is_right() -> None:
    strays = ("beta said by mistake", "beta said again")
    broad, fine = topic("alpha", *five("alpha", *strays)), topic("beta", *five("beta"), part_of="alpha")
    assert asked(base(broad, fine)).pairs == ()
    examples = (TopicExample("alpha", ("gamma",), "gamma rather"), TopicExample("alpha", (), "gamma by mistake"))
    found = asked(base(topic("alpha", *five("alpha")), topic("gamma", *five("gamma")), examples=examples))
    assert (found.examples.hits, found.examples.of) == (1, 2)


def test_labels_without_an_entry_are_rivals_and_not_asked() -> None:
    rivals = tuple(TopicExample("delta", (), f"delta {number}") for number in range(9))
    astray = tuple(TopicExample("alpha", (), f"delta astray {number}") for number in range(2))
    scope = (ScopeExample("off-topic", "delta outside"),)
    found = asked(base(topic("alpha", *five("alpha")), examples=(*rivals, *astray), scope=scope))
    assert list(found.entries) == ["topic:alpha"]
    assert [pair.read for pair in found.pairs] == ["delta (no entry)"]
    assert found.of_examples == 2


def test_so_many_examples_an_entry_are_drawn_and_always_the_same() -> None:
    examples = tuple(TopicExample("alpha", (), f"{'beta' if at % 3 else 'alpha'} example {at}") for at in range(40))
    listed = base(topic("alpha", *five("alpha")), topic("beta", *five("beta")), examples=examples)
    found = asked(listed, examples=7)
    assert (found.examples.of, found.of_examples, found.curated.of) == (7, 40, 12)
    assert found == asked(listed, examples=7)
    assert asked(listed).examples.of == 40


def test_the_text_names_the_worst_entry_first() -> None:
    strays = ("beta said by mistake", "beta said again")
    text = asked(base(topic("beta", *five("beta")), topic("alpha", *five("alpha", *strays)))).text()
    assert text.index("topic:alpha") < text.index("topic:beta")
    assert "topic:alpha read as topic:beta" in text
    assert "12 titles and questions" in text


def test_a_base_that_the_encoder_reads_fills_a_column_of_the_table(tmp_path: Any) -> None:
    root = copy_sample(tmp_path)
    found = Library(root, None, "en").left_out()
    knowledge = load(root)
    rows = {row.name: row for row in table.rows(knowledge, knowledge.words["en"], found)}
    sleep = found.entries["topic:sleep"]
    assert rows["topic:sleep"].found == 100 * sleep.hits / sleep.of
    assert sleep.hits > sleep.of / 2
    assert rows["role:parent"].found is None
    text = table.text(list(rows.values()), list(knowledge.roles))
    assert "Found when left out" in text
    other = LeftOut("cy", found.entries, (), found.curated, found.examples, 0)
    assert all(row.found is None for row in table.rows(knowledge, knowledge.words["en"], other))
