"""What readers are sent: each kind after its own yes, paused, spared, stopped; with slips and changes of mind."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from bot.broadcast.announcement import Announcement, Audience, Content, Kind
from bot.broadcast.broadcast import Claim, Settled
from bot.broadcast.states import Act, DeliveryState, Event
from bot.conversation.payloads import ANNOUNCEMENT_STOP, ANNOUNCEMENT_STOP_LINK
from bot.messaging import NO_CELEBRATION, Incoming, Sender, Text
from bot.storage import Ledger
from tests.talk import Talk, Town

WEEK, EVENTS, ROLE = Kind.WEEK, Kind.EVENTS, Kind.ROLE
LOSS = "my baby died last week and i don't know what to do"


def turning(kind: str, state: str = "on") -> str:
    return f"updates:{kind}:{state}"


def kept(talk: Talk) -> set[str]:
    """The consents that stand in the database."""
    contact = talk.stored()["contact"]
    return {what for what, _ in contact["consents"]} if isinstance(contact, dict) else set()


def stored(talk: Talk, field: str) -> object:
    contact = talk.stored()["contact"]
    return contact[field] if isinstance(contact, dict) else None


async def reading(town: Town, *kinds: Kind) -> Talk:
    """Somebody who has said yes to some kinds."""
    talk = town.talk()
    await talk.says("/updates")
    for kind in kinds:
        await talk.presses(turning(kind))
    return talk


def sending(town: Town, audience: Audience) -> tuple[Ledger, int, int, Sequence[Claim]]:
    """An approved announcement that has begun, and what its sender may send at once."""
    ledger, now = town.house.store.ledger("telegram"), town.clock()
    id = ledger.create(Announcement(Content("Hello"), audience), 501, now)
    ledger.act(id, Act.SUBMIT, 501, now)
    ledger.act(id, Act.APPROVE, 502, now, hash=ledger.get(id).announcement.hash)
    epoch = ledger.take_lead("test", now)
    ledger.start(id, epoch, now)
    return ledger, id, epoch, ledger.claim(id, epoch, 10, now)


def arrives(town: Town, kind: Kind = WEEK, *, celebratory: bool = False) -> bool:
    """Whether an announcement of now would be sent to the one person of the town."""
    ledger, id, _, claims = sending(town, Audience(kind, celebratory=celebratory))
    ledger.act(id, Act.CANCEL, 501, town.clock())
    return bool(claims)


async def test_nothing_is_kept_before_a_yes_and_each_kind_has_its_own(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("/updates")
    assert [turning(kind) for kind in Kind] == talk.buttons()
    assert talk.stored()["contact"] is None
    await talk.presses(turning(EVENTS))
    assert kept(talk) == {EVENTS}
    assert stored(talk, "opted_in_at") == "2026-11-20T12:00:00+00:00"
    assert arrives(real_town, EVENTS)
    assert not arrives(real_town, WEEK)


async def test_the_card_changes_in_place_and_presses_carry_what_is_wanted(real_town: Town) -> None:
    talk = await reading(real_town, WEEK)
    before = len(talk.all())
    await talk.presses(turning(EVENTS))
    await talk.presses_forged(turning(EVENTS))
    assert len(talk.all()) == before
    assert kept(talk) == {WEEK, EVENTS}
    await talk.presses(turning(WEEK, "off"))
    await talk.presses_forged(turning(WEEK, "off"))
    assert kept(talk) == {EVENTS}
    assert len(talk.all()) == before


async def test_the_time_of_a_yes_is_that_of_the_first(real_town: Town) -> None:
    talk = await reading(real_town, WEEK)
    real_town.clock.now += timedelta(days=3)
    await talk.presses_forged(turning(WEEK))
    assert stored(talk, "consents") == [[WEEK, "2026-11-20T12:00:00+00:00"]]


async def test_whoever_takes_back_the_last_yes_leaves_nothing(real_town: Town) -> None:
    talk = await reading(real_town, WEEK)
    await talk.presses("updates:pause:2026-12-04")
    await talk.presses(turning(WEEK, "off"))
    assert talk.stored()["contact"] is None


@pytest.mark.parametrize("payload", ["updates:", "updates:nothing", "updates:weak:on", "updates:announcements:maybe"])
async def test_a_button_that_never_was_changes_nothing(real_town: Town, payload: str) -> None:
    talk = await reading(real_town, WEEK)
    await talk.presses_forged(payload)
    assert talk.sees()
    await talk.presses_forged("updates:pause:soon")
    assert kept(talk) == {WEEK}
    assert stored(talk, "paused_until") is None


@pytest.mark.parametrize(
    "words", ["keep me posted", "keep me in the loop", "updates", "send me updates", "i want news"]
)
async def test_words_lead_to_the_card_and_store_nothing(real_town: Town, words: str) -> None:
    talk = real_town.talk()
    await talk.says(words)
    assert {turning(kind) for kind in Kind} <= set(talk.buttons())
    assert talk.stored()["contact"] is None


async def test_tell_me_about_the_week_is_answered_and_the_card_shown(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("tell me about the week")
    assert {talk.target, *talk.offered} & {"topic:week-what-is", "topic:week-dates"}
    assert turning(WEEK) in talk.buttons()
    await talk.says("tell me about safe sleep")
    assert turning(WEEK) not in talk.buttons()


@pytest.mark.parametrize("words", ["sign me up for the events", "send me evnts please", "keep me posted about events"])
async def test_a_kind_asked_for_in_words_is_asked_back(real_town: Town, words: str) -> None:
    talk = real_town.talk()
    await talk.says(words)
    assert talk.buttons() == [turning(EVENTS), "updates:no"]
    assert talk.stored()["contact"] is None
    await talk.says("yes please")
    assert kept(talk) == {EVENTS}
    await talk.says("no")
    assert talk.stored()["contact"] is None, "they thought better of it"


@pytest.mark.parametrize("no", ["no thanks", "updates:no"])
async def test_a_no_to_the_question_stores_nothing(real_town: Town, no: str) -> None:
    talk = real_town.talk()
    await talk.says("send me reminders")
    await (talk.presses(no) if ":" in no else talk.says(no))
    assert talk.outcome == "settled"
    await talk.says("yes")
    assert talk.stored()["contact"] is None


async def test_a_yes_to_something_else_is_not_a_yes_to_be_sent_things(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("send me reminders")
    await talk.says("how do i bond with my baby")
    await talk.says("yes")
    assert talk.stored()["contact"] is None


async def test_what_is_sent_already_is_not_asked_again(real_town: Town) -> None:
    talk = await reading(real_town, EVENTS)
    await talk.says("send me events")
    assert turning(EVENTS, "off") in talk.buttons()
    await talk.says("send me the events and the reminders")
    assert turning(ROLE) in talk.buttons()
    assert kept(talk) == {EVENTS}


async def test_a_role_that_was_said_is_asked_about_where_reminders_need_it(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("I'm a midwife")
    await talk.says("/updates")
    await talk.presses(turning(ROLE))
    assert "keep:role:midwife" in talk.buttons()
    await talk.says("yes")
    assert stored(talk, "roles") == ["midwife"]
    await talk.says("Scotland")
    await talk.says("/updates")
    await talk.presses(turning(WEEK))
    assert "keep:region:gb-sct" in talk.buttons()


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("stop the events ones", {WEEK, ROLE}),
        ("stop teh evnts ones pls", {WEEK, ROLE}),
        ("no more reminders please", {WEEK, EVENTS}),
        ("i don't want any events any more", {WEEK, ROLE}),
        ("stop the week and the events", {ROLE}),
        ("only the week please", {WEEK}),
        ("just the week", {WEEK}),
        ("only teh week and evnts", {WEEK, EVENTS}),
        ("only updates", {WEEK, EVENTS, ROLE}),
        ("stop the crying", {WEEK, EVENTS, ROLE}),
        ("only celebratory ones", {WEEK, EVENTS, ROLE}),
        ("no more mesages", set()),
        ("no announcements", set()),
        ("no, all of them", {WEEK, EVENTS, ROLE}),
        ("no, the week", {WEEK, EVENTS, ROLE}),
        ("no, my role", {WEEK, EVENTS, ROLE}),
        ("no, events", {WEEK, EVENTS, ROLE}),
        ("no news", {WEEK, EVENTS, ROLE}),
        ("i don't want it", {WEEK, EVENTS, ROLE}),
        ("i don't want anything", {WEEK, EVENTS, ROLE}),
        ("without them", {WEEK, EVENTS, ROLE}),
        ("cancel it", {WEEK, EVENTS, ROLE}),
    ],
)
async def test_kinds_are_stopped_in_words(real_town: Town, words: str, left: set[str]) -> None:
    talk = await reading(real_town, *Kind)
    await talk.says(words)
    assert kept(talk) == left
    assert {kind for kind in Kind if arrives(real_town, kind)} == left


async def test_only_what_is_not_sent_yet_needs_a_yes_of_its_own(real_town: Town) -> None:
    talk = await reading(real_town, WEEK)
    await talk.says("only the events please")
    assert talk.stored()["contact"] is None
    assert turning(EVENTS) in talk.buttons()
    await talk.says("yes")
    assert kept(talk) == {EVENTS}
    await talk.says("only the week and reminders")
    assert kept(talk) == set()
    await talk.says("only the events")
    assert turning(EVENTS) in talk.buttons()


async def test_there_is_nothing_to_stop_where_nothing_is_sent(real_town: Town) -> None:
    talk = real_town.talk()
    for words in ("stop the events ones", "pause until september", "no celebratory messages", "no more messages"):
        await talk.says(words)
        assert talk.outcome == "answer"
    for payload in ("updates:pause:2026-12-04", "updates:pause:off", turning(NO_CELEBRATION), turning(WEEK, "off")):
        await talk.presses_forged(payload)
    assert talk.stored()["contact"] is None


@pytest.mark.parametrize(
    "stop", ["no more messages", "no more mesages", "/stop", "stop", "action:opt-out", "unsubscribe"]
)
async def test_after_a_stop_nothing_arrives(real_town: Town, stop: str) -> None:
    talk = await reading(real_town, *Kind)
    await (talk.presses(stop) if ":" in stop else talk.says(stop))
    assert kept(talk) == set()
    assert stored(talk, "opted_out_at") is not None
    assert not any(arrives(real_town, kind) for kind in Kind)


async def test_whoever_comes_back_after_a_stop_is_sent_what_they_say_yes_to(real_town: Town) -> None:
    talk = await reading(real_town, *Kind)
    await talk.says("/stop")
    await talk.presses("updates:show")
    await talk.presses(turning(EVENTS))
    assert [kind for kind in Kind if arrives(real_town, kind)] == [EVENTS]


@pytest.mark.parametrize(
    ("words", "until"),
    [
        ("pause until september", "2027-08-31T23:00:00+00:00"),
        ("pauze untill septmber pls", "2027-08-31T23:00:00+00:00"),
        ("pause for 2 weeks", "2026-12-04T00:00:00+00:00"),
        ("pause them for two weaks", "2026-12-04T00:00:00+00:00"),
        ("can you mute the announcements for a month", "2026-12-20T00:00:00+00:00"),
        ("pause everything for 3 days", "2026-11-23T00:00:00+00:00"),
        ("pause till 3 dec", "2026-12-03T00:00:00+00:00"),
        ("pause until december 3rd 2026, we are away", "2026-12-03T00:00:00+00:00"),
        ("pause until monday", "2026-11-23T00:00:00+00:00"),
        ("pause until friday", "2026-11-27T00:00:00+00:00"),
        ("pause until tomorrow", "2026-11-21T00:00:00+00:00"),
        ("pause until next month", "2026-12-01T00:00:00+00:00"),
        ("puase until may 2027 2028", "2027-04-30T23:00:00+00:00"),
        ("pause until november", "2027-11-01T00:00:00+00:00"),
    ],
)
async def test_a_pause_in_words(real_town: Town, words: str, until: str) -> None:
    talk = await reading(real_town, WEEK)
    await talk.says("England")
    await talk.says("yes")
    await talk.says(words)
    assert stored(talk, "paused_until") == until
    assert not arrives(real_town)
    real_town.clock.now = datetime.fromisoformat(until)
    assert arrives(real_town)


@pytest.mark.parametrize(
    "words",
    [
        "pause",
        "pause for now",
        "pause until the baby is born",
        "pause until 31 february",
        "pause until 2 3 may",
        "pause until march 2031",
        "pause for 9999 weeks",
        "pause for some weeks",
        "pause for 0 days",
        "pause for ages",
        "pause until november 2026",
    ],
)
async def test_a_pause_without_a_day_is_asked_for_one(real_town: Town, words: str) -> None:
    talk = await reading(real_town, WEEK)
    await talk.says(words)
    assert stored(talk, "paused_until") is None
    assert kept(talk) == {WEEK}
    assert "updates:pause:2026-12-04" in talk.buttons()
    await talk.says("until december 2nd")
    assert stored(talk, "paused_until") == "2026-12-02T00:00:00+00:00"


@pytest.mark.parametrize(("answer", "until"), [("may", "2027-05-01"), ("two weeks", "2026-12-04"), ("", None)])
async def test_the_question_how_long_is_answered_in_a_word(real_town: Town, answer: str, until: str | None) -> None:
    talk = await reading(real_town, WEEK)
    await talk.says("pause")
    await talk.says(answer or "how do i bond with my baby")
    paused = stored(talk, "paused_until")
    assert (str(paused)[:10] if paused else None) == until


async def test_a_pause_ends_by_button_or_in_words(real_town: Town) -> None:
    talk = await reading(real_town, WEEK)
    await talk.presses("updates:pause:2027-02-20")
    assert not arrives(real_town)
    await talk.presses("updates:pause:off")
    assert arrives(real_town)
    await talk.presses("updates:pause:2026-12-04")
    await talk.says("start again please")
    assert stored(talk, "paused_until") is None
    await talk.says("start again")
    assert turning(WEEK, "off") not in talk.buttons(), "whoever has not paused means something else"


async def test_a_pause_button_pressed_long_after_its_day_pauses_nothing(real_town: Town) -> None:
    talk = await reading(real_town, WEEK)
    real_town.clock.now += timedelta(days=60)
    await talk.presses("updates:pause:2026-12-04")
    assert stored(talk, "paused_until") is None
    assert arrives(real_town)


@pytest.mark.parametrize("words", ["no celebratory messages", "no celebratry mesages", "stop the happy ones"])
async def test_no_celebratory_messages(real_town: Town, words: str) -> None:
    talk = await reading(real_town, WEEK)
    await talk.says(words)
    assert kept(talk) == {WEEK, NO_CELEBRATION}
    assert not arrives(real_town, celebratory=True)
    assert arrives(real_town)
    await talk.says("i want happy")
    assert kept(talk) == {WEEK, NO_CELEBRATION}, "said of something else"
    await talk.says("send me the celebratory ones again")
    assert kept(talk) == {WEEK}
    assert arrives(real_town, celebratory=True)


async def test_the_wish_for_no_celebration_outlives_a_stop_and_can_be_taken_back(real_town: Town) -> None:
    talk = await reading(real_town, WEEK)
    await talk.presses(turning(NO_CELEBRATION))
    await talk.presses(turning(WEEK, "off"))
    assert kept(talk) == {NO_CELEBRATION}
    await talk.presses(turning(NO_CELEBRATION, "off"))
    assert talk.stored()["contact"] is None


async def test_after_a_loss_a_reader_is_offered_quiet_once_and_nobody_is_offered_more(real_town: Town) -> None:
    talk = await reading(real_town, WEEK)
    await talk.says(LOSS)
    assert turning(NO_CELEBRATION) in talk.buttons()
    await talk.presses_forged("topic:baby-loss")
    assert turning(NO_CELEBRATION) not in talk.buttons()
    await talk.says("/help")
    assert not any(one.startswith("updates:") for one in talk.buttons())
    await talk.says("tell me about the week")
    assert turning(EVENTS) not in talk.buttons()
    await talk.says("/stop")
    assert "updates:show" not in talk.buttons()
    await talk.says("keep me posted")
    assert turning(WEEK) in talk.buttons(), "who asks is shown"


@pytest.mark.parametrize(("answer", "spared"), [("yes please", True), ("no thanks", False)])
async def test_the_offer_after_a_loss_is_answered_in_words(real_town: Town, answer: str, spared: bool) -> None:
    talk = await reading(real_town, WEEK)
    await talk.presses_forged("topic:baby-loss")
    assert turning(NO_CELEBRATION) in talk.buttons()
    await talk.says(answer)
    assert (NO_CELEBRATION in kept(talk)) is spared
    assert WEEK in kept(talk)


async def test_nothing_of_it_is_offered_to_those_who_are_sent_nothing_or_are_spared(real_town: Town) -> None:
    stranger = real_town.talk()
    await stranger.says(LOSS)
    assert not any(one.startswith("updates:") for one in stranger.buttons())
    spared = await reading(real_town, WEEK)
    await spared.presses(turning(NO_CELEBRATION))
    await spared.says(LOSS)
    assert not any(one.startswith("updates:") for one in spared.buttons())


async def test_in_danger_nothing_is_offered(real_town: Town) -> None:
    talk = await reading(real_town, WEEK)
    await talk.says("i want to kill myself")
    await talk.says(LOSS)
    assert not any(one.startswith("updates:") for one in talk.buttons())


async def test_the_card_tells_the_quiet_hours_of_the_place(real_town: Town) -> None:
    talk = await reading(real_town, WEEK)
    assert "UTC" in talk.sees()
    await talk.says("I live in the United States")
    await talk.presses("keep:region:us")
    await talk.says("/updates")
    zones = real_town.house.minds().knowledge.regions["us"].zones
    assert all(zone in talk.sees() for zone in zones)


async def test_what_is_kept_is_told(real_town: Town) -> None:
    talk = await reading(real_town, *Kind)
    names = [real_town.house.minds().words.phrases[f"updates.{name}"] for name in ("week", "events", "role")]
    await talk.presses(turning(NO_CELEBRATION))
    await talk.presses("updates:pause:2027-02-20")
    await talk.says("/mydata")
    shown = talk.sees()
    assert all(name in shown for name in names)
    assert "20 February 2027" in shown
    assert shown.count("20 November 2026") == 4
    assert "announcements-" not in shown
    await talk.says("/privacy")
    assert all(name in talk.sees() for name in names)
    await talk.says("/stop")
    await talk.says("/mydata")
    assert not any(name in talk.sees() for name in names)
    await talk.says("/forget")
    await talk.says("yes")
    assert talk.traces() == []


def uncertain(town: Town, *kinds: Kind) -> list[tuple[Ledger, int]]:
    """Announcements whose arrival nobody knows of."""
    made = []
    for kind in kinds:
        ledger, id, epoch, claims = sending(town, Audience(kind))
        ledger.record(epoch, [Settled(one.delivery_id, one.attempt, Event.LOST_TRACK) for one in claims], town.clock())
        made.append((ledger, id))
    return made


def announced(talk: Talk) -> dict[str, object]:
    """An announcement in the person's chat, as Telegram shows it."""
    rows = [[{"text": "Stop", "callback_data": ANNOUNCEMENT_STOP}]]
    return {**talk.all()[-1].raw, "message_id": 9_001, "text": "Hello", "reply_markup": {"inline_keyboard": rows}}


