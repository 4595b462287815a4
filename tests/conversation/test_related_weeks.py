"""Weeks and days of others: asked by name they answer themselves, and no other week answers in their place."""

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from bot.conversation.wording.observances import observance_lines, observances_card
from bot.conversation.wording.voice import Voice
from bot.conversation.wording.weeks import week_card
from bot.knowledge.model import Observance
from bot.knowledge.phrases import Phrase
from tests.minds import real_mind
from tests.talk import Clock, Town, town

TODAY = date(2026, 11, 20)
LIST = "topic:related-weeks"


def voice(region: str | None = None, today: date = TODAY) -> Voice:
    mind = real_mind()
    return Voice(mind.knowledge, mind.words, None, region, today)


def observance(id: str) -> Observance:
    return real_mind().knowledge.observances[id]


def name(id: str) -> str:
    return voice().pick(observance(id).name)


ASKED = {
    "when is baby loss awareness week": "baby-loss-awareness-week",
    "wen is babyloss awarness week": "baby-loss-awareness-week",
    "maternal mental health week": "maternal-mental-health-week",
    "when is maternal mental health awareness week 2025": "maternal-mental-health-week",
    "when's world maternal mental health day": "world-maternal-mental-health-day",
    "is there a day for dads' mental health": "fathers-mental-health-day",
    "is there a day for dads\N{RIGHT SINGLE QUOTATION MARK} mental health": "fathers-mental-health-day",
    "fathers mental health day date": "fathers-mental-health-day",
    "#DadsMHDay": "fathers-mental-health-day",
    "world infant child and adolescent mental health day": "world-infant-mental-health-day",
    "childrens mental health week 2026": "childrens-mental-health-week",
    "mental health awareness week dates": "mental-health-awareness-week",
    "when is safer sleep week": "safer-sleep-week",
    "sands awareness month when": "sands-awareness-month",
    "when is world prematurity day": "world-prematurity-day",
    "breathing space day": "breathing-space-day",
    "when is time to talk day": "time-to-talk-day",
    "pandas week 2026": "pandas-awareness-week",
    "childrens mental health awareness day in the us": "childrens-mental-health-week-us",
    "child abuse prevention month": "child-abuse-prevention-month",
    "is there a baby day in finland": "national-baby-day",
}


@pytest.mark.parametrize("said", ASKED)
async def test_one_that_is_named_answers_itself(real_town: Town, said: str) -> None:
    talk = real_town.talk()
    await talk.says(said)
    assert talk.target == LIST
    assert talk.sees().startswith(name(ASKED[said]))
    assert "9 to 15 June" not in talk.sees()


def test_every_one_is_asked_for() -> None:
    assert set(ASKED.values()) == set(real_mind().knowledge.observances)


