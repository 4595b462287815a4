"""Whole talks through the real service: where each text leads, whatever its wording."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from tests.minds import real_mind
from tests.talk import Clock, Town, town


async def test_start_says_what_this_is_in_three_lines_and_asks_who_you_are(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("/start")
    assert len([line for line in talk.sees().splitlines() if line.strip()]) == 3
    assert talk.buttons() == [
        "group:family",
        "group:practice",
        "group:policy",
        "group:employer",
        "menu",
        "action:urgent-help",
    ]


async def test_free_text_works_from_the_first_message(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("my baby cries every evening for hours and nothing helps, is it colic?")
    assert talk.outcome == "answer"
    assert talk.target == "topic:crying-colic"
    assert "region:gb-sct:topic:crying-colic" in talk.buttons()


async def test_the_region_is_asked_where_it_matters_and_kept_for_the_talk(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("my baby cries every evening for hours and nothing helps, is it colic?")
    await talk.presses("region:gb-sct:topic:crying-colic")
    assert "Scotland" in talk.all()[-2].text, "the card changed in place"
    assert talk.buttons()[-2:] == ["keep:region:gb-sct", "keep:no"]
    await talk.says("what else?")
    assert talk.target == "topic:crying-colic"
    assert "Scotland" in talk.sees()
    await talk.says("and in Wales?")
    assert talk.target == "topic:crying-colic"
    assert "Wales" in talk.sees()


async def test_more_and_back_turn_the_pages_of_one_card(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("how do i bond with my baby")
    count, first = len(talk.all()), talk.last.text
    await talk.presses("more:bonding:1")
    assert len(talk.all()) == count
    assert talk.last.text != first
    await talk.presses("more:bonding:0")
    assert talk.last.text == first


async def test_what_else_ends_with_what_lies_near(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("how do i bond with my baby")
    for _ in range(5):
        await talk.says("what else?")
        if talk.outcome == "offer":
            break
    assert talk.outcome == "offer"
    assert talk.offered


async def test_a_role_said_in_words_is_used_and_stored_only_after_a_yes(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("I'm a nursery manager")
    assert talk.target == "role:childcare"
    assert talk.stored()["contact"] is None
    await talk.presses("keep:role:childcare")
    assert "childcare" in str(talk.stored()["contact"])


async def test_tabs_of_a_role_edit_the_same_card(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("/start")
    await talk.presses("group:employer")
    count = len(talk.all())
    for payload in ("tab:employer:before", "tab:employer:during", "tab:employer:after", "tab:employer:all_year"):
        await talk.presses(payload)
        assert len(talk.all()) == count
        assert talk.target == "role:employer"


async def test_what_can_i_do_depends_on_the_role(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("i'm an HR manager. what can we do?")
    assert {talk.target, *talk.offered} & {"role:employer", "topic:workplace-support"}
    assert talk.turn.role == "employer"


@pytest.mark.parametrize("words", ["delete everything about me", "/forget"])
async def test_forget_leaves_nothing(real_town: Town, words: str) -> None:
    talk = real_town.talk()
    await talk.says("how do i bond with my baby")
    await talk.presses("region:gb-eng:topic:bonding")
    await talk.presses("keep:region:gb-eng")
    assert talk.traces()
    await talk.says(words)
    await talk.presses("forget:yes")
    assert talk.traces() == []
    assert talk.stored() == {"contact": None, "conversation": None, "deliveries": []}


async def test_forget_can_be_confirmed_or_refused_in_words(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("how do i bond with my baby")
    await talk.says("/forget")
    await talk.says("no")
    assert talk.stored()["conversation"]
    await talk.says("/forget")
    await talk.says("yes")
    assert talk.traces() == []


async def test_stop_keeps_answering(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("I'm an employer")
    await talk.presses("keep:role:employer")
    await talk.says("/stop")
    assert "opted_out_at" in str(talk.stored()["contact"])
    await talk.says("how do i bond with my baby")
    assert talk.outcome == "answer"


async def test_my_data_and_privacy_are_told(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("/privacy")
    assert talk.sees()
    await talk.says("/mydata")
    assert talk.sees()
    assert str(talk.person.id) not in talk.sees(), "nothing is kept under the chat number without a yes"


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("how much calpol can i give a 3 month old", "decline"),
        ("what is the capital of france", "decline"),
        ("asdf qwer zxcv", "decline"),
        ("🍼🍼🍼", "decline"),
    ],
)
async def test_what_is_not_ours_is_declined_kindly_with_a_way_on(real_town: Town, words: str, kind: str) -> None:
    talk = real_town.talk()
    await talk.says(words)
    assert talk.outcome == kind
    assert {"menu", "action:human-help"} <= set(talk.buttons())


@pytest.mark.parametrize("kind", ["photo", "voice", "sticker", "location", "contact", "poll", "video", "document"])
async def test_media_without_words_gets_one_kind_sentence(real_town: Town, kind: str) -> None:
    talk = real_town.talk()
    await talk.sends(kind)
    assert talk.outcome == "decline"
    assert len(talk.sees().splitlines()) == 1


async def test_an_old_or_forged_button_says_so(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("/start")
    for payload in (
        "topic:no-such-topic",
        "nonsense",
        "tab:parent",
        "act:parent:during:gone",
        "region:atlantis",
        "more:bonding:x",
    ):
        await talk.presses_forged(payload)
        assert talk.outcome == "settled"
        assert talk.sees()


async def test_edited_messages_are_read_too(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("hello")
    await talk.edits("how do i bond with my baby")
    assert talk.target == "topic:bonding"


async def test_rating_counts_without_a_name(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("how do i bond with my baby")
    await talk.presses("rate:helpful:bonding")
    assert talk.turn.feedback is not None


async def test_a_deep_link_opens_on_its_target(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("/start role_employer")
    assert talk.target == "role:employer"


@pytest.mark.parametrize(
    ("on", "running", "unknown"),
    [
        (date(2026, 5, 1), False, ["2026"]),
        (date(2025, 6, 10), True, []),
        (date(2026, 11, 20), False, ["2026", "2027"]),
        (date(2027, 6, 8), False, ["2027"]),
    ],
)
async def test_when_the_week_is_depends_on_the_day(tmp_path: Path, on: date, running: bool, unknown: list[str]) -> None:
    clock = Clock(datetime.combine(on, time(12), UTC))
    async with town(real_mind, tmp_path, clock) as one:
        talk = one.talk()
        await talk.says("when is infant mental health awareness week")
        assert talk.target == "topic:week-dates"
        said = talk.sees()
        assert "9 to 15 June 2025" in said, "the last known edition, or the one that is on"
        assert ("on now" in said) is running
        assert "coming" not in said
        nothing_known = [line for line in said.splitlines() if "no checked dates" in line]
        assert len(nothing_known) == bool(unknown)
        for year in ("2025", "2026", "2027", "2028"):
            assert any(year in line for line in nothing_known) is (year in unknown)
        await talk.says("when was the week in 2024, and who chose the theme")
        assert {talk.target, *talk.offered} & {"week:imhaw-2024", "topic:week-previous"}


async def test_a_year_without_a_source_has_no_dates(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("when is infant mental health awareness week 2031")
    assert talk.target == "topic:week-dates"
    assert "2031" in talk.sees()
    assert "2025" not in talk.sees().split("From:")[0]
    await talk.says("when was infant mental health awareness week 2024")
    assert talk.target == "week:imhaw-2024"


async def test_a_theme_or_hashtag_leads_to_its_edition(real_town: Town) -> None:
    talk = real_town.talk()
    weeks = real_mind().knowledge.weeks.values()
    words = real_mind().words
    for said in [f"what is {week.hashtags[0]}?" for week in weeks if week.hashtags][:1] + [
        f"is it {words.pick(week.theme)}" for week in weeks if week.theme
    ][:1]:
        await talk.says(said)
        assert str(talk.target).startswith("week:")


async def test_nobody_is_asked_twice_whether_to_remember(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("Scotland")
    await talk.presses("keep:region:gb-sct")
    await talk.says("Scotland")
    assert "keep:region:gb-sct" not in talk.buttons()


async def test_everything_kept_is_shown_and_stop_is_remembered(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("I'm a nursery manager")
    await talk.presses("keep:role:childcare")
    await talk.says("Scotland")
    await talk.presses("keep:region:gb-sct")
    await talk.says("/stop")
    await talk.says("/mydata")
    assert str(talk.person.id) in talk.sees()
    assert "Scotland" in talk.sees()
    assert "20 November 2026" in talk.sees()


async def test_a_talk_is_forgotten_after_a_day_of_silence(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("I live in Scotland. how do i bond with my baby")
    real_town.clock.now += timedelta(days=1, seconds=1)
    await talk.says("how do i bond with my baby")
    assert talk.turn.conversation.region is None


async def test_who_blocks_and_comes_back_is_reachable_again(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("I'm a nursery manager")
    await talk.presses("keep:role:childcare")
    real_town.world.blocks(talk.person)
    await real_town.deliver()
    assert "'unreachable_since': None" not in str(talk.stored()["contact"])
    real_town.world.unblocks(talk.person)
    await real_town.deliver()
    assert "'unreachable_since': None" in str(talk.stored()["contact"])


@pytest.mark.parametrize("family", ["danger", "no-danger", "with-someone", "more"])
async def test_the_questions_of_an_alarm_card_lead_on_without_a_menu(real_town: Town, family: str) -> None:
    talk = real_town.talk()
    await talk.says("i want to kill myself")
    await talk.presses(f"safe:{family}:suicide")
    assert talk.outcome == "settled"
    assert talk.sees()
    assert "menu" not in talk.buttons()


async def test_a_typed_yes_answers_the_question_of_the_card(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("i live in scotland and i want to kill myself")
    await talk.presses("safe:danger:suicide")
    by_button = talk.sees()
    await talk.says("yes")
    assert talk.sees() == by_button
    await talk.says("no")
    assert "116 123" in talk.sees()


async def test_a_support_line_stands_before_the_ordinary_answer(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("i keep having horrible thoughts of dropping her, they terrify me, i would never hurt her")
    assert talk.alarm is not None
    if talk.outcome != "alarm":
        assert talk.alarm[1] == 3
        assert len(talk.news()) == 2
        assert "action:urgent-help" in talk.buttons()[:1]


async def test_more_than_a_message_holds_is_not_read_in_part(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("my baby cries " * 280)
    assert talk.outcome in {"decline", "answer", "offer"}
    assert talk.sees()


@pytest.mark.parametrize("between", ["/about", "menu", "how do i bond with my baby", "action:about-the-bot"])
async def test_a_yes_deletes_only_as_the_very_next_thing(real_town: Town, between: str) -> None:
    talk = real_town.talk()
    await talk.says("how do i bond with my baby")
    await talk.says("/forget")
    await (talk.presses_forged(between) if between.startswith("action:") else talk.says(between))
    await talk.says("yes")
    assert talk.stored()["conversation"], between


async def test_what_is_noted_of_a_loss_or_an_alarm_is_told_too(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("/mydata")
    lines = len(talk.sees().splitlines())
    await talk.says("our baby died last week")
    await talk.says("i want to kill myself")
    await talk.says("/mydata")
    assert len(talk.sees().splitlines()) == lines + 2


async def test_the_last_topic_is_told_by_its_title(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("how do i bond with my baby")
    await talk.says("/mydata")
    assert "topic:bonding" not in talk.sees()
    assert real_mind().words.topics["bonding"].title in talk.sees()


async def test_help_after_a_no_stands_without_the_emergency_line(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("i live in scotland and i want to kill myself")
    await talk.presses("safe:more:suicide")
    assert "Emergency services" in talk.sees()
    await talk.says("no")
    assert "Emergency services" not in talk.sees()
    assert "999" in talk.sees().splitlines()[0]


async def test_what_else_goes_through_the_phases_of_a_role_and_ends_with_the_menu(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("I'm a nursery manager")
    seen = {talk.sees().split("Shall I")[0]}
    phases = len(real_mind().words.roles["childcare"].actions)
    for _ in range(phases - 1):
        await talk.says("what else?")
        assert talk.target == "role:childcare"
        seen.add(talk.sees())
    assert len(seen) == phases
    await talk.says("what else?")
    assert talk.outcome == "settled"
    assert "action:change-role" in talk.buttons()
    await talk.presses("tab:childcare:before")
    await talk.says("what else?")
    assert talk.target == "role:childcare"


async def test_after_a_loss_nothing_near_is_opened_unasked(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("/start topic_baby-loss")
    await talk.says("something else")
    assert talk.outcome == "offer"
    assert talk.target is None


@pytest.mark.parametrize("region", ["elsewhere", None])
async def test_mixed_help_explains_itself_once(real_town: Town, region: str | None) -> None:
    talk = real_town.talk()
    await talk.says("/start")
    if region:
        await talk.presses_forged(f"region:{region}")
    await talk.presses_forged("topic:bonding")
    assert talk.sees().count("list for other countries") == 1


async def test_short_words_without_anything_before_them_lead_to_the_menu(real_town: Town) -> None:
    talk = real_town.talk()
    for words in ("what else?", "not that", "send me that link again"):
        await talk.says(words)
        assert talk.outcome == "settled"
        assert "action:human-help" in talk.buttons()


async def test_an_alarm_in_another_language_begins_in_it(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("chcę się zabić")
    assert talk.alarm is not None
    assert talk.turn.alarm is not None
    if talk.turn.alarm.language != "en":
        assert talk.sees().startswith(real_mind().knowledge.alarms[talk.turn.alarm.language].first_line)