async def press_stop(talk: Talk, message: dict[str, object]) -> None:
    query = {"id": "1", "from": talk.person.user(), "chat_instance": "1", "data": ANNOUNCEMENT_STOP, "message": message}
    talk.town.world.inject({"callback_query": query})
    await talk.town.deliver()


@pytest.mark.parametrize("state", ["", "/forget", "send me events", "i want to kill myself", "pause"])
async def test_stop_under_an_announcement_works_long_after_and_in_any_state(real_town: Town, state: str) -> None:
    talk = await reading(real_town, *Kind)
    ((ledger, id),) = uncertain(real_town, WEEK)
    real_town.clock.now += timedelta(days=80)
    if state:
        await talk.says(state)
    message = announced(talk)
    await press_stop(talk, {"chat": message["chat"], "message_id": 9_001, "date": 0} if not state else message)
    assert kept(talk) == set()
    assert not any(arrives(real_town, kind) for kind in Kind)
    assert ledger.tally(id)[DeliveryState.SENT] == 1, "whoever presses it has got it"


async def test_stop_as_a_link_in_an_album(real_town: Town) -> None:
    talk = await reading(real_town, *Kind)
    await talk.says(f"/start {ANNOUNCEMENT_STOP_LINK}")
    assert not any(arrives(real_town, kind) for kind in Kind)
    assert stored(talk, "opted_out_at") is not None


