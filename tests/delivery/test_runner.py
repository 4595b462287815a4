"""From the time a broadcast is due to its end, and through stops, doubts and other processes."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.broadcast.states import Act
from bot.delivery import Runner
from bot.delivery.runner import LATE, RENEWS_EVERY, doubt
from bot.storage.failures import StorageUnavailable
from tests.delivery.desk import HELLO, NOON, Desk


@asynccontextmanager
async def running(desk: Desk, runner: Runner) -> AsyncIterator[None]:
    driving = asyncio.create_task(desk.clock.run())
    task = asyncio.create_task(runner.run())
    try:
        yield
    finally:
        await runner.drain()
        await task
        driving.cancel()


async def test_what_is_due_goes_out_and_finishes(desk: Desk) -> None:
    desk.readers(5)
    soon = replace(HELLO, starts_at=NOON + timedelta(seconds=30))
    id = desk.scheduled(soon, counted=5)
    async with running(desk, desk.runner(desk.sender())):
        await desk.until(desk.is_finished(id))
    assert desk.states(id) == {"sent": 5}
    assert min(at for at, _ in desk.door.posted) >= 1030
    assert desk.told == []


async def test_a_rehearsal_goes_to_its_own_chats_and_nobody_else(desk: Desk) -> None:
    desk.readers(5)
    id = desk.scheduled(counted=1, rehearsal=True)
    async with running(desk, desk.runner(desk.sender(), rehearsal_chats=("2", "3"))):
        await desk.until(desk.is_finished(id))
    assert set(desk.door.arrived) == {"2", "3"}


async def test_a_late_one_asks_once_and_goes_out_when_somebody_says_so(desk: Desk) -> None:
    desk.readers(2)
    id = desk.scheduled(replace(HELLO, starts_at=NOON - timedelta(days=1)))
    runner = desk.runner(desk.sender())
    async with running(desk, runner):
        await desk.until(lambda: bool(desk.told))
        later = desk.clock.seconds + 5
        await desk.until(lambda: desk.clock.seconds > later)
        assert desk.ledger.get(id).state == "scheduled"
        assert [told for told, _ in desk.told] == [id]
        runner.confirm(desk.ledger.get(id))
        await desk.until(desk.is_finished(id))
    assert desk.states(id) == {"sent": 2}


async def test_one_that_cannot_start_is_told_and_holds_up_nobody(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.readers(2)
    stuck = desk.scheduled(rehearsal=True)
    id = desk.scheduled()
    runner = desk.runner(desk.sender())
    monkeypatch.setattr(runner, "_rehearsal_chats", None)
    async with running(desk, runner):
        await desk.until(desk.is_finished(id))
    assert [told for told, _ in desk.told] == [stuck]


def test_a_changed_audience_asks(desk: Desk) -> None:
    broadcast = replace(desk.ledger.get(desk.scheduled(counted=100)), counted=100)
    assert doubt(broadcast, 110, NOON) is None
    assert doubt(broadcast, 90, NOON) is None
    assert "111" in (doubt(broadcast, 111, NOON) or "")
    assert "89" in (doubt(broadcast, 89, NOON) or "")
    timed = replace(broadcast, announcement=replace(HELLO, starts_at=NOON))
    assert doubt(timed, 100, NOON + LATE) is None
    assert doubt(timed, 100, NOON + LATE + timedelta(seconds=1)) is not None


async def test_what_a_dead_process_left_in_hand_is_uncertain(desk: Desk) -> None:
    id, epoch = desk.started(4)
    desk.ledger.claim(id, epoch, 3, NOON)
    async with running(desk, desk.runner(desk.sender())):
        await desk.until(desk.is_finished(id))
    assert desk.states(id) == {"uncertain": 3, "sent": 1}


async def test_a_second_process_waits_until_the_first_falls_silent(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    id, _ = desk.started(2)
    async with running(desk, desk.runner(desk.sender(), holder="another")):
        await desk.until(desk.is_finished(id))
    assert min(at for at, _ in desk.door.posted) >= 1030
    assert len([line for line in caplog.messages if "Another process" in line]) == 1


async def test_the_lead_is_kept_and_taken_anew_after_the_database_failed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = desk.scheduled()
    desk.readers(3)
    renewed, real = [], desk.ledger.keep_lead
    for name in ("list", "due"):
        working, failing = getattr(desk.ledger, name), [name]

        def stumbling(*given: object, working: object = working, failing: list[str] = failing) -> object:
            if failing:
                raise StorageUnavailable(f"The database cannot be used: {failing.pop()}.")
            return working(*given)  # type: ignore[operator]

        monkeypatch.setattr(desk.ledger, name, stumbling)
    monkeypatch.setattr(desk.ledger, "keep_lead", lambda *given: renewed.append(given) or real(*given))  # type: ignore[func-returns-value]
    async with running(desk, desk.runner(desk.sender())):
        await desk.until(desk.is_finished(id))
        enough = desk.clock.seconds + 3 * RENEWS_EVERY.total_seconds()
        await desk.until(lambda: desk.clock.seconds > enough)
    assert len(renewed) >= 2
    assert {epoch for epoch, _ in renewed} == {2}
    assert desk.states(id) == {"sent": 3}


async def test_stopping_while_another_leads_ends_at_once(desk: Desk) -> None:
    desk.ledger.take_lead("me", NOON)
    async with running(desk, desk.runner(desk.sender(), holder="another")):
        await asyncio.sleep(0)
    assert desk.door.posted == []


async def test_being_cancelled_drains(desk: Desk) -> None:
    id, _ = desk.started(60)
    driving = asyncio.create_task(desk.clock.run())
    task = asyncio.create_task(desk.runner(desk.sender()).run())
    desk.does("4", task.cancel)
    with pytest.raises(asyncio.CancelledError):
        await task
    driving.cancel()
    assert set(desk.states(id)) == {"sent", "queued"}


async def test_a_broadcast_that_was_cancelled_meanwhile_is_left_alone(desk: Desk) -> None:
    id, _ = desk.started(60)
    desk.does("4", lambda: desk.ledger.act(id, Act.CANCEL, 1, NOON))
    async with running(desk, desk.runner(desk.sender())):
        await desk.until(desk.in_state(id, "cancelled"))
        await desk.until(lambda: "sending" not in desk.states(id))
    states = desk.states(id)
    assert set(states) == {"sent", "cancelled"}
    assert sum(states.values()) == 60
