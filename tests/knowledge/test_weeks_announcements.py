"""The plans of announcements: who is told what, and that every text fits where it goes."""

import pytest

from bot.knowledge.model import Announcement, Knowledge, Week
from tests.minds import real_mind

LONGEST = 400
"""Characters of an announcement, so that it is read to its end on a small telephone."""
FOR_ALL = ("save-the-date", "one-week-before", "day-1", "thank-you")
CELEBRATED = {"everyone", "parent", "childcare", "employer", "mp", "imh-specialist", "community-leader"}


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return real_mind().knowledge


def plan(week: Week) -> dict[str, Announcement]:
    return {one.id: one for one in week.announcements}


@pytest.mark.parametrize("id", FOR_ALL)
def test_every_role_has_words_of_its_own_at_the_turns_of_the_june_week(knowledge: Knowledge, id: str) -> None:
    texts = plan(knowledge.weeks["imhaw-2025"])[id].texts
    assert set(texts) >= {"everyone", *knowledge.roles}
    assert len({text["en"] for text in texts.values()}) == len(texts)


def test_the_october_week_has_a_plan_from_save_the_date_to_thank_you(knowledge: Knowledge) -> None:
    week = knowledge.weeks["celebrate-babies-2025"]
    days = [one.days_from_start for one in week.announcements]
    length = (week.ends - week.starts).days + 1
    assert days == sorted(days)
    assert days[0] < -28
    assert -7 in days
    assert set(range(length)) <= set(days)
    assert days[-1] >= length
    for one in week.announcements:
        assert set(one.texts) >= CELEBRATED, one.id
        assert len({text["en"] for text in one.texts.values()}) == len(one.texts)


def test_whoever_is_told_to_save_the_date_is_told_the_date(knowledge: Knowledge) -> None:
    said = {"imhaw-2025": "9 to 15 June 2025", "celebrate-babies-2025": "20 to 24 October 2025"}
    for id, date in said.items():
        for text in plan(knowledge.weeks[id])["save-the-date"].texts.values():
            assert date in text["en"]


def test_every_text_is_short(knowledge: Knowledge) -> None:
    texts = [
        text["en"]
        for week in knowledge.weeks.values()
        for announcement in week.announcements
        for text in announcement.texts.values()
    ]
    assert len(texts) > 150
    assert [text for text in texts if len(text) > LONGEST] == []
