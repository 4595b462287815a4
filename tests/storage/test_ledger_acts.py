"""Drafts and approvals, and who did what."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.broadcast.announcement import Announcement, Content
from bot.broadcast.states import Act, BroadcastState, NotAllowed
from bot.errors import UsageError
from bot.storage import LeadLost, Store
from tests.storage.announced import AUTHOR, HELLO, LATER, SECOND, approved, readers, started, states
from tests.storage.chats import CHANNEL, NOW

OTHER = Announcement(Content("Good evening"), starts_at=NOW + timedelta(hours=8), zone="Europe/Dublin")


def acts(store: Store) -> list[tuple[str, int | None, int | None]]:
    with store._database.reading() as connection:
        found = connection.exec_driver_sql('SELECT act, "by", deliveries FROM audit ORDER BY id')
        return [tuple(line) for line in found]


def test_an_announcement_comes_back_as_it_was_composed(store: Store) -> None:
    ledger = store.ledger(CHANNEL)
    id = ledger.create(OTHER, AUTHOR, NOW)
    found = ledger.get(id)
    assert (found.state, found.announcement, found.composed_by) == (BroadcastState.DRAFT, OTHER, AUTHOR)
    assert found.announcement.hash == OTHER.hash
    assert ledger.list() == [found] == ledger.list({BroadcastState.DRAFT})
    assert ledger.list({BroadcastState.SENDING}) == []


@pytest.mark.parametrize("id", [0, -1, 7, 2**63])
def test_what_is_not_there_is_said(store: Store, id: int) -> None:
    with pytest.raises(UsageError, match=str(id)):
        store.ledger(CHANNEL).get(id)


def test_each_act_is_written_down(store: Store) -> None:
    ledger = store.ledger(CHANNEL)
    id = approved(ledger)
    ledger.act(id, Act.SCHEDULE, SECOND, NOW)
    ledger.start(id, ledger.take_lead("first", NOW), NOW)
    paused = ledger.act(id, Act.PAUSE, None, NOW, because="the token is refused")
    assert paused.paused_because == "the token is refused"
    assert ledger.act(id, Act.RESUME, AUTHOR, NOW).paused_because is None
    assert ledger.act(id, Act.FINISH, None, LATER).finished_at == LATER
    assert ledger.act(id, Act.CORRECT, AUTHOR, LATER).finished_at is None
    ledger.act(id, Act.FINISH, None, LATER)
    ledger.act(id, Act.RECALL, AUTHOR, LATER)
    assert [(what, by) for what, by, _ in acts(store)] == [
        ("create", AUTHOR), ("submit", AUTHOR), ("approve", SECOND), ("schedule", SECOND), ("start", None),
        ("pause", None), ("resume", AUTHOR), ("finish", None), ("correct", AUTHOR), ("finish", None),
        ("recall", AUTHOR),
    ]  # fmt: skip


def test_of_two_edits_at_once_the_second_is_refused(store: Store) -> None:
    ledger = store.ledger(CHANNEL)
    seen = ledger.get(ledger.create(HELLO, AUTHOR, NOW))
    ledger.edit(seen.id, OTHER, SECOND, NOW, version=seen.version)
    with pytest.raises(NotAllowed, match="meanwhile"):
        ledger.edit(seen.id, HELLO, AUTHOR, NOW, version=seen.version)
    assert ledger.get(seen.id).announcement == OTHER


def test_an_act_on_what_was_changed_meanwhile_is_refused(store: Store) -> None:
    ledger = store.ledger(CHANNEL)
    seen = ledger.get(ledger.create(HELLO, AUTHOR, NOW))
    ledger.edit(seen.id, OTHER, SECOND, NOW)
    with pytest.raises(NotAllowed, match="meanwhile"):
        ledger.act(seen.id, Act.SUBMIT, AUTHOR, NOW, version=seen.version)
    assert ledger.act(seen.id, Act.SUBMIT, AUTHOR, NOW).state is BroadcastState.SUBMITTED


def test_an_edit_voids_the_approval(store: Store) -> None:
    ledger = store.ledger(CHANNEL)
    id = approved(ledger)
    edited = ledger.edit(id, OTHER, AUTHOR, NOW)
    assert (edited.state, edited.announcement, edited.approved_by) == (BroadcastState.DRAFT, OTHER, None)
    with pytest.raises(NotAllowed):
        ledger.act(id, Act.SCHEDULE, AUTHOR, NOW)


def test_a_rejected_one_is_a_draft_again(store: Store) -> None:
    ledger = store.ledger(CHANNEL)
    id = ledger.create(HELLO, AUTHOR, NOW)
    ledger.act(id, Act.SUBMIT, AUTHOR, NOW, counted=9)
    assert ledger.get(id).counted == 9
    rejected = ledger.act(id, Act.REJECT, SECOND, NOW)
    assert (rejected.state, rejected.submitted_by) == (BroadcastState.DRAFT, None)


def test_an_approval_needs_a_second_person_who_saw_exactly_this_in_time(store: Store) -> None:
    ledger = store.ledger(CHANNEL)
    id = ledger.create(HELLO, AUTHOR, NOW)
    ledger.act(id, Act.SUBMIT, AUTHOR, NOW)
    for by, at, seen in (
        (AUTHOR, NOW, HELLO.hash),
        (None, NOW, HELLO.hash),
        (SECOND, NOW, OTHER.hash),
        (SECOND, NOW, None),
        (SECOND, NOW + timedelta(days=1, seconds=1), HELLO.hash),
    ):
        with pytest.raises(NotAllowed):
            ledger.act(id, Act.APPROVE, by, at, hash=seen)
    assert ledger.get(id).state is BroadcastState.SUBMITTED
    done = ledger.act(id, Act.APPROVE, SECOND, NOW + timedelta(days=1), hash=HELLO.hash, counted=10)
    assert (done.approved_by, done.approved_hash, done.counted) == (SECOND, HELLO.hash, 10)


def test_a_lone_organiser_has_time_to_cancel(store: Store) -> None:
    ledger = store.ledger(CHANNEL)
    id = ledger.create(HELLO, AUTHOR, NOW)
    ledger.act(id, Act.SUBMIT, AUTHOR, NOW)
    with pytest.raises(NotAllowed, match="Somebody else"):
        ledger.act(id, Act.APPROVE, AUTHOR, NOW, hash=HELLO.hash, undo_until=LATER)
    ledger.act(id, Act.APPROVE, AUTHOR, NOW, hash=HELLO.hash, undo_until=LATER, alone=True)
    ledger.act(id, Act.SCHEDULE, AUTHOR, NOW)
    assert ledger.due(NOW) == []
    epoch = ledger.take_lead("first", NOW)
    with pytest.raises(NotAllowed):
        ledger.start(id, epoch, NOW)
    assert [one.id for one in ledger.due(LATER)] == [id]
    ledger.start(id, epoch, LATER)


def test_a_scheduled_one_waits_for_its_time(store: Store) -> None:
    ledger = store.ledger(CHANNEL)
    id = approved(ledger, OTHER)
    ledger.act(id, Act.SCHEDULE, SECOND, NOW)
    assert ledger.due(NOW + timedelta(hours=7)) == []
    assert [one.id for one in ledger.due(NOW + timedelta(hours=8))] == [id]


def test_what_was_not_approved_as_it_stands_does_not_start(store: Store) -> None:
    readers(store, 1)
    ledger = store.ledger(CHANNEL)
    id = approved(ledger)
    epoch = ledger.take_lead("first", NOW)
    with store._database.writing() as connection:
        connection.exec_driver_sql("UPDATE broadcast SET zone = 'UTC'")
    with pytest.raises(NotAllowed):
        ledger.start(id, epoch, NOW)
    with pytest.raises(NotAllowed):
        ledger.act(id, Act.SCHEDULE, SECOND, NOW)
    assert (ledger.get(id).state, states(ledger, id)) == (BroadcastState.APPROVED, {})


def test_a_rehearsal_reaches_nobody_but_those_named(store: Store) -> None:
    first, second, _ = readers(store, 3)
    ledger = store.ledger(CHANNEL)
    audience = replace(HELLO.audience, roles=frozenset({"gp"}))
    id = approved(ledger, replace(HELLO, audience=audience), rehearsal=True)
    public = approved(ledger)
    epoch = ledger.take_lead("first", NOW)
    with pytest.raises(NotAllowed):
        ledger.start(id, epoch, NOW)
    with pytest.raises(NotAllowed):
        ledger.start(public, epoch, NOW, only=[first])
    assert ledger.start(id, epoch, NOW, only=[first, second, "9"]) == 2
    assert {one.address for one in ledger.claim(id, epoch, 9, NOW)} == {first, second}


@pytest.mark.parametrize("act", [Act.START, Act.EDIT, Act.SEND_AGAIN])
def test_some_acts_have_methods_of_their_own(store: Store, act: Act) -> None:
    with pytest.raises(ValueError, match=act):
        store.ledger(CHANNEL).act(1, act, AUTHOR, NOW)


def test_cancelling_takes_what_is_queued_along_and_finishing_waits_for_it(store: Store) -> None:
    ledger, id, epoch = started(store, 3)
    with pytest.raises(NotAllowed):
        ledger.act(id, Act.FINISH, AUTHOR, NOW)
    assert ledger.finish_if_done(id, epoch, NOW) is False
    ledger.claim(id, epoch, 1, NOW)
    assert ledger.act(id, Act.CANCEL, AUTHOR, NOW).finished_at == NOW
    assert states(ledger, id) == {"sending": 1, "cancelled": 2}


def test_an_organiser_who_is_forgotten_leaves_no_number(store: Store) -> None:
    ledger = store.ledger(CHANNEL)
    waiting, (_, sent, _) = approved(ledger), started(store, 1)
    assert store.holds_anything(CHANNEL, str(SECOND)) == ["audit.by", "broadcast.approved_by"]
    for address in (str(SECOND), "@somebody", "9" * 30):
        store.forget(CHANNEL, address, NOW)
    assert store.holds_anything(CHANNEL, str(SECOND)) == []
    assert (ledger.get(waiting).state, ledger.get(sent).state) == (BroadcastState.DRAFT, BroadcastState.SENDING)
    assert ledger.get(waiting).approved_hash is None
    assert ledger.get(waiting).composed_by == AUTHOR


def test_only_one_leads(store: Store) -> None:
    ledger = store.ledger(CHANNEL)
    assert not ledger.is_lead(1)
    first = ledger.take_lead("first", NOW)
    with pytest.raises(NotAllowed):
        ledger.take_lead("second", LATER, silent_for=timedelta(minutes=6))
    assert ledger.keep_lead(first, NOW + timedelta(seconds=1))
    again = ledger.take_lead("first", LATER, silent_for=timedelta(minutes=6))
    second = ledger.take_lead("second", LATER + timedelta(minutes=6), silent_for=timedelta(minutes=6))
    assert first < again < second
    assert ledger.is_lead(second)
    assert not ledger.keep_lead(again, LATER)
    id = approved(ledger)
    for forbidden in (
        lambda: ledger.start(id, again, NOW),
        lambda: ledger.claim(id, again, 1, NOW),
        lambda: ledger.finish_if_done(id, again, NOW),
    ):
        with pytest.raises(LeadLost):
            forbidden()


def test_the_audit_is_kept_for_two_years(store: Store) -> None:
    ledger, id, epoch = started(store, 0)
    assert ledger.finish_if_done(id, epoch, NOW)
    assert store.sweep(NOW + timedelta(days=729)).acts == 0
    assert store.sweep(NOW + timedelta(days=730)).acts == 5
    assert store.holds_anything(CHANNEL, str(SECOND)) == []
