"""What is learned from a knowledge base, and typing noise. Neither needs the extra that tuning needs."""

from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.examples import HELD_APART
from bot.knowledge.load import load
from bot.knowledge.model import AlarmExample, Examples, RoleExample, ScopeExample, TopicExample
from bot.learning.examples import NOBODY, Example, Lessons, gather
from bot.learning.noise import Noise
from tests.minds import sample_mind
from tests.sample_base import copy_sample

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
    known = {one.text: one for one in lessons.learned}
    howls = known["he howls"]
    assert (howls.topic, howls.also, howls.danger, howls.ours) == ("crying-colic", ("sleep",), "NONE", True)
    assert (known["i shook her"].topic, known["i shook her"].danger) == (None, "CARD")
    assert (known["best pizza"].danger, known["best pizza"].ours) == ("NONE", False)
    assert known["mum of two"] == Example("mum of two", role="parent")
    assert set(lessons.roles) == {"parent", NOBODY}


def test_curated_questions_and_titles_teach_their_entry() -> None:
    lessons = lessons_of(Examples())
    topic = WORDS.topics["crying-colic"]
    taught = {one.text for one in lessons.learned if one.topic == topic.id}
    assert {topic.title, *topic.questions} <= taught
    assert topic.id in lessons.topics


def test_who_may_be_low_is_not_taught_that_no_line_is_due() -> None:
    heavy = WORDS.topics["crying-colic"].model_copy(update={"heavy": True})
    examples = Examples(topics=(TopicExample("crying-colic", (), "everything is grey", "a"),))
    words = replace(WORDS, topics={**WORDS.topics, "crying-colic": heavy}, examples=examples)
    dangers = {one.danger for one in gather(words).learned if one.topic == "crying-colic"}
    assert dangers == {"NOT_CARD"}


def test_all_that_is_known_of_one_text_is_kept_and_danger_counts_before_its_topic() -> None:
    lessons = lessons_of(
        Examples(
            topics=(TopicExample("crying-colic", ("sleep",), "i shook her", "a"),),
            alarms=(AlarmExample("CARD", "shaking", "i shook her", "a"),),
            roles=(RoleExample("parent", "said", "i shook her"),),
        )
    )
    [told] = [one for one in lessons.learned if one.text == "i shook her"]
    assert told == Example("i shook her", "crying-colic", ("sleep",), "CARD", True, "parent")


def test_some_messages_that_name_no_role_teach_that() -> None:
    name = next(iter(WORDS.roles.values())).label
    said = [f"{text} number {number}" for number in range(40) for text in ("he howls", f"a {name} howls")]
    lessons = lessons_of(Examples(topics=tuple(TopicExample("crying-colic", (), text, "a") for text in said)))
    quiet = [one.text for one in lessons.learned if one.role == NOBODY and one.text in said]
    assert 0 < len(quiet) < 40 / 2
    assert not any(name in text for text in quiet)


def test_one_writer_is_only_watched() -> None:
    mine = TopicExample("crying-colic", (), "learned from", "a")
    kept = TopicExample("crying-colic", (), "watched", min(HELD_APART))
    examples = Examples(topics=(mine, kept))
    words = replace(
        WORDS,
        examples=examples.of(lambda writer: writer not in HELD_APART),
        watched=examples.of(lambda writer: writer in HELD_APART),
    )
    lessons = gather(words)
    assert "watched" not in {one.text for one in lessons.learned}
    assert [one.text for one in lessons.watched] == ["watched"]


def test_the_base_keeps_the_watched_messages_out_of_its_examples(tmp_path: Path) -> None:
    folder = copy_sample(tmp_path)
    table = folder / "en" / "examples" / "topics.tsv"
    table.parent.mkdir(exist_ok=True)
    held = f"crying-colic\t\t{min(HELD_APART)}\tonly watched"
    table.write_text(f"topic\talso\twriter\ttext\n{held}\ncrying-colic\t\ta\tlearned from\n", encoding="utf-8")
    words = load(folder).words["en"]
    assert [one.text for one in words.examples.topics] == ["learned from"]
    assert [one.text for one in words.watched.topics] == ["only watched"]


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
