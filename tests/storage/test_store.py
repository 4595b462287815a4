import json
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.conversation.model import KEPT_FOR, Conversation, Feedback, Verdict
from bot.messaging import Contact
from bot.storage import Store
from tests.storage.chats import ADDRESS, ANNA, CHANNEL, NOW, contact_of, conversation_of, save

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
ids = st.lists(words, max_size=4).map(tuple)
moments = st.datetimes(
    NOW.replace(year=1900, tzinfo=None),
    NOW.replace(year=2900, tzinfo=None),
    timezones=st.timezones(),
    allow_imaginary=False,
)
many = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def test_a_first_message_finds_nothing_and_leaves_nothing_unless_saved(store: Store) -> None:
    with store.turn(CHANNEL, ADDRESS, NOW) as turn:
        assert turn.contact is None
        assert turn.conversation == Conversation(turn.conversation.key, expires_at=NOW + KEPT_FOR)
    assert store.holds_anything(CHANNEL, ADDRESS) == []


def test_what_a_turn_saves_the_next_one_finds(store: Store) -> None:
    save(store, step="asking-region", roles=("parent", "health-visitor"), last_target="topic:sleep", last_page=2)
    found = conversation_of(store)
    assert (found.step, found.roles, found.last_target, found.last_page) == (
        "asking-region", ("parent", "health-visitor"), "topic:sleep", 2,
    )  # fmt: skip
    assert found.version > 0


def test_chats_do_not_see_each_other(store: Store) -> None:
    save(store, contact=ANNA, step="asking-region")
    assert conversation_of(store, address="7700900124").step == "idle"
    assert contact_of(store, "7700900124") is None
    with store.turn("web", ADDRESS, NOW) as turn:
        assert (turn.contact, turn.conversation.step) == (None, "idle")


def test_a_turn_that_raises_saves_nothing(store: Store) -> None:
    def fail() -> None:
        with store.turn(CHANNEL, ADDRESS, NOW) as turn:
            turn.save(contact=ANNA, conversation=turn.conversation, feedback=Feedback("sleep", Verdict.HELPFUL))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert store.holds_anything(CHANNEL, ADDRESS) == []


@many
@given(
    state=st.builds(
        Conversation,
        key=st.just(""),
        expires_at=st.just(NOW),
        step=words,
        roles=ids,
        region=st.none() | words,
        language=st.none() | words,
        offered=ids,
        last_target=st.none() | words,
        last_page=st.integers(0, 1000),
        draft_id=st.none() | words,
        after_loss=st.booleans(),
        after_alarm=st.booleans(),
        keep_refused=st.booleans(),
        recent_incoming=st.lists(st.tuples(words, st.booleans()), max_size=8).map(tuple),
    )
)
def test_a_conversation_comes_back_as_it_went(store: Store, state: Conversation) -> None:
    with store.turn(CHANNEL, ADDRESS, NOW) as turn:
        key = turn.conversation.key
        turn.save(conversation=replace(state, key=key))
    found = conversation_of(store)
    assert replace(found, version=0) == replace(state, key=key, expires_at=NOW + KEPT_FOR)


def in_utc(contact: Contact) -> Contact:
    """The same moments; Python calls two zones' times unequal where a clock is put back, whatever they say."""

    def utc(when: datetime | None) -> datetime | None:
        return when and when.astimezone(UTC)

    return replace(
        contact,
        consents=tuple((what, when.astimezone(UTC)) for what, when in contact.consents),
        opted_in_at=utc(contact.opted_in_at),
        opted_out_at=utc(contact.opted_out_at),
        unreachable_since=utc(contact.unreachable_since),
    )


@many
@given(
    contact=st.builds(
        Contact,
        channel=st.just(CHANNEL),
        address=st.just(ADDRESS),
        language=st.none() | words,
        roles=ids,
        region=st.none() | words,
        consents=st.lists(st.tuples(words, moments), min_size=1, max_size=3).map(tuple),
        opted_in_at=st.none() | moments,
        opted_out_at=st.none() | moments,
        unreachable_since=st.none() | moments,
    )
)
def test_a_contact_comes_back_as_it_went(store: Store, contact: Contact) -> None:
    save(store, contact=contact)
    assert contact_of(store) == in_utc(contact)


def test_times_come_back_in_utc_and_naive_ones_are_refused(store: Store) -> None:
    summer = datetime(2026, 6, 10, 9, 30, tzinfo=timezone(timedelta(hours=1)))
    save(store, contact=replace(ANNA, opted_in_at=summer, consents=(("role", summer),)))
    found = contact_of(store)
    assert found is not None
    assert found.opted_in_at is not None
    assert found.opted_in_at.utcoffset() == timedelta(0)
    assert found.consents[0][1].utcoffset() == timedelta(0)
    naive = datetime(2026, 6, 10, 9, 30)  # noqa: DTZ001
    for wrong in (replace(ANNA, opted_in_at=naive), replace(ANNA, consents=(("role", naive),))):
        with pytest.raises(Exception, match="needs its zone"):
            save(store, contact=wrong)
    assert contact_of(store) == found


def test_without_a_consent_or_an_opt_out_nobody_is_stored(store: Store) -> None:
    nobody = replace(ANNA, consents=(), opted_in_at=None)
    save(store, contact=nobody)
    assert contact_of(store) is None
    save(store, contact=ANNA)
    save(store, contact=replace(ANNA, consents=(), opted_out_at=NOW))
    stopped = contact_of(store)
    assert stopped is not None
    assert stopped.opted_out_at == NOW
    save(store, contact=nobody)
    assert contact_of(store) is None
    assert store.holds_anything(CHANNEL, ADDRESS) == ["conversation.key"]


