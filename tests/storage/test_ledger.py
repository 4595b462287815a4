"""What becomes of each recipient's copy."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.broadcast.announcement import Audience
from bot.broadcast.broadcast import Settled
from bot.broadcast.states import Act, BroadcastState, DeliveryState, Event, NotAllowed
from bot.storage import Store, deliveries
from tests.storage.announced import AUTHOR, LATER, approved, lines, reader, readers, settled, started, states
from tests.storage.chats import CHANNEL, NOW, contact_of


def test_every_reader_has_one_row_and_a_claim_marks_it(store: Store) -> None:
    ledger, id, epoch = started(store, 5)
    assert states(ledger, id) == {"queued": 5}
    first = ledger.claim(id, epoch, 2, NOW)
    rest = ledger.claim(id, epoch, 9, NOW)
    assert len({claim.contact_id for claim in [*first, *rest]}) == 5
    assert {(claim.attempt, claim.tries) for claim in first} == {(1, 1)}
    assert ledger.claim(id, epoch, 9, NOW) == []
    assert (ledger.open_count(id), ledger.next_due(id)) == (5, None)
    with pytest.raises(NotAllowed):
        ledger.start(id, epoch, NOW)


def test_outcomes_are_written_once(store: Store) -> None:
    ledger, id, epoch = started(store, 4)
    claims = ledger.claim(id, epoch, 4, NOW)
    outcomes = [
        *settled(claims[:1], Event.ARRIVED, message_ids=("81", "82")),
        *settled(claims[1:2], Event.REFUSED_BY_READER, error="blocked"),
        *settled(claims[2:3], Event.REFUSED, error="the chat is not there"),
        *settled(claims[3:], Event.LOST_TRACK),
    ]
    assert ledger.record(epoch, outcomes, LATER) == 4
    assert ledger.record(epoch, settled(claims, Event.REFUSED), LATER) == 0
    assert lines(ledger, id) == [
        (claims[0].address, DeliveryState.SENT, 1, None),
        (claims[1].address, DeliveryState.BLOCKED, 1, "blocked"),
        (claims[2].address, DeliveryState.FAILED, 1, "the chat is not there"),
        (claims[3].address, DeliveryState.UNCERTAIN, 1, None),
    ]
    blocked = contact_of(store, claims[1].address)
    assert blocked is not None
    assert blocked.unreachable_since == LATER
    assert ledger.finish_if_done(id, epoch, LATER)
    assert ledger.get(id).finished_at == LATER
    assert not ledger.finish_if_done(id, epoch, LATER)
    (mine,) = store.export(CHANNEL, claims[0].address)["deliveries"]
    assert (mine["state"], mine["message_ids"]) == ("sent", ["81", "82"])


def test_what_settles_nothing_is_refused(store: Store) -> None:
    ledger, id, epoch = started(store, 1)
    (claim,) = ledger.claim(id, epoch, 1, NOW)
    with pytest.raises(NotAllowed):
        ledger.record(epoch, [Settled(claim.delivery_id, claim.attempt, Event.CANCEL)], NOW)


def test_what_was_not_sent_is_tried_again_when_due(store: Store) -> None:
    ledger, id, epoch = started(store, 1)
    claims = ledger.claim(id, epoch, 1, NOW)
    ledger.record(epoch, settled(claims, Event.NOT_SENT, retry_at=LATER), NOW)
    assert (ledger.claim(id, epoch, 1, NOW), ledger.next_due(id)) == ([], LATER)
    (again,) = ledger.claim(id, epoch, 1, LATER)
    assert (again.attempt, again.tries) == (2, 2)
    ledger.record(epoch, settled([again], Event.NOT_SENT, spent=False), NOW)
    (third,) = ledger.claim(id, epoch, 1, LATER)
    assert (third.attempt, third.tries) == (3, 2)
    assert ledger.release(epoch, [third], NOW) == 1
    assert states(ledger, id) == {"queued": 1}
    (fourth,) = ledger.claim(id, epoch, 1, LATER)
    assert (fourth.attempt, fourth.tries) == (4, 2)
    assert ledger.record(epoch, settled(claims, Event.ARRIVED), NOW) == 0


def test_a_takeover_makes_uncertain_and_late_arrivals_are_evidence(store: Store) -> None:
    ledger, id, epoch = started(store, 3)
    claims = ledger.claim(id, epoch, 2, NOW)
    later = ledger.take_lead("second", LATER)
    assert states(ledger, id) == {"uncertain": 2, "queued": 1}
    assert ledger.record(epoch, settled(claims[:1], Event.ARRIVED, message_ids=("81",)), LATER) == 1
    assert ledger.record(epoch, settled(claims[1:], Event.NOT_SENT), LATER) == 0
    assert ledger.record(later, settled(claims[1:], Event.ARRIVED), LATER) == 0
    assert states(ledger, id) == {"sent": 1, "uncertain": 1, "queued": 1}


def test_who_leaves_before_their_turn_is_skipped(store: Store) -> None:
    audience = Audience(roles=frozenset({"parent"}))
    for address in ("1", "2", "3", "4", "5", "6"):
        reader(store, address, roles=("parent",))
    ledger, id, epoch = started(store, 0, audience)

    def change(address: str, **known: object) -> None:
        with store.turn(CHANNEL, address, NOW) as turn:
            assert turn.contact is not None
            turn.save(contact=replace(turn.contact, **known))  # type: ignore[arg-type]

    change("1", opted_out_at=NOW)
    change("2", roles=("gp",))
    change("3", consents=(("role", NOW),))
    change("4", consents=())
    store.mark_reachable(CHANNEL, "5", reachable=False, now=NOW)
    assert [claim.address for claim in ledger.claim(id, epoch, 1, NOW)] == ["6"]
    assert states(ledger, id) == {"skipped": 5, "sending": 1}


def test_readers_sleep_until_their_morning(store: Store) -> None:
    reader(store, "1", region="england")
    reader(store, "2")
    ledger, id, epoch = started(store, 0)
    assert ledger.claim(id, epoch, 5, NOW, quiet={"england": LATER, None: LATER}) == []
    assert (ledger.next_due(id), states(ledger, id)) == (LATER, {"queued": 2})
    assert ledger.claim(id, epoch, 5, NOW) == []
    (awake,) = ledger.claim(id, epoch, 5, LATER, quiet={None: LATER + timedelta(hours=1)})
    assert awake.address == "1"


def test_a_claim_looks_at_so_many_and_no_more(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliveries, "ROUNDS", 2)
    ledger, id, epoch = started(store, 3)
    for address in [one.chat_id for one in ledger.recipients(id)][:2]:
        store.mark_reachable(CHANNEL, address or "", reachable=False, now=NOW)
    assert ledger.claim(id, epoch, 1, NOW) == []
    assert ledger.next_due(id) == NOW
    assert len(ledger.claim(id, epoch, 1, NOW)) == 1


def test_nothing_is_claimed_while_paused_and_what_comes_back_after_cancelling_stays(store: Store) -> None:
    ledger, id, epoch = started(store, 3)
    claims = ledger.claim(id, epoch, 2, NOW)
    ledger.act(id, Act.PAUSE, AUTHOR, NOW)
    assert ledger.claim(id, epoch, 1, NOW) == []
    ledger.act(id, Act.CANCEL, AUTHOR, NOW)
    ledger.release(epoch, claims[:1], NOW)
    ledger.record(epoch, settled(claims[1:], Event.NOT_SENT), NOW)
    assert states(ledger, id) == {"cancelled": 3}


def test_rows_are_closed_by_cancelling_and_expiring(store: Store) -> None:
    ledger, id, epoch = started(store, 4)
    claims = ledger.claim(id, epoch, 2, NOW)
    ledger.record(epoch, settled(claims[:1], Event.NOT_SENT), NOW)
    assert (ledger.expire(id), ledger.cancel(id)) == (3, 0)
    assert states(ledger, id) == {"expired": 3, "sending": 1}
    ledger.release(epoch, claims[1:], NOW)
    assert ledger.cancel(id) == 1


def test_a_chat_that_moved_keeps_its_contact(store: Store) -> None:
    ledger, id, epoch = started(store, 2)
    claims = ledger.claim(id, epoch, 2, NOW)
    moved, taken = claims
    outcomes = [
        *settled([moved], Event.NOT_SENT, migrated_to="-100770090"),
        *settled([taken], Event.NOT_SENT, migrated_to="-100770090"),
    ]
    ledger.record(epoch, outcomes, NOW)
    (again,) = ledger.claim(id, epoch, 2, NOW)
    assert (again.address, again.contact_id) == ("-100770090", moved.contact_id)
    assert states(ledger, id) == {"sending": 1, "skipped": 1}


def test_a_press_on_an_uncertain_one_is_evidence(store: Store) -> None:
    ledger, id, epoch = started(store, 2)
    claims = ledger.claim(id, epoch, 2, NOW)
    ledger.record(epoch, settled(claims[:1], Event.LOST_TRACK), NOW)
    ledger.record(epoch, settled(claims[1:], Event.ARRIVED, message_ids=("81",)), NOW)
    address = claims[0].address
    assert not ledger.evidence(claims[1].address, "81", LATER)
    assert not ledger.evidence("9", "81", LATER)
    assert not ledger.evidence(address, "91", LATER, id=id + 1)
    other = approved(ledger)
    ledger.start(other, epoch, NOW)
    ledger.record(epoch, settled(ledger.claim(other, epoch, 2, NOW), Event.LOST_TRACK), NOW)
    assert not ledger.evidence(address, "91", LATER)
    assert ledger.evidence(address, "91", LATER, id=id)
    assert not ledger.evidence(address, "91", LATER)
    assert ledger.evidence(address, "92", LATER)
    assert states(ledger, id) == {"sent": 2}


def test_a_person_may_have_it_sent_again(store: Store) -> None:
    ledger, id, epoch = started(store, 3)
    claims = ledger.claim(id, epoch, 3, NOW)
    ledger.record(epoch, settled(claims[:1], Event.LOST_TRACK), NOW)
    ledger.record(epoch, settled(claims[1:], Event.REFUSED, error="too long"), NOW)
    assert ledger.finish_if_done(id, epoch, NOW)
    everyone = [claim.delivery_id for claim in claims]
    assert ledger.send_again(id, everyone[:1], AUTHOR, LATER) == 1
    assert ledger.send_again(id, everyone[:1], AUTHOR, LATER) == 0
    assert (ledger.get(id).state, ledger.get(id).finished_at) == (BroadcastState.SENDING, None)
    assert ledger.retry_failed(id, AUTHOR, LATER) == 2
    assert [claim.tries for claim in ledger.claim(id, epoch, 9, LATER)] == [2, 2, 2]
    with store._database.reading() as connection:
        told = connection.exec_driver_sql("SELECT act, deliveries FROM audit ORDER BY id DESC LIMIT 2").all()
    assert [tuple(line) for line in told] == [("retry_failed", 2), ("send_again", 1)]
    ledger.record(epoch, settled(ledger.claim(id, epoch, 9, LATER), Event.REFUSED), NOW)


def test_a_cancelled_one_is_not_sent_again(store: Store) -> None:
    ledger, id, epoch = started(store, 1)
    (claim,) = ledger.claim(id, epoch, 1, NOW)
    ledger.record(epoch, settled([claim], Event.REFUSED), NOW)
    ledger.act(id, Act.CANCEL, AUTHOR, NOW)
    with pytest.raises(NotAllowed):
        ledger.retry_failed(id, AUTHOR, NOW)
    assert states(ledger, id) == {"failed": 1}


def test_a_forgotten_reader_leaves_rows_that_name_nobody(store: Store) -> None:
    ledger, id, epoch = started(store, 3)
    claims = ledger.claim(id, epoch, 2, NOW)
    ledger.record(epoch, settled(claims[:1], Event.ARRIVED, message_ids=("81",)), NOW)
    everybody = [one.chat_id or "" for one in ledger.recipients(id)]
    numbers = {address: store.export(CHANNEL, address)["contact"]["id"] for address in everybody}
    for address in everybody:
        assert "delivery.contact_id" in store.holds_anything(CHANNEL, address)
        store.forget(CHANNEL, address, NOW)
    ledger.record(epoch, settled(claims[1:], Event.ARRIVED, message_ids=("82",)), NOW)
    assert [store.holds_anything(CHANNEL, address, number) for address, number in numbers.items()] == [[], [], []]
    assert states(ledger, id) == {"sent": 2, "skipped": 1}
    with store._database.reading() as connection:
        assert set(connection.exec_driver_sql("SELECT contact_id, message_ids FROM delivery").all()) == {(None, None)}
    assert ledger.send_again(id, [claim.delivery_id for claim in claims], AUTHOR, NOW) == 0


def test_ninety_days_after_the_end_rows_name_nobody(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliveries, "SWEPT_AT_ONCE", 2)
    ledger, id, epoch = started(store, 3)
    ledger.record(epoch, settled(ledger.claim(id, epoch, 3, NOW), Event.ARRIVED, message_ids=("81",)), NOW)
    assert store.sweep(NOW + timedelta(days=99)).deliveries == 0
    ledger.finish_if_done(id, epoch, NOW)
    assert store.sweep(NOW + timedelta(days=89)).deliveries == 0
    assert store.sweep(NOW + timedelta(days=90)).deliveries == 3
    assert store.sweep(NOW + timedelta(days=91)).deliveries == 0
    assert lines(ledger, id) == [(None, DeliveryState.SENT, 1, None)] * 3


def test_a_report_is_read_in_pages(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliveries, "_PAGE", 2)
    ledger, id, _ = started(store, 5)
    assert [one.chat_id for one in ledger.recipients(id)] == readers(store, 5)
