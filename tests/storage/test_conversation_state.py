from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.model import UPDATES_REMEMBERED, Conversation
from tests.storage.chats import NOW

FRESH = Conversation("c0ffee", expires_at=NOW)


def test_an_update_is_new_then_received_then_answered() -> None:
    assert FRESH.remembers("81") is None
    received = FRESH.with_incoming("81")
    assert received.remembers("81") is False
    assert received.with_answered("81").remembers("81") is True


def test_a_repeat_keeps_its_mark_and_its_place() -> None:
    answered = FRESH.with_incoming("81").with_answered("81").with_incoming("82")
    assert answered.with_incoming("81") == answered


def test_answering_an_unknown_update_changes_nothing() -> None:
    received = FRESH.with_incoming("81")
    assert received.with_answered("82") == received


def test_ids_are_compared_for_equality_and_not_by_size() -> None:
    assert FRESH.with_incoming("900").with_incoming("12").remembers("13") is None


@given(st.lists(st.text(), unique=True))
def test_only_the_last_updates_are_remembered(updates: list[str]) -> None:
    state = FRESH
    for update in updates:
        state = state.with_incoming(update)
    assert [update for update, _ in state.recent_incoming] == updates[-UPDATES_REMEMBERED:]
    assert replace(state, recent_incoming=()) == FRESH