async def test_a_name_that_two_share_tells_of_both(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("children's mental health awareness week")
    assert name("childrens-mental-health-week") in talk.sees()
    assert name("childrens-mental-health-week-us") in talk.sees()


@pytest.mark.parametrize(
    "said",
    [
        "when is infant mental health awareness week",
        "is infant mental health awareness week the same as mental health awareness week",
        "when is baby mental health awareness week",
        "what dates is imhaw this year",
    ],
)
async def test_our_own_week_is_not_taken_for_another(real_town: Town, said: str) -> None:
    talk = real_town.talk()
    await talk.says(said)
    assert str(talk.target).startswith("topic:week-")


async def test_who_speaks_of_a_loss_is_answered_on_the_loss(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("baby loss week is coming and i miss him so much")
    assert talk.target == "topic:baby-loss"


async def test_a_day_about_loss_quiets_what_is_cheerful(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("when is baby loss awareness week")
    assert "topic:baby-loss" in talk.buttons()
    assert LIST in talk.buttons()
    await talk.presses(LIST)
    await talk.presses("other:related-weeks")
    assert "topic:celebrate-babies" not in talk.buttons()
    assert "topic:baby-loss" in talk.buttons()


@pytest.mark.parametrize(
    ("id", "today", "asked", "unknown"),
    [
        ("maternal-mental-health-week", date(2026, 5, 1), (), "2026"),
        ("maternal-mental-health-week", date(2026, 6, 1), (), "2026 and 2027"),
        ("maternal-mental-health-week", date(2025, 5, 6), (), None),
        ("maternal-mental-health-week", TODAY, (2025,), None),
        ("maternal-mental-health-week", TODAY, (2022,), "2022"),
        ("childrens-mental-health-week", TODAY, (2026,), "2026"),
        ("fathers-mental-health-day", TODAY, (2027,), "2027"),
        ("baby-loss-awareness-week", TODAY, (2031,), None),
        ("world-prematurity-day", TODAY, (), None),
    ],
)
def test_a_year_without_a_source_has_no_dates(
    id: str, today: date, asked: tuple[int, ...], unknown: str | None
) -> None:
    said = observances_card(voice(today=today), [observance(id)], years=asked).text
    expected = voice().say(Phrase.OBSERVANCE_UNKNOWN, years=unknown or "")
    assert (expected in said) is (unknown is not None)
    assert (expected.split(unknown or "\0")[0] in said) is (unknown is not None)


@pytest.mark.parametrize("id", sorted(real_mind().knowledge.observances))
def test_a_card_says_when_whose_and_from_where_and_works_nothing_out(id: str) -> None:
    one, speaking = observance(id), voice()
    said = observances_card(speaking, [one]).text
    assert speaking.pick(one.when.says) in said
    assert speaking.pick(one.organiser.says) in said
    assert one.sources[0].name in said
    doubtful = sum(not statement.is_confirmed for statement in (one.when, one.organiser))
    mark = speaking.say(Phrase.OBSERVANCE_UNCONFIRMED, said="").strip()
    assert said.count(mark) == doubtful
    body = said.split(one.sources[0].name)[0]
    known = {str(held.year) for held in one.held} | {"2014", "2017", "2018", "2022", "2023"}
    told = [
        line for line in body.split("\n") if speaking.say(Phrase.OBSERVANCE_UNKNOWN, years="").rstrip(". ") not in line
    ]
    assert not {year for year in ("2024", "2025", "2026", "2027", "2028") if year in "\n".join(told)} - known


def test_the_list_holds_what_is_kept_where_the_reader_lives() -> None:
    ids = real_mind().words.topics["related-weeks"].observances
    lines = {region: "\n".join(observance_lines(voice(region), ids)) for region in (None, "gb-sct", "gb-eng", "us-mi")}
    assert all(name(id) in lines[None] for id in ids)
    assert name("breathing-space-day") in lines["gb-sct"]
    assert name("breathing-space-day") not in lines["gb-eng"]
    assert name("baby-loss-awareness-week") in lines["gb-eng"]
    assert name("baby-loss-awareness-week") not in lines["us-mi"]
    assert name("child-abuse-prevention-month") in lines["us-mi"]
    assert all(name("fathers-mental-health-day") in said for said in lines.values())


def test_the_card_of_an_edition_shows_each_day_with_its_topic_once() -> None:
    week = real_mind().knowledge.weeks["imhaw-2020"]
    said = week_card(voice(), week).text
    assert len(week.daily_topics) == 5
    for daily in week.daily_topics:
        line = f"{daily.on.day} June 2020: {voice().pick(daily.topic)}"
        assert said.count(line) == 1
    assert said.count("pandemic") == 1


def test_the_card_of_an_edition_says_what_nobody_has_confirmed() -> None:
    for id in ("imhaw-2018", "imhaw-2019"):
        week = real_mind().knowledge.weeks[id]
        said = week_card(voice(), week).text
        assert voice().say(Phrase.WEEK_NO_THEME) in said
        assert voice().say(Phrase.WEEK_NO_HASHTAGS, name=voice().pick(week.name)) in said
    pledged = real_mind().knowledge.weeks["imhaw-2021"]
    assert pledged.pledge is not None
    assert voice().pick(pledged.pledge) in week_card(voice(), pledged).text


async def test_the_list_stands_on_the_day_it_is_asked_for(tmp_path: Path) -> None:
    on = datetime.combine(date(2025, 5, 6), time(12), UTC)
    async with town(real_mind, tmp_path, Clock(on)) as one:
        talk = one.talk()
        await talk.says("maternal mental health awareness week")
        assert "5 to 11 May 2025" in talk.sees()
        assert "no checked dates" not in talk.sees()
