"""Sending against a real ledger: everybody who can be reached gets it once, and everybody else is accounted for."""

import asyncio
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from bot.broadcast.states import Act
from bot.broadcast.throttle import BURST
from bot.delivery import Ended
from bot.delivery.sender import DRAINS_WITHIN_S
from bot.messaging import Delivered, SendResult
from bot.storage.failures import StorageUnavailable, VersionConflict
from tests.delivery.desk import NOON, TOKEN_REFUSED, Desk, most_in_a_second, uncertain_free

UNSENT = SendResult(Delivered.UNSENT, error="the connection could not be made")


async def test_everybody_gets_it_once_and_never_too_fast(desk: Desk) -> None:
    id, epoch = desk.started(60)
    async with desk.sending(desk.sender(), epoch) as running:
        await desk.until(desk.is_finished(id))
    assert running.result() is Ended.DRAINED
    assert desk.finished == [id], "said once"
    assert desk.states(id) == {"sent": 60}
    assert set(desk.door.arrived.values()) == {1}
    assert len(desk.door.arrived) == 60
    assert most_in_a_second(desk.door.posted) <= 25 + BURST


async def test_a_429_holds_the_lane_that_long_and_spends_no_attempt(desk: Desk) -> None:
    id, epoch = desk.started(30)
    desk.door.laid_out["5"] = [SendResult(Delivered.UNSENT, retry_after_s=40, error="wait")]
    async with desk.sending(desk.sender(), epoch):
        await desk.until(desk.is_finished(id))
    times = [at for at, _ in desk.door.posted]
    refused = next(at for at, address in desk.door.posted if address == "5") + desk.door.latency_s
    assert not [at for at in times if refused < at < refused + 40]
    assert desk.states(id) == {"sent": 30}
    assert set(desk.attempts(id).values()) == {1}
    assert desk.told == []
    # Half as fast afterwards.
    assert most_in_a_second([(at, "") for at in times if at > refused]) <= 12.5 + BURST


async def test_a_wait_that_is_too_long_parks_the_broadcast(desk: Desk) -> None:
    id, epoch = desk.started(5)
    desk.door.always = SendResult(Delivered.UNSENT, retry_after_s=3600, error="wait")
    async with desk.sending(desk.sender(), epoch):
        await desk.until(desk.in_state(id, "paused"))
    assert "3600" in (desk.ledger.get(id).paused_because or "")
    assert [told for told, _ in desk.told] == [id]
    assert uncertain_free(desk.states(id))


async def test_what_was_not_sent_is_tried_again_later_and_later(desk: Desk) -> None:
    id, epoch = desk.started(3)
    desk.door.laid_out["2"] = [UNSENT, UNSENT, UNSENT]
    async with desk.sending(desk.sender(), epoch):
        await desk.until(desk.is_finished(id))
    tries = [at for at, address in desk.door.posted if address == "2"]
    pauses = [later - earlier for earlier, later in pairwise(tries)]
    assert len(pauses) == 3
    assert all(pause >= at_least for pause, at_least in zip(pauses, (2, 4, 8), strict=True))
    assert desk.attempts(id) == {"1": 1, "2": 4, "3": 1}
    assert desk.states(id) == {"sent": 3}


@pytest.mark.parametrize("answer", [SendResult(Delivered.UNCERTAIN, error="the answer was lost"), ValueError("words")])
async def test_what_may_have_arrived_is_uncertain_and_left_alone(desk: Desk, answer: SendResult | Exception) -> None:
    id, epoch = desk.started(3)
    desk.door.laid_out["2"] = [answer]
    async with desk.sending(desk.sender(), epoch):
        await desk.until(desk.is_finished(id))
    assert desk.states(id) == {"sent": 2, "uncertain": 1}
    assert [address for _, address in desk.door.posted].count("2") == 1
    assert "words" not in str([one.error for one in desk.ledger.recipients(id)])


async def test_a_refused_token_pauses_everything_and_costs_nobody_a_try(desk: Desk) -> None:
    first, epoch = desk.started(10)
    second = desk.scheduled()
    desk.ledger.start(second, epoch, NOON)
    desk.door.always = SendResult(Delivered.UNSENT, error=TOKEN_REFUSED)
    async with desk.sending(desk.sender(), epoch):
        await desk.until(desk.in_state(second, "paused"))
        assert desk.ledger.get(first).state == "paused"
    assert {id for id, _ in desk.told} == {first, second}
    assert desk.ledger.get(first).paused_because == TOKEN_REFUSED
    assert uncertain_free(desk.states(first))
    assert set(desk.attempts(first).values()) == {0}
    assert desk.door.arrived.total() == 0


