"""The table of the base: what each column says, of the sample, where every figure can be counted by hand."""

from datetime import date
from pathlib import Path

import pytest

from bot.errors import KnowledgeError
from bot.knowledge.load import load
from bot.knowledge.model import Knowledge
from bot.review import table
from bot.review.checking import as_table
from bot.review.table import HEADINGS, Row
from tests.sample_base import copy_sample


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copy_sample(tmp_path)


def rows(knowledge: Knowledge) -> dict[str, Row]:
    return {row.name: row for row in table.rows(knowledge, knowledge.words["en"])}


def test_a_line_an_entry(root: Path) -> None:
    knowledge = load(root)
    found = rows(knowledge)
    words = knowledge.words["en"]
    expected = [*(f"topic:{id}" for id in words.topics), *(f"role:{id}" for id in words.roles)]
    assert list(found) == [*expected, *(f"week:{id}" for id in knowledge.weeks)]


def test_what_is_counted_of_a_topic(root: Path) -> None:
    row = rows(load(root))["topic:sleep"]
    assert (row.pages, row.phrasings, row.sources) == (1, 5, 1)
    assert (row.covered, row.own) == ("1 of 3", "-")
    assert row.help_in == "2 of 3" or row.help_in == "3 of 3"
    assert row.newest == date(2026, 11, 20)
    assert row.clinical == "not-applicable"
    assert row.average == row.hardest


def test_own_words_regions_and_the_clinician_are_told(root: Path) -> None:
    path = root / "en/topics/sleep.yaml"
    text = path.read_text("utf-8")
    text = text.replace("services: [base]", "helplines: [UK-LISTEN]").replace(
        "review:\n", "review:\n  clinical: needed\n"
    )
    answer = text.split("  everyone:\n")[1].split("helplines:")[0]
    path.write_text(text.replace("helplines:", f"  childcare:\n{answer}helplines:"), "utf-8")
    row = rows(load(root))["topic:sleep"]
    assert (row.covered, row.own, row.help_in, row.clinical) == ("2 of 3", "childcare", "1 of 3", "needed")
    said = as_table(root)
    assert "childcare 2" in said or "childcare 1" in said
    assert "needed" in said


def test_a_role_says_its_actions_by_phase_and_a_week_its_announcements(root: Path) -> None:
    found = rows(load(root))
    assert found["role:parent"].covered.count("+") == 3
    assert found["week:imhaw-2025"].covered == "1 announcements"
    assert found["week:imhaw-2024"].covered == "-"


def test_columns_stand_under_their_headings(root: Path) -> None:
    lines = as_table(root).splitlines()
    assert all(heading in lines[0] for heading in HEADINGS)
    start = lines[0].index("clinician")
    listed = [line for line in lines[1:] if line.startswith(("topic:", "role:", "week:"))]
    assert {line[start:].split()[0] for line in listed} <= {"needed", "done", "not-applicable"}


def test_the_sum_of_it_stands_below(root: Path) -> None:
    below = as_table(root).split("\n\n")[1].splitlines()
    assert [line.split(":")[0].split(",")[0] for line in below] == [
        "Reading grade",
        "Longest sentence",
        "Clinician",
        "Own words by role",
    ]
    assert list(table.summary([], [])) == ["Clinician: .", "Own words by role, of 0 topics: ."]


def test_a_broken_base_has_no_table(root: Path) -> None:
    (root / "en/topics/sleep.yaml").write_text("id: sleep\n", "utf-8")
    with pytest.raises(KnowledgeError, match="title is missing"):
        as_table(root)
