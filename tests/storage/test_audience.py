from dataclasses import asdict, replace
from datetime import timedelta

import pytest

from bot.broadcast.announcement import Announcement, Audience, Kind
from bot.broadcast.broadcast import Counted
from bot.messaging import NO_CELEBRATION
from bot.storage import Store
from tests.storage.announced import HELLO, approved, reader
from tests.storage.chats import CHANNEL, NOW

EVERYBODY = Audience()
SECOND = timedelta(seconds=1)
CHOSEN = Audience(
    roles=frozenset({"parent", "midwife"}), regions=frozenset({"england"}), languages=frozenset({"en", "cy"})
)


@pytest.fixture
def people(store: Store) -> Store:
    here = {"region": "england", "language": "en"}
    reader(store, "1", roles=("parent",), **here)
    reader(store, "2", roles=("gp", "midwife"), region="england", language="cy")
    reader(store, "3", Kind.EVENTS, roles=("parent",), **here)
    reader(store, "4", consents=(("role", NOW),), roles=("parent",), **here)
    reader(store, "5", roles=("parent",), opted_out_at=NOW, **here)
    reader(store, "6", roles=("parent",), unreachable_since=NOW, **here)
    reader(store, "7", roles=("parent-to-be",), **here)
    reader(store, "8", roles=("parent",), language="en")
    reader(store, "9", roles=("parent",), region="england")
    reader(store, "10", roles=("parent",), channel="web", **here)
    reader(store, "11", roles=("parent",), paused_until=NOW + SECOND, **here)
    reader(store, "12", roles=("parent",), paused_until=NOW, **here)
    spared = ((Kind.WEEK.value, NOW), (NO_CELEBRATION, NOW))
    reader(store, "13", roles=("parent",), consents=spared, **here)
    return store


def snapshot(store: Store, audience: Audience) -> set[str | None]:
    ledger = store.ledger(CHANNEL)
    id = approved(ledger, Announcement(HELLO.content, audience))
    ledger.start(id, ledger.take_lead("first", NOW), NOW)
    return {one.chat_id for one in ledger.recipients(id)}


@pytest.mark.parametrize(
    ("audience", "expected"),
    [
        (EVERYBODY, {"1", "2", "7", "8", "9", "12", "13"}),
        (replace(EVERYBODY, celebratory=True), {"1", "2", "7", "8", "9", "12"}),
        (CHOSEN, {"1", "2", "12", "13"}),
        (replace(CHOSEN, celebratory=True), {"1", "2", "12"}),
        (Audience(Kind.EVENTS), {"3"}),
        (Audience(Kind.ROLE), set()),
        (Audience(roles=frozenset({"parent"})), {"1", "8", "9", "12", "13"}),
        (Audience(regions=frozenset({"england"})), {"1", "2", "7", "9", "12", "13"}),
        (Audience(languages=frozenset({"cy"})), {"2"}),
        (Audience(roles=frozenset({'par"ent', "%"})), set()),
    ],
)
def test_the_snapshot_holds_whom_the_count_counts(people: Store, audience: Audience, expected: set[str]) -> None:
    assert people.ledger(CHANNEL).count(audience, NOW).total == len(expected)
    assert snapshot(people, audience) == expected


def test_everybody_else_is_counted_under_one_reason(people: Store) -> None:
    counted = people.ledger(CHANNEL).count(replace(CHOSEN, celebratory=True), NOW)
    assert counted == Counted(
        total=3,
        opted_out=1,
        unreachable=1,
        not_opted_in=1,
        other_kind=1,
        paused=1,
        no_celebration=1,
        other_role=1,
        other_region=1,
        other_language=1,
    )
    assert sum(asdict(counted).values()) == 12


def test_nobody_is_counted_where_nobody_is(store: Store) -> None:
    assert store.ledger(CHANNEL).count(EVERYBODY, NOW) == Counted()


def test_whoever_pauses_or_is_spared_after_the_snapshot_gets_nothing_either(people: Store) -> None:
    ledger = people.ledger(CHANNEL)
    id = approved(ledger, Announcement(HELLO.content, Audience(celebratory=True)))
    epoch = ledger.take_lead("first", NOW)
    ledger.start(id, epoch, NOW)
    with people.turn(CHANNEL, "1", NOW) as turn:
        assert turn.contact is not None
        turn.save(contact=replace(turn.contact, paused_until=NOW + SECOND))
    with people.turn(CHANNEL, "2", NOW) as turn:
        assert turn.contact is not None
        turn.save(contact=replace(turn.contact, consents=(*turn.contact.consents, (NO_CELEBRATION, NOW))))
    assert {one.address for one in ledger.claim(id, epoch, 10, NOW)} == {"7", "8", "9", "12"}


def test_a_pause_is_stored_and_read_back_to_the_second(store: Store) -> None:
    reader(store, "1", paused_until=NOW + SECOND)
    with store.turn(CHANNEL, "1", NOW) as turn:
        assert turn.contact is not None
        assert turn.contact.paused_until == NOW + SECOND
    assert store.export(CHANNEL, "1")["contact"]["paused_until"] == (NOW + SECOND).isoformat()


def test_a_rehearsal_goes_to_nobody_who_paused(people: Store) -> None:
    ledger = people.ledger(CHANNEL)
    id = approved(ledger, HELLO, rehearsal=True)
    assert ledger.start(id, ledger.take_lead("first", NOW), NOW, only=["1", "11"]) == 1