async def test_readers_who_blocked_the_bot_are_unreachable_and_no_failures(desk: Desk) -> None:
    id, epoch = desk.started(45)
    desk.door.always = SendResult(Delivered.BLOCKED, error="Forbidden: bot was blocked by the user")
    async with desk.sending(desk.sender(), epoch):
        await desk.until(desk.is_finished(id))
    assert desk.states(id) == {"blocked": 45}
    assert desk.ledger.count(desk.ledger.get(id).announcement.audience, NOON).unreachable == 45


async def test_equal_refusals_in_a_row_pause_the_broadcast(desk: Desk) -> None:
    id, epoch = desk.started(90)
    desk.door.always = SendResult(Delivered.FAILED, error="can't parse entities")
    async with desk.sending(desk.sender(), epoch):
        await desk.until(desk.in_state(id, "paused"))
    states = desk.states(id)
    assert states["failed"] >= 20
    assert states["queued"] >= 90 - 20 - 2 * (25 + BURST)
    assert sum(states.values()) == 90
    assert len(desk.told) == 1


async def test_a_pause_is_seen_before_the_next_claim_and_resuming_goes_on(desk: Desk) -> None:
    id, epoch = desk.started(90)
    desk.does("4", lambda: desk.ledger.act(id, Act.PAUSE, 1, NOON, because="by hand"))
    async with desk.sending(desk.sender(), epoch):
        await desk.until(desk.in_state(id, "paused"))
        await desk.until(lambda: "sending" not in desk.states(id))
        # What had been posted by then, and a second's claims.
        most = 10 + 25 + BURST
        assert len(desk.door.posted) <= most
        assert desk.states(id)["queued"] >= 90 - most
        desk.ledger.act(id, Act.RESUME, 1, NOON)
        await desk.until(desk.is_finished(id))
    assert desk.states(id) == {"sent": 90}
    assert set(desk.door.arrived.values()) == {1}


