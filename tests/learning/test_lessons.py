"""What is learned from a knowledge base, and typing noise. Neither needs the extra that tuning needs."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.model import AlarmExample, Examples, RoleExample, ScopeExample, TopicExample
from bot.learning.examples import HELD_APART, Example, Lessons, gather
from bot.learning.noise import Noise
from tests.minds import sample_mind

WORDS = sample_mind().words


def lessons_of(examples: Examples) -> Lessons:
    return gather(replace(WORDS, examples=examples))


def test_every_kind_of_example_teaches_what_it_knows() -> None:
    lessons = lessons_of(
        Examples(
            topics=(TopicExample("crying-colic", ("sleep",), "he howls", "a"),),
            alarms=(AlarmExample("CARD", "shaking", "i shook her", "a"),),
            scope=(ScopeExample("off-topic", "best pizza", "a"),),
            roles=(RoleExample("parent", "bare", "mum of two"),),
        )
    )
    assert Example("he howls", "crying-colic", ("sleep",), "NONE", True) in lessons.learned
    assert Example("i shook her", danger="CARD") in lessons.learned
    assert Example("best pizza", danger="NONE", ours=False) in lessons.learned
    assert "mum of two" not in {one.text for one in lessons.learned}


def test_curated_questions_and_titles_teach_their_entry() -> None:
    lessons = lessons_of(Examples())
    topic = WORDS.topics["crying-colic"]
    taught = {one.text for one in lessons.learned if one.topic == topic.id}
    assert {topic.title, *topic.questions} <= taught
    assert topic.id in lessons.topics


def test_who_may_be_low_is_not_taught_that_no_line_is_due() -> None:
    heavy = lessons_of(Examples(topics=(TopicExample("low-mood-pnd", (), "everything is grey", "a"),))).learned
    assert Example("everything is grey", "low-mood-pnd", (), "NOT_CARD", True) in heavy


def test_one_writer_is_only_watched() -> None:
    lessons = lessons_of(
        Examples(
            topics=(
                TopicExample("crying-colic", (), "learned from", "a"),
                TopicExample("crying-colic", (), "watched", HELD_APART),
            )
        )
    )
    assert "watched" not in {one.text for one in lessons.learned}
    assert [one.text for one in lessons.watched] == ["watched"]


def test_the_digest_changes_with_any_label_and_not_with_the_order() -> None:
    one, other = TopicExample("crying-colic", (), "x", "a"), TopicExample("sleep", (), "y", "a")
    digest = lessons_of(Examples(topics=(one, other))).digest
    assert lessons_of(Examples(topics=(other, one))).digest == digest
    assert lessons_of(Examples(topics=(one, TopicExample("crying-colic", (), "y", "a")))).digest != digest


@given(st.text(max_size=300), st.integers(0, 1000))
def test_noise_spoils_any_text_and_empties_none(text: str, seed: int) -> None:
    spoilt = Noise(seed, 1.0)(text)
    assert spoilt.strip() or not text.strip()


def test_the_same_seed_spoils_alike() -> None:
    said = ["my baby cries every evening and i don't know what to do"] * 20
    assert [*map(Noise(3, 0.5), said)] == [*map(Noise(3, 0.5), said)]
    assert len(set(map(Noise(3, 1.0), said))) > 10


def test_without_noise_nothing_is_spoilt() -> None:
    assert Noise(1, 0.0)("Don't wake him!") == "Don't wake him!"
