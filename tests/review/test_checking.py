"""What the base holds, whether every card fits, and what `check` says of a broken one."""

from pathlib import Path

import pytest

from bot.errors import UsageError
from bot.messaging import Button, Reply, Span
from bot.review import listing
from bot.review.checking import as_table, check
from bot.review.rendering import MOST_UNITS, Card
from tests.minds import real_mind, sample_mind
from tests.review.rendered import TODAY, report, shown
from tests.sample_base import KNOWLEDGE, copy_sample

WHAT = ("roles", "topics", "weeks", "helplines", "resources", "regions")


@pytest.mark.parametrize("what", WHAT)
def test_lists_hold_bare_ids_titles_and_counts(what: str) -> None:
    mind = sample_mind()
    rows = listing.rows(mind.knowledge, "en", what)
    assert rows
    for row in rows:
        assert {"id", "title", "part_of"} <= row.keys()
        assert ":" not in row["id"]
        assert row["title"]
    assert len({row["id"] for row in rows}) == len(rows)
    assert len(listing.plain(rows).splitlines()) == len(rows)


def test_lists_are_those_of_the_base() -> None:
    mind = real_mind()
    ids = {what: [row["id"] for row in listing.rows(mind.knowledge, "en", what)] for what in WHAT}
    assert set(ids["topics"]) == set(mind.words.topics)
    assert ids["roles"] == list(mind.knowledge.roles)
    assert "gb" in ids["regions"]
    assert {row["id"]: row["offered"] for row in listing.rows(mind.knowledge, "en", "regions")}["gb"] is False


def test_nothing_else_can_be_listed() -> None:
    with pytest.raises(UsageError, match="unicorns"):
        listing.rows(sample_mind().knowledge, "en", "unicorns")
    assert listing.plain([]) == ""


def test_every_card_of_the_real_base_fits_and_says_where_it_comes_from() -> None:
    seen = shown()
    print(f"{seen.cards} cards, {seen.sourced} with source and date, the longest {seen.longest} of {MOST_UNITS}")  # noqa: T201 - the figures to look at
    assert report().errors == []
    assert 0 < seen.longest <= MOST_UNITS
    regions, roles, topics = 8 + 1, 27 + 1, len(real_mind().words.topics)
    assert seen.sourced > regions * roles * topics, "at least one page a topic for every role and region"


def test_a_card_without_its_source_or_day_is_named() -> None:
    reply = Reply((Span("Sleep. From: Example, 2026."),))
    assert Card("topic:sleep", reply, "From: Example, 2026.").problem() is None
    assert "source" in str(Card("topic:sleep", reply, "From: Other, 2026.").problem())
    assert "date" in str(Card("topic:sleep", reply, "From: Example").problem())


def test_a_card_that_does_not_fit_is_named() -> None:
    long = Card("topic:long", Reply((Span("\N{BABY}" * 2049),)))
    assert long.units == 4098, "as Telegram counts, in UTF-16"
    assert "topic:long" in str(long.problem())
    crowded = Card("topic:many", Reply((Span("x"),), tuple((Button("b", payload="menu"),) for _ in range(101))))
    assert "101 buttons" in str(crowded.problem())
    assert Card("topic:fits", Reply((Span("x" * 4096),))).problem() is None


def test_the_sample_is_checked_and_its_cards_are_counted(tmp_path: Path) -> None:
    report = check(copy_sample(tmp_path), TODAY)
    assert report.errors == []
    assert "cards worded" in report.text()
    assert report.text().count("\n") == len(report.warnings)


def test_a_broken_base_is_told_by_file_and_line(tmp_path: Path) -> None:
    root = copy_sample(tmp_path)
    topic = root / "en" / "topics" / "sleep.yaml"
    topic.write_text(topic.read_text(encoding="utf-8").replace("title:", "titel:"), encoding="utf-8")
    report = check(root, TODAY)
    assert any("topics/sleep.yaml:" in error for error in report.errors)


def test_a_card_too_long_is_an_error_of_the_check(tmp_path: Path) -> None:
    root = copy_sample(tmp_path)
    book = root / "en" / "phrasebook.yaml"
    text = book.read_text(encoding="utf-8")
    book.write_text(text.replace("menu.intro: ", f"menu.intro: {'very ' * 1000}", 1), encoding="utf-8")
    report = check(root, TODAY)
    assert any("menu" in error and "characters" in error for error in report.errors)


KEPT_BACK = {"EN-CALMER", "UK-LULL-B"}
"""Lines that the base holds and no card shows: one serves a part of England alone, one has no checked number and
stands behind the five that a card of its topic names."""


def test_the_base_that_ships_only_needs_its_numbers_looked_at() -> None:
    """Warnings that editors can do away with by writing better are done away with."""
    others = [line for line in report().warnings if "live site" not in line and "look it up" not in line]
    assert {line.split('"')[1] for line in others if "no card shows" in line} == KEPT_BACK
    assert [line for line in others if "no card shows" not in line] == []


def test_the_table_has_a_line_for_every_entry_and_says_honestly_who_has_read_it() -> None:
    text = as_table(KNOWLEDGE)
    mind = real_mind()
    for name in [f"topic:{id}" for id in mind.words.topics] + [f"role:{id}" for id in mind.words.roles]:
        assert any(line.startswith(f"{name} ") for line in text.splitlines()), name
    topics, roles, weeks = mind.words.topics.values(), mind.words.roles.values(), mind.knowledge.weeks.values()
    reviews = [*(one.review for one in topics), *(one.review for one in roles), *(one.review for one in weeks)]
    needed = sum(review.clinical == "needed" for review in reviews)
    assert needed
    assert f" {needed} needed" in text
    assert " done" not in text, "no clinician has read any of it yet"