async def test_what_was_cancelled_meanwhile_is_not_paused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    id, epoch = desk.started(90)
    desk.door.always = SendResult(Delivered.FAILED, error="can't parse entities")
    real = desk.ledger.act

    def late(one: int, act: Act, by: int | None, now: datetime, **more: str) -> object:
        if act is Act.PAUSE:
            real(one, Act.CANCEL, 1, now)
        return real(one, act, by, now, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(desk.ledger, "act", late)
    async with desk.sending(desk.sender(), epoch):
        await desk.until(desk.in_state(id, "cancelled"))
    assert desk.told == []
    assert set(desk.states(id)) == {"failed", "cancelled"}


async def test_two_broadcasts_go_on_side_by_side(desk: Desk) -> None:
    first, epoch = desk.started(30)
    second = desk.scheduled()
    desk.ledger.start(second, epoch, NOON)
    desk.door.laid_out["1"] = [UNSENT, UNSENT]
    async with desk.sending(desk.sender(), epoch):
        await desk.until(desk.is_finished(first))
        await desk.until(desk.is_finished(second))
    assert desk.states(first) == desk.states(second) == {"sent": 30}
    assert most_in_a_second(desk.door.posted) <= 25 + BURST


async def test_draining_leaves_nothing_open_in_hand(desk: Desk) -> None:
    id, epoch = desk.started(90)
    sender = desk.sender(rate=200.0)
    drained_at: list[float] = []
    desk.does("10", lambda: (sender.drain(), drained_at.append(desk.clock.seconds)))  # type: ignore[func-returns-value]
    async with desk.sending(sender, epoch) as running:
        await running
        assert desk.clock.seconds - drained_at[0] <= DRAINS_WITHIN_S
    states = desk.states(id)
    assert set(states) <= {"sent", "queued"}
    assert states["sent"] == len(desk.door.posted) == desk.door.arrived.total()
    assert sum(states.values()) == 90


async def test_what_hangs_while_draining_is_given_up_and_listed(desk: Desk) -> None:
    id, epoch = desk.started(2)
    desk.door.laid_out["1"] = [asyncio.CancelledError()]
    desk.door.latency_s = 0
    sender = desk.sender()

    async def hangs(_claim: object) -> SendResult:
        sender.drain()
        await asyncio.Event().wait()
        raise AssertionError

    desk.door.laid_out["2"] = [hangs]
    async with desk.sending(sender, epoch) as running:
        await running
    assert desk.states(id) == {"uncertain": 2}


async def test_few_slots_are_never_exceeded(desk: Desk) -> None:
    id, epoch = desk.started(40)
    desk.door.latency_s = 1.0
    sender = desk.sender(in_flight=4)
    async with desk.sending(sender, epoch):
        await desk.until(desk.is_finished(id))
    times = [at for at, _ in desk.door.posted]
    assert max(sum(other <= at < other + 1 for other in times) for at in times) <= 4
    assert desk.states(id) == {"sent": 40}


async def test_a_database_that_fails_pauses_and_loses_no_outcome(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    id, epoch = desk.started(40)
    real, failing = desk.ledger.record, [True]

    def record(*given: object) -> int:
        if failing and desk.door.posted:
            raise StorageUnavailable("The database cannot be used: the disk is full.")
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(desk.ledger, "record", record)
    sender = desk.sender()
    driving = asyncio.create_task(desk.clock.run())
    running = asyncio.create_task(sender.run(epoch))
    start = desk.clock.seconds
    await desk.until(lambda: desk.clock.seconds > start + 20)
    assert not running.done()
    failing.clear()
    assert await running is Ended.UNRECORDED
    assert desk.states(id)["sent"] == desk.door.arrived.total()
    assert uncertain_free(desk.states(id))
    posted = len(desk.door.posted)
    epoch = desk.ledger.take_lead("me", desk.clock.now())
    running = asyncio.create_task(sender.run(epoch))
    await desk.until(desk.in_state(id, "paused"))
    assert len(desk.door.posted) == posted
    assert "disk is full" in (desk.ledger.get(id).paused_because or "")
    sender.drain()
    assert await running is Ended.DRAINED
    driving.cancel()


async def test_another_writer_that_comes_first_is_no_failure(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    id, epoch = desk.started(25)
    desk.door.always = SendResult(Delivered.FAILED, error="can't parse entities")
    for name in ("claim", "record", "act"):
        real, raced = getattr(desk.ledger, name), [name]

        def racing(*given: object, real: object = real, raced: list[str] = raced, **more: object) -> object:
            if raced:
                raced.pop()
                raise VersionConflict
            return real(*given, **more)  # type: ignore[operator]

        monkeypatch.setattr(desk.ledger, name, racing)
    async with desk.sending(desk.sender(), epoch):
        await desk.until(desk.in_state(id, "paused"))
    assert uncertain_free(desk.states(id))


async def test_whoever_lost_the_lead_stops_and_its_late_results_are_evidence(desk: Desk) -> None:
    id, epoch = desk.started(40)
    desk.does("4", lambda: desk.ledger.take_lead("another", desk.clock.now()))
    async with desk.sending(desk.sender(), epoch) as running:
        assert await running is Ended.LEAD_LOST
    states = desk.states(id)
    assert states.get("sent", 0) == desk.door.arrived.total()
    assert sum(states.values()) == 40


async def test_readers_who_sleep_wait_for_their_morning(desk: Desk) -> None:
    desk.readers(3, first=1, region="gb")
    desk.readers(2, first=4, region="in")
    id, epoch = desk.started()
    morning = NOON + timedelta(hours=14, minutes=30)

    def asleep(now: datetime) -> dict[str | None, datetime]:
        return {"in": morning} if now < morning else {}

    async with desk.sending(desk.sender(asleep=asleep), epoch):
        await desk.until(lambda: desk.states(id).get("sent", 0) == 3)
        assert desk.ledger.get(id).state == "sending"
        assert desk.ledger.next_due(id) == morning
        desk.clock.seconds += timedelta(hours=15).total_seconds()
        await desk.until(desk.is_finished(id))
    assert desk.states(id) == {"sent": 5}
    assert {address for at, address in desk.door.posted if at > 1000 + 9 * 3600} == {"4", "5"}


async def test_everybody_is_accounted_for_whatever_happens(desk: Desk) -> None:
    id, epoch = desk.started(84)
    mixed = [
        SendResult(Delivered.UNCERTAIN, error="lost"),
        UNSENT,
        SendResult(Delivered.BLOCKED, error="blocked"),
        SendResult(Delivered.UNSENT, retry_after_s=3, error="wait"),
        SendResult(Delivered.UNSENT, migrated_to="-100777", error="the chat has a new id"),
        SendResult(Delivered.FAILED, error="chat not found"),
    ]
    for address, answer in enumerate(mixed, start=10):
        desk.door.laid_out[str(address)] = [answer]
    desk.does("5", lambda: desk.store.forget("telegram", "84", desk.clock.now()))
    async with desk.sending(desk.sender(), epoch):
        await desk.until(desk.is_finished(id))
    assert desk.states(id) == {"sent": 80, "uncertain": 1, "blocked": 1, "failed": 1, "skipped": 1}
    assert set(desk.door.arrived.values()) == {1}
    assert desk.door.arrived["-100777"] == 1
