"""The two tables of states: consistent in themselves, and every allowed change is one somebody can make."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.broadcast.states import (
    BROADCAST,
    DELIVERY,
    OPEN,
    TELLS,
    Act,
    BroadcastState,
    DeliveryState,
    Event,
    NotAllowed,
    after,
    following,
)

SETTLED = set(DeliveryState) - OPEN


def test_every_act_and_every_event_has_its_row() -> None:
    assert set(BROADCAST) == set(Act)
    assert set(DELIVERY) == set(Event)
    assert set(TELLS) == set(BroadcastState)


@given(st.sampled_from(BroadcastState), st.sampled_from(Act))
def test_a_broadcast_goes_where_the_table_says_or_says_why_not(state: BroadcastState, act: Act) -> None:
    if state in BROADCAST[act]:
        assert after(state, act) is BROADCAST[act][state]
    else:
        with pytest.raises(NotAllowed, match=TELLS[state]):
            after(state, act)


@given(st.sampled_from(DeliveryState), st.sampled_from(Event))
def test_a_delivery_goes_where_the_table_says_or_says_why_not(state: DeliveryState, event: Event) -> None:
    if state in DELIVERY[event]:
        assert following(state, event) is DELIVERY[event][state]
    else:
        with pytest.raises(NotAllowed, match=state.value):
            following(state, event)


def test_every_state_can_be_reached() -> None:
    reached = {BroadcastState.DRAFT}
    while more := {to for row in BROADCAST.values() for at, to in row.items() if at in reached} - reached:
        reached |= more
    assert reached == set(BroadcastState)
    copies = {DeliveryState.QUEUED}
    while found := {to for row in DELIVERY.values() for at, to in row.items() if at in copies} - copies:
        copies |= found
    assert copies == set(DeliveryState)


def test_nothing_is_sent_that_was_not_approved_as_it_is() -> None:
    into_sending = {
        (act, at) for act, row in BROADCAST.items() for at, to in row.items() if to is BroadcastState.SENDING
    }
    assert into_sending == {
        (Act.START, BroadcastState.APPROVED),
        (Act.START, BroadcastState.SCHEDULED),
        (Act.RESUME, BroadcastState.PAUSED),
        (Act.SEND_AGAIN, BroadcastState.SENDING),
        (Act.SEND_AGAIN, BroadcastState.FINISHED),
    }
    into_approved = {at for row in BROADCAST.values() for at, to in row.items() if to is BroadcastState.APPROVED}
    assert into_approved == {BroadcastState.SUBMITTED}
    assert set(BROADCAST[Act.EDIT].values()) == {BroadcastState.DRAFT}


def test_a_message_that_may_have_arrived_goes_out_again_only_when_a_person_says_so() -> None:
    leaving = {event for event, row in DELIVERY.items() if DeliveryState.UNCERTAIN in row}
    assert leaving == {Event.EVIDENCE, Event.SEND_AGAIN}
    leaving_sent = {event for event, row in DELIVERY.items() if DeliveryState.SENT in row}
    assert leaving_sent == set()


def test_only_what_was_claimed_before_can_have_an_outcome() -> None:
    for event in (Event.ARRIVED, Event.NOT_SENT, Event.REFUSED, Event.REFUSED_BY_READER, Event.LOST_TRACK):
        assert set(DELIVERY[event]) == {DeliveryState.SENDING}
    assert set(DELIVERY[Event.LEFT].values()) == {DeliveryState.SKIPPED}
    assert SETTLED.isdisjoint(set(DELIVERY[Event.CLAIMED]) | set(DELIVERY[Event.DUE]))
