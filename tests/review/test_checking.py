"""What the base holds, whether every card fits, and what `check` says of a broken one."""

from datetime import date
from pathlib import Path

import pytest

from bot.errors import UsageError
from bot.messaging import Button, Reply, Span
from bot.review import listing
from bot.review.checking import check
from bot.review.rendering import MOST_UNITS, Card, cards
from tests.minds import real_mind, sample_mind
from tests.sample_base import KNOWLEDGE, copy_sample

TODAY = date(2026, 11, 20)
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


def test_every_card_of_the_real_base_fits_into_one_message() -> None:
    mind = real_mind()
    counted, longest = 0, 0
    for card in cards(mind.knowledge, mind.words, TODAY):
        counted += 1
        longest = max(longest, card.units)
        assert card.problem() is None
        assert card.units > 0
    print(f"{counted} cards, the longest {longest} of {MOST_UNITS} characters")  # noqa: T201 - the figure to look at
    assert counted > 1000


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


def test_the_base_that_ships_has_no_error() -> None:
    assert check(KNOWLEDGE, TODAY).errors == []
