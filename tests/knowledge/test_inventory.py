"""The base holds what it was asked to hold, and a few of its facts are those that were gathered.

The lists are written out here: an id that is lost on the way is missed here, and nowhere else.
"""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.conversation.wording.dates import span
from bot.conversation.wording.voice import Voice
from bot.knowledge.check import ALARM_FAMILIES, CAPABILITIES
from bot.knowledge.checks.numbers import digits_of, numbers_in
from bot.knowledge.load import load
from bot.knowledge.model import Knowledge, Status, Words
from bot.knowledge.phrases import Phrase
from tests.minds import real_mind
from tests.review.rendered import shown
from tests.sample_base import KNOWLEDGE
from tests.talk import Clock, Town, town


def ids(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


ROLES = ids("""
parent family community-member educator healthcare social-worker imh-specialist policy-maker childcare home-visitor
nonprofit community-leader employer
mp commissioner camhs midwife health-visitor gp school library faith-leader foster-kinship-carer father-partner
grandparent researcher journalist
""")

TOPICS = ids("""
crying-colic sleep safe-sleep feeding bonding bonding-before-birth low-mood-pnd anxiety-worry birth-trauma
postpartum-psychosis dads-partners anger-overwhelm loneliness self-care premature-nicu multiples young-parent
single-parent adoption-fostering-kinship grandparents-family siblings baby-loss domestic-abuse substance-use
money-worries work-childcare toddler-behaviour separation-anxiety play-talk screens development-concerns
baby-distress-signs parent-infant-teams health-visitor-access family-hubs home-visiting supporting-a-friend
fear-of-services equity lgbtq-parents relationship-conflict housing pregnancy-after-loss repair what-is-imh
can-babies-have-mental-health why-early-years-matter attachment first-1001-days research-evidence trauma-early training
referral screening-assessment reflective-supervision commissioning-case nursery-practice workplace-support
family-leave-policy policy-asks community-event fundraising-donate book-appointment
""")
FINER = {"housing": "money-worries", "pregnancy-after-loss": "baby-loss", "repair": "attachment"}

WEEK_TOPICS = ids("""
week-what-is week-dates week-theme week-get-involved week-previous week-events week-comms-pack week-hashtags
week-pledge week-photo-wall ask-your-mp celebrate-babies
""")

ACTIONS = ids("""
role-actions role-resources newsletter about-the-bot privacy opt-out human-help change-role change-region urgent-help
""")

FAMILIES = ids("""
suicide self-harm harm-to-baby shaking psychosis medical-emergency-baby medical-emergency-parent domestic-abuse-danger
child-abuse abandonment
""")

REGIONS = {
    "gb-eng": "gb",
    "gb-sct": "gb",
    "gb-wls": "gb",
    "gb-nir": "gb",
    "ie": None,
    "us-mi": "us",
    "us": None,
    "elsewhere": None,
}

EDITIONS = {
    "imhaw-2016": (date(2016, 6, 6), date(2016, 6, 10)),
    "imhaw-2017": (date(2017, 6, 12), date(2017, 6, 16)),
    "imhaw-2018": (date(2018, 6, 11), date(2018, 6, 17)),
    "imhaw-2019": (date(2019, 6, 10), date(2019, 6, 16)),
    "imhaw-2020": (date(2020, 6, 7), date(2020, 6, 12)),
    "imhaw-2021": (date(2021, 6, 7), date(2021, 6, 13)),
    "imhaw-2022": (date(2022, 6, 13), date(2022, 6, 19)),
    "imhaw-2023": (date(2023, 6, 12), date(2023, 6, 18)),
    "imhaw-2024": (date(2024, 6, 10), date(2024, 6, 16)),
    "imhaw-2025": (date(2025, 6, 9), date(2025, 6, 15)),
    "celebrate-babies-2018": (date(2018, 10, 8), date(2018, 10, 12)),
    "celebrate-babies-2021": (date(2021, 10, 18), date(2021, 10, 22)),
    "celebrate-babies-2024": (date(2024, 10, 21), date(2024, 10, 25)),
    "celebrate-babies-2025": (date(2025, 10, 20), date(2025, 10, 24)),
}
THEMES = {
    "imhaw-2017": "Begin Before Birth",
    "imhaw-2021": "Including Infants",
    "imhaw-2022": "Understanding Early Trauma",
    "imhaw-2023": "Bonding Before Birth",
    "imhaw-2024": "Speak up for babies",
    "imhaw-2025": "Who is holding the baby?",
}

HELPLINES = ids("""
UK-999 EN-111MH EN-111 EN-CALMER UK-SAM UK-SHOUT UK-CHILD UK-NSPCC UK-PANDAS UK-APP UK-APNI UK-NCT UK-FEED UK-CRYSIS
EW-FAMLIVES UK-HOMESTART UK-LULL-S UK-LULL-B UK-SANDS UK-TOMMYS UK-MISC UK-CRUSE UK-BLISS UK-TWINS UK-BTA EN-NDAH
UK-MAL UK-RESP UK-GINGER UK-CONTACT EW-KINSHIP EN-FRG UK-FRANK UK-DRINK UK-STEP UK-MONEY UK-NDL EN-CAB UK-MIND
UK-PAPYRUS EN-DADS SC-111MH SC-BREATH SC-DA SC-CF SC-CRUSE SC-CAS SC-INFO WA-111MH WA-LFF WA-CAB NI-LIFE NI-DSA
NI-PARENT NI-PMH NI-ADV IE-999 IE-SAM IE-TEXT IE-HSE IE-PARENT IE-WA IE-MA IE-PND IE-PMH IE-DRUG IE-MABS IE-GRIEF
IE-CHILD US-911 US-988 US-MMH US-PSI US-CHILDHELP US-NDVH US-SAMHSA US-211 MI-CPS MI-EARLYON MI-211 MI-CMH MI-MIHP
MI-AIMH
""")
WITHOUT_NUMBER = ids("""
UK-FEED UK-LULL-B UK-TOMMYS UK-MISC UK-TWINS UK-RESP UK-CONTACT EW-KINSHIP UK-DRINK IE-HSE UK-PANDAS UK-BLISS NI-PARENT
IE-CHILD
""")
"""Lines whose number comes from a program or is not confirmed: readers see the website alone."""

REFERENCES = ids("""
R1 R2 R2b R3 R4 R5 R6 R7 R8 R9 R10 R10b R11 R12 R13 R14 R15 R16 R17 R18 R19 R20 R21 R22 R23 R24 R25 R27 R28 R29 R30 R31
R32 R33 R34 R35 R36 R37 R38 R39 R40 R41 R42 R43 R45 R46 R47 R48 R50 R51 R53 R54 R55 R56 R57 R58 R59
""")

NUMBERS = {
    "UK-SAM": "116 123",
    "UK-CRYSIS": "0800 448 0737",
    "EN-NDAH": "0808 2000 247",
    "SC-CF": "08000 28 22 33",
    "WA-LFF": "0808 80 10 800",
    "NI-LIFE": "0808 808 8000",
    "IE-PARENT": "01 873 3500",
    "US-MMH": "1-833-852-6262",
    "US-NDVH": "1-800-799-7233",
    "MI-CPS": "855-444-3911",
}
FIGURES = {
    "topic:commissioning-case": ("49", "4 to 6%", "27 teams in 2019", "42%", "36%", "300"),
    "week:imhaw-2020": ("7,400", "14.2 million"),
    "week:imhaw-2022": ("4 in 5",),
    "week:imhaw-2025": ("49", "27 in 2019", "fewer than 10"),
    "week:celebrate-babies-2021": ("13",),
}


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load(KNOWLEDGE)


@pytest.fixture(scope="module")
def words(knowledge: Knowledge) -> Words:
    return knowledge.words["en"]


def test_every_role_is_there_with_words_actions_and_links(knowledge: Knowledge, words: Words) -> None:
    assert set(knowledge.roles) >= ROLES
    for role in (words.roles[id] for id in ROLES):
        assert 4 <= sum(map(len, role.actions.values())) <= 8, role.id
        assert len(role.actions) == 4, role.id
        assert 2 <= len(role.resources) <= 7, role.id


def test_every_topic_is_there_and_finer_ones_name_their_broader(words: Words) -> None:
    assert set(words.topics) >= TOPICS | WEEK_TOPICS
    assert {id: words.topics[id].part_of for id in FINER} == FINER


def test_every_capability_and_every_family_of_danger_has_words(words: Words) -> None:
    assert set(words.capabilities) >= ACTIONS
    assert ACTIONS <= CAPABILITIES
    assert FAMILIES <= ALARM_FAMILIES
    assert set(words.cards) >= FAMILIES


def test_every_family_of_danger_is_said_in_english(knowledge: Knowledge) -> None:
    assert {rule.family for rule in knowledge.alarms["en"].rules} >= FAMILIES


def test_every_region_is_there_under_its_parent(knowledge: Knowledge) -> None:
    assert {id: knowledge.regions[id].parent for id in REGIONS} == REGIONS
    assert all(knowledge.regions[id].offered for id in REGIONS)
    assert knowledge.regions["gb"].offered is False


def test_every_helpline_is_there(knowledge: Knowledge) -> None:
    assert set(knowledge.helplines) >= HELPLINES


def test_every_reference_of_the_list_of_links_is_there(knowledge: Knowledge) -> None:
    found = {one.strip() for resource in knowledge.resources.values() for one in (resource.reference or "").split(",")}
    assert found >= REFERENCES


def test_every_edition_is_there_with_its_days_and_theme(knowledge: Knowledge, words: Words) -> None:
    assert {id: (knowledge.weeks[id].starts, knowledge.weeks[id].ends) for id in EDITIONS} == EDITIONS
    themes = {id: words.pick(theme) if (theme := knowledge.weeks[id].theme) else "" for id in THEMES}
    assert all(themes[id].startswith(theme) for id, theme in THEMES.items())
    assert knowledge.weeks["imhaw-2018"].theme is None, "nobody has found one"


def test_no_edition_is_worked_out_from_a_pattern(knowledge: Knowledge) -> None:
    assert max(week.year for week in knowledge.weeks.values()) == 2025


def test_a_hashtag_belongs_to_its_own_year(knowledge: Knowledge) -> None:
    found = {tag: week.year for week in knowledge.weeks.values() for tag in week.hashtags}
    assert (found["#IncludingInfants"], found["#SpeakUpForBabies"], found["#IMHAW20"]) == (2021, 2024, 2020)
    assert knowledge.weeks["imhaw-2025"].hashtags == (), "none was seen"


@pytest.mark.parametrize("id", NUMBERS)
def test_a_number_is_the_one_that_was_gathered(knowledge: Knowledge, id: str) -> None:
    helpline = knowledge.helplines[id]
    assert helpline.phone is not None
    assert helpline.phone.spoken == NUMBERS[id]
    assert helpline.status.shows_number


def test_texting_services_have_their_word_and_number(knowledge: Knowledge) -> None:
    texts = {id: line.text for id in ("UK-SHOUT", "IE-TEXT", "US-NDVH") if (line := knowledge.helplines[id])}
    assert {id: (text.keyword, text.number) for id, text in texts.items() if text} == {
        "UK-SHOUT": ("SHOUT", "85258"),
        "IE-TEXT": ("HELLO", "50808"),
        "US-NDVH": ("START", "88788"),
    }


@pytest.mark.parametrize("id", FIGURES)
def test_a_figure_is_the_one_that_was_gathered(knowledge: Knowledge, words: Words, id: str) -> None:
    kind, _, name = id.partition(":")
    entry = words.topics[name] if kind == "topic" else knowledge.weeks[name]
    text = entry.model_dump_json()
    for figure in FIGURES[id]:
        assert figure.casefold() in text.casefold(), figure


def test_lines_without_a_checked_number_show_their_website_alone_on_every_card(knowledge: Knowledge) -> None:
    lines = [line for line in knowledge.helplines.values() if not line.status.shows_number]
    assert {line.id for line in lines} >= WITHOUT_NUMBER
    assert {line.status for line in lines} <= {Status.CODE, Status.GK, Status.UNCONFIRMED}
    numbers = {digits_of(phone.spoken) for line in lines if (phone := line.phone)}
    numbers |= {digits_of(phone.international) for line in lines if (phone := line.phone) and phone.international}
    assert len(numbers) > 10
    seen = [line for line in shown().lines if any(numbers_in(line, numbers))]
    assert seen == []
    for line in lines:
        told = [one for one in shown().lines if one.removeprefix("• ").startswith(f"{line.name}:")]
        assert line.id == "UK-LULL-B" or told, line.id
        assert all(line.website is None or line.website.split("/")[2].removeprefix("www.") in one for one in told)


def test_withdrawn_numbers_stand_on_no_card(knowledge: Knowledge) -> None:
    numbers = {digits_of(one.number) for one in knowledge.withdrawn}
    assert len(numbers) >= 8
    assert [line for line in shown().lines if any(numbers_in(line, numbers))] == []


ANNOUNCED_TO = {"everyone", "parent", "childcare", "employer", "mp"}


def test_a_week_has_its_announcements_from_save_the_date_to_thank_you(knowledge: Knowledge) -> None:
    week = knowledge.weeks["imhaw-2025"]
    days = [one.days_from_start for one in week.announcements]
    length = (week.ends - week.starts).days + 1
    assert days == sorted(days)
    assert days[0] < -28, "people need time to plan"
    assert -7 in days
    assert set(range(length)) <= set(days), "one for each day"
    assert days[-1] >= length, "and thanks afterwards"
    for one in week.announcements:
        assert set(one.texts) >= ANNOUNCED_TO, one.id
        assert len({text["en"] for text in one.texts.values()}) == len(one.texts), "each audience has words of its own"


def test_only_days_of_the_week_have_a_topic_and_only_where_the_organisers_gave_one(knowledge: Knowledge) -> None:
    given = {
        week.id: [one.on.day for one in week.daily_topics] for week in knowledge.weeks.values() if week.daily_topics
    }
    assert given == {"imhaw-2020": [8, 9, 10, 11, 12]}


DAYS = {
    "1 May 2026": (datetime(2026, 5, 1, 9, tzinfo=UTC), "2026"),
    "10 June 2025": (datetime(2025, 6, 10, 9, tzinfo=UTC), None),
    "20 November 2026": (datetime(2026, 11, 20, 9, tzinfo=UTC), "2026 and 2027"),
    "8 June 2027": (datetime(2027, 6, 8, 9, tzinfo=UTC), "2027"),
}


@pytest.fixture
async def at(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Town]:
    async with town(real_mind, tmp_path, Clock(DAYS[request.param][0])) as place:
        yield place


@pytest.mark.parametrize(("at", "day"), [(day, day) for day in DAYS], indirect=["at"])
async def test_when_the_week_is_depends_on_the_day(at: Town, day: str) -> None:
    now, unknown = DAYS[day]
    voice = Voice(real_mind().knowledge, real_mind().words, None, None, now.date())
    week = voice.knowledge.weeks["imhaw-2025"]
    dates = {"name": voice.pick(week.name), "dates": span(voice, week.starts, week.ends)}
    talk = at.talk()
    await talk.says("when is infant mental health awareness week?")
    assert talk.target == "topic:week-dates"
    said = talk.sees()
    assert "9 to 15 June 2025" in said
    assert (voice.say(Phrase.WEEK_RUNNING, **dates) in said) is (unknown is None)
    assert (voice.say(Phrase.WEEK_WAS, **dates) in said) is (unknown is not None)
    assert voice.say(Phrase.WEEK_COMING, **dates) not in said
    if unknown:
        page = voice.knowledge.resources["parent-infant-foundation.imhaw"].url
        assert voice.say(Phrase.WEEK_UNKNOWN, years=unknown, page=page) in said
    else:
        assert voice.say(Phrase.WEEK_UNKNOWN, years="2025", page="").split("2025")[0] not in said