def test_a_turn_saves_its_own_chat_only(store: Store) -> None:
    stranger = replace(ANNA, address="7700900124")
    with pytest.raises(ValueError, match="own chat"):
        save(store, contact=stranger)
    save(store, contact=ANNA)
    with pytest.raises(ValueError, match="own chat"):
        save(store, contact=stranger)
    with pytest.raises(ValueError, match="own chat"):
        save(store, key="another")
    assert store.holds_anything(CHANNEL, "7700900124") == []


def test_marking_an_update_answered_keeps_the_rest(store: Store) -> None:
    with store.turn(CHANNEL, ADDRESS, NOW) as turn:
        turn.save(conversation=replace(turn.conversation.with_incoming("81"), last_target="topic:sleep"))
    store.mark_answered(CHANNEL, ADDRESS, "81")
    found = conversation_of(store)
    assert (found.remembers("81"), found.last_target) == (True, "topic:sleep")


def test_marking_something_unknown_makes_no_row(store: Store) -> None:
    store.mark_answered(CHANNEL, ADDRESS, "81")
    assert store.holds_anything(CHANNEL, ADDRESS) == []
    save(store)
    before = conversation_of(store)
    store.mark_answered(CHANNEL, ADDRESS, "81")
    assert conversation_of(store) == before


def test_a_day_of_silence_forgets_the_conversation(store: Store) -> None:
    save(store, step="asking-region", after_loss=True)
    last = NOW + KEPT_FOR - timedelta(microseconds=1)
    assert conversation_of(store, last).step == "asking-region"
    assert conversation_of(store, NOW + KEPT_FOR) == Conversation(
        conversation_of(store).key, expires_at=NOW + 2 * KEPT_FOR
    )


def test_an_expired_conversation_can_be_saved_anew_before_it_is_swept(store: Store) -> None:
    save(store, step="asking-region")
    save(store, now=NOW + KEPT_FOR, language="cy")
    found = conversation_of(store, NOW + KEPT_FOR)
    assert (found.step, found.language) == ("idle", "cy")


def test_each_saved_turn_keeps_the_conversation_another_day(store: Store) -> None:
    save(store, step="asking-region")
    save(store, now=NOW + timedelta(hours=23))
    assert conversation_of(store, NOW + timedelta(hours=46)).step == "asking-region"


def test_sweeping_deletes_what_has_outlived_its_time_and_no_more(store: Store) -> None:
    save(store, contact=ANNA)
    with store.turn(CHANNEL, "7700900124", NOW + timedelta(hours=1)) as turn:
        turn.save(conversation=turn.conversation)
    store.forget(CHANNEL, "7700900125", NOW)
    swept = store.sweep(NOW + KEPT_FOR)
    assert (swept.conversations, swept.erasures) == (1, 0)
    assert store.holds_anything(CHANNEL, "7700900124") == ["conversation.key"]
    assert contact_of(store) == ANNA
    swept = store.sweep(NOW + timedelta(days=60))
    assert (swept.conversations, swept.erasures) == (1, 1)


def test_blocking_is_noted_once_and_lifted(store: Store) -> None:
    save(store, contact=ANNA)
    store.mark_reachable(CHANNEL, ADDRESS, reachable=False, now=NOW)
    store.mark_reachable(CHANNEL, ADDRESS, reachable=False, now=NOW + timedelta(days=2))
    assert contact_of(store) == replace(ANNA, unreachable_since=NOW)
    store.mark_reachable(CHANNEL, ADDRESS, reachable=True, now=NOW + timedelta(days=3))
    assert contact_of(store) == ANNA
    store.mark_reachable(CHANNEL, "7700900124", reachable=False, now=NOW)
    assert store.holds_anything(CHANNEL, "7700900124") == []


def test_feedback_is_counted_and_small_groups_stay_hidden(store: Store) -> None:
    for day, verdict, times in ((0, Verdict.HELPFUL, 5), (1, Verdict.HELPFUL, 3), (0, Verdict.NOT_HELPFUL, 7)):
        for _ in range(times):
            with store.turn(CHANNEL, ADDRESS, NOW + timedelta(days=day)) as turn:
                turn.save(feedback=Feedback("sleep", verdict))
    assert store.feedback_counts() == {("sleep", Verdict.HELPFUL): 8}
    assert store.holds_anything(CHANNEL, ADDRESS) == []


def test_an_export_shows_all_that_is_stored_and_is_json(store: Store) -> None:
    assert store.export(CHANNEL, ADDRESS) == {"contact": None, "conversation": None, "deliveries": []}
    save(store, contact=ANNA, offered=("topic:sleep", "topic:crying"))
    shown = json.loads(json.dumps(store.export(CHANNEL, ADDRESS)))
    assert shown["contact"]["address"] == ADDRESS
    assert shown["contact"]["consents"] == [["role", NOW.isoformat()]]
    assert shown["conversation"]["offered"] == ["topic:sleep", "topic:crying"]
    assert shown["conversation"]["expires_at"] == (NOW + KEPT_FOR).isoformat()
    assert {"key", "version"}.isdisjoint(shown["contact"] | shown["conversation"])


def test_nothing_is_logged_about_anybody(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        save(store, contact=ANNA)
        store.forget(CHANNEL, ADDRESS, NOW)
    assert ADDRESS not in caplog.text


def test_a_live_database_answers_a_ping(store: Store) -> None:
    store.ping()
