"""How well the shipped examples and encoder judge messages that nothing was learned from, without any rule."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast

import pytest
import yaml

from bot.knowledge.load import load
from bot.knowledge.model import AlarmExample
from bot.language.artefact import open_artefact
from bot.language.cleaning import clean
from bot.language.encoder import Encoder
from bot.language.vectors import PhrasingVectors
from bot.safety.learned import Judgement, Learned
from bot.safety.screening import CUT_OFFS

TESTS = Path(__file__).parents[1]
KNOWLEDGE = TESTS.parent / "knowledge"


def rows(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:]]


def sentences(held: object) -> Iterator[str]:
    """Every message in a list, or in lists under styles."""
    if isinstance(held, str):
        yield held
        return
    for one in held.values() if isinstance(held, dict) else cast(Sequence[object], held):
        yield from sentences(one)


class Judge:
    """The learned layer as shipped."""

    def __init__(self) -> None:
        self._encoder = Encoder(open_artefact())
        shipped = load(KNOWLEDGE).words["en"].examples
        ordinary = [topic.text for topic in shipped.topics] + [outside.text for outside in shipped.scope]
        examples = [*shipped.alarms, *(AlarmExample("NONE", "", text) for text in ordinary)]
        vectors = PhrasingVectors(self._encoder, open_artefact()).of([example.text for example in examples])
        self._learned = Learned(examples, vectors, self._encoder.heads)

    def __call__(self, text: str) -> Judgement:
        cleaned = clean(text)
        return self._learned.judge(self._encoder.encode_windows(cleaned))

    def shares(self, texts: Sequence[str]) -> tuple[float, float]:
        """Shares with a card, and with a card or a support line."""
        judged = [self(text) for text in texts]
        cards = sum(one.card >= CUT_OFFS.card for one in judged)
        either = sum(one.card + one.support >= CUT_OFFS.support for one in judged)
        return cards / len(texts), either / len(texts)


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge()


@pytest.fixture(scope="module")
def held_out() -> dict[str, object]:
    found = yaml.safe_load((TESTS / "alarms" / "beside-rules.yaml").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def sample(texts: Iterator[str], most: int = 300) -> list[str]:
    """Evenly spread, so that every family and style has its part."""
    found = list(texts)
    return found[:: max(1, len(found) // most)]


def test_most_dangers_are_seen_by_example_alone(judge: Judge, held_out: dict[str, object]) -> None:
    card, either = judge.shares(sample(sentences(held_out["must_raise"])))
    assert card >= 0.76
    assert either >= 0.92


def test_innocent_scary_messages_seldom_get_a_card(judge: Judge, held_out: dict[str, object]) -> None:
    card, _ = judge.shares(sample(sentences(held_out["must_not_raise"])))
    assert card <= 0.05


def test_the_low_and_frightened_get_a_support_line_and_no_card(judge: Judge, held_out: dict[str, object]) -> None:
    card, either = judge.shares(sample(sentences(held_out["support_expected"])))
    assert card <= 0.05
    assert either >= 0.6


def test_ordinary_questions_seldom_get_a_card(judge: Judge) -> None:
    asked = [row[-1] for name in ("topics", "fresh") for row in rows(TESTS / "questions" / "en" / f"{name}.tsv")]
    card, either = judge.shares(sample(iter(asked)))
    assert card <= 0.02
    assert either <= 0.2, "some of these are low or frightened: a line is right there"