async def test_stop_pressed_by_somebody_unknown_stores_nothing(real_town: Town) -> None:
    talk = real_town.talk()
    await talk.says("/start")
    await talk.presses_forged(ANNOUNCEMENT_STOP)
    assert talk.sees()
    assert talk.stored()["contact"] is None


async def test_a_reply_to_an_announcement_is_evidence_and_one_to_a_card_is_none(real_town: Town) -> None:
    talk = await reading(real_town, WEEK)
    ((ledger, id),) = uncertain(real_town, WEEK)
    now = int(real_town.clock().timestamp())
    own = {**talk.all()[-1].raw, "message_id": 9_002, "date": now, "from": talk.person.user(), "text": "thank you"}
    own.pop("reply_markup", None)
    real_town.world.inject({"message": {**own, "reply_to_message": talk.all()[-1].raw}})
    await real_town.deliver()
    assert ledger.tally(id)[DeliveryState.UNCERTAIN] == 1
    real_town.world.inject({"message": {**own, "message_id": 9_003, "reply_to_message": announced(talk)}})
    await real_town.deliver()
    assert ledger.tally(id)[DeliveryState.SENT] == 1
    assert real_town.clock().tzinfo is UTC


async def test_a_repeated_update_offers_quiet_again_and_changes_nothing_twice(real_town: Town) -> None:
    talk = await reading(real_town, WEEK)
    service, person = real_town.house.service(real_town.bot), str(talk.person.id)
    for id, words in (("said", LOSS), ("answered", "yes"), ("paused", "pause for 2 weeks"), ("resumed", "resume")):
        incoming = Incoming(id, Sender("telegram", person, person=person), real_town.clock(), Text(words))
        first = await service.handle(incoming)
        after = talk.stored()
        assert await service.handle(incoming) == first
        assert talk.stored() == after
    assert kept(talk) == {WEEK, NO_CELEBRATION}
