"""Everything that a command, a button or a deep link can open, opened: nothing leads into a wall."""

from datetime import date

import pytest

from bot.conversation.commands import COMMANDS, SAME_AS, described
from bot.conversation.wording.choices import target_title
from bot.conversation.wording.dates import span
from bot.conversation.wording.helplines import helpline_line
from bot.conversation.wording.page import Page
from bot.conversation.wording.voice import Voice
from bot.conversation.wording.weeks import facet_lines
from bot.knowledge.model import Facet, WeekFacet
from tests.minds import real_mind
from tests.talk import Town

TODAY = date(2026, 11, 20)


def voice(region: str | None = None, today: date = TODAY) -> Voice:
    mind = real_mind()
    return Voice(mind.knowledge, mind.words, None, region, today)


@pytest.mark.parametrize("region", [None, "gb-sct", "us-mi", "elsewhere"])
async def test_every_capability_and_topic_opens(real_town: Town, region: str | None) -> None:
    talk = real_town.talk()
    await talk.says("/start")
    if region:
        await talk.presses_forged(f"region:{region}")
    words = real_mind().words
    for target in [*(f"action:{id}" for id in words.capabilities), *(f"topic:{id}" for id in words.topics)]:
        await talk.presses_forged(target)
        assert talk.sees(), target
        assert talk.target is not None, target
        await talk.presses_forged(f"other:{target.partition(':')[2]}")
        assert talk.sees()


async def test_every_week_and_role_opens_with_all_its_tabs(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("/start")
    mind = real_mind()
    for week in mind.knowledge.weeks:
        await talk.presses_forged(f"week:{week}")
        assert talk.target == f"week:{week}"
        await talk.says("what else?")
        assert talk.target == f"week:{week}"
    for role in mind.words.roles.values():
        await talk.presses_forged(f"role:{role.id}")
        assert talk.sees()
        for phase, actions in role.actions.items():
            await talk.presses_forged(f"tab:{role.id}:{phase}")
            assert talk.target == f"role:{role.id}"
            for action in actions:
                await talk.presses_forged(f"act:{role.id}:{phase}:{action.id}")
                assert talk.target == f"role:{role.id}"
        await talk.presses_forged("action:role-actions")
        assert talk.target == f"role:{role.id}"
        await talk.presses_forged("action:role-resources")
        assert talk.sees()


@pytest.mark.parametrize("name", [*COMMANDS, *SAME_AS, "nonsense"])
async def test_every_command_answers_alone_and_with_words_behind_it(real_town: Town, name: str) -> None:
    talk = real_town.talk()
    await talk.says(f"/{name}")
    assert talk.sees()
    await talk.says(f"/{name} please help")
    assert talk.sees()


@pytest.mark.parametrize("group", ["family", "practice", "policy", "employer", "community"])
async def test_every_group_leads_to_its_roles(real_town: Town, group: str) -> None:
    talk = real_town.talk()
    await talk.says("/start")
    await talk.presses_forged(f"group:{group}")
    assert talk.sees()
    assert talk.buttons()


async def test_a_card_asks_for_the_region_again_when_it_is_another(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("how do i bond with my baby")
    await talk.presses("region:gb-eng:topic:bonding")
    await talk.presses("regions:topic:bonding")
    assert "region:us:topic:bonding" in talk.buttons()


async def test_a_rating_below_and_an_other_reading(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("how do i bond with my baby")
    await talk.presses("rate:not_helpful:bonding")
    assert "action:human-help" in talk.buttons()
    await talk.presses_forged("other:bonding")
    assert talk.buttons()[-1] == "menu"
    assert "topic:bonding" not in talk.buttons()


@pytest.mark.parametrize("target", ["topic:gone", "role:gone", "week:gone", "action:gone", "nothing", "colour:blue"])
def test_what_does_not_exist_has_no_title(target: str) -> None:
    assert target_title(voice(), target) is None


@pytest.mark.parametrize(
    ("starts", "ends", "said"),
    [
        (date(2025, 6, 9), date(2025, 6, 9), "9 June 2025"),
        (date(2025, 6, 9), date(2025, 6, 15), "9 to 15 June 2025"),
        (date(2025, 6, 30), date(2025, 7, 6), "30 June to 6 July 2025"),
        (date(2025, 12, 29), date(2026, 1, 4), "29 December 2025 to 4 January 2026"),
    ],
)
def test_spans_of_days(starts: date, ends: date, said: str) -> None:
    assert span(voice(), starts, ends) == said


@pytest.mark.parametrize("facet", WeekFacet)
@pytest.mark.parametrize("today", [TODAY, date(2025, 6, 10), date(2025, 1, 1), date(2010, 1, 1), date(2040, 12, 31)])
def test_no_facet_speaks_of_a_past_week_as_coming(facet: WeekFacet, today: date) -> None:
    for series in real_mind().knowledge.series:
        lines = facet_lines(voice(today=today), Facet(series=series, shows=facet))
        over = all(week.is_over(today) for week in real_mind().knowledge.weeks.values() if week.series == series)
        assert not (over and any("coming" in line for line in lines))


def test_every_helpline_is_worded_and_hides_what_may_not_be_shown() -> None:
    for helpline in real_mind().knowledge.helplines.values():
        line = helpline_line(voice(), helpline)
        assert helpline.name in line
        if helpline.phone and not helpline.status.shows_number:
            assert helpline.phone.spoken not in line


def test_the_commands_are_described_for_private_chats_and_for_groups() -> None:
    everywhere, groups = described(voice()), described(voice(), groups=True)
    assert set(groups) < set(everywhere)
    assert all(description for _, description in everywhere)


def test_pages_take_no_empty_lines() -> None:
    reply = Page().line("").small("").block("Heading", []).line("Something").reply()
    assert reply.text == "Something"
