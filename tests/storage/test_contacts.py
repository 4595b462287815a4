"""All contacts of a channel at once, on both databases: added once, never over what somebody said, read in order."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.broadcast.announcement import Kind
from bot.messaging import Contact
from bot.storage import Store
from bot.storage.contacts import Added
from tests.storage.announced import addresses, reader
from tests.storage.chats import CHANNEL, NOW


def given(address: str, *kinds: Kind) -> Contact:
    consents = tuple((kind.value, NOW) for kind in kinds or (Kind.WEEK,))
    return Contact(CHANNEL, address, "en", ("parent",), "gb", consents, NOW)


def test_more_than_a_page_is_added_and_read_in_order(store: Store) -> None:
    contacts = [given(address) for address in addresses(1_203)]
    ours = store.contacts(CHANNEL)
    assert ours.add(contacts) == Added(1_203, 0, 0)
    assert list(ours.readers()) == contacts
    assert ours.add([]) == Added(0, 0, 0)


def test_what_is_known_and_what_was_erased_stays_as_it_is(store: Store) -> None:
    reader(store, "1", Kind.ROLE)
    reader(store, "2")
    store.forget(CHANNEL, "2", NOW)
    before = list(store.contacts(CHANNEL).readers())
    assert store.contacts(CHANNEL).add([given("2")]) == Added(0, 0, 1)
    assert store.contacts(CHANNEL).add([given("1"), given("2"), given("3")]) == Added(1, 1, 1)
    assert list(store.contacts(CHANNEL).readers()) == [*before, given("3")]
    store.sweep(NOW + timedelta(days=61))
    assert store.contacts(CHANNEL).add([given("2")]) == Added(1, 0, 0)


def test_readers_agreed_to_some_kind_and_did_not_stop(store: Store) -> None:
    for number, kind in enumerate(Kind):
        reader(store, f"{number}", kind)
    reader(store, "7", opted_out_at=NOW)
    reader(store, "8", unreachable_since=NOW)
    reader(store, "9", channel="elsewhere")
    with store.turn(CHANNEL, "6", NOW) as turn:
        turn.save(contact=Contact(CHANNEL, "6", consents=(("role", NOW),)))
    assert [one.address for one in store.contacts(CHANNEL).readers()] == ["0", "1", "2", "8"]


def test_contacts_of_another_channel_are_refused_whole(store: Store) -> None:
    with pytest.raises(ValueError, match="channel"):
        store.contacts(CHANNEL).add([given("1"), replace(given("2"), channel="elsewhere")])
    assert list(store.contacts(CHANNEL).readers()) == []
