"""Outcomes reach the ledger in batches, and none is given up while there is any hope."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.broadcast.broadcast import Settled
from bot.broadcast.states import Event
from bot.delivery.recorder import AGAIN_S, RACES, Recorder
from bot.errors import StorageError
from bot.storage.failures import StorageUnavailable, VersionConflict


class Disk:
    """Writes after as many failures as were laid out."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.written: list[int] = []

    def write(self, batch: Sequence[Settled]) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.written += [one.delivery_id for one in batch]


async def never(_seconds: float) -> None:
    await asyncio.Event().wait()


async def at_once(_seconds: float) -> None:
    await asyncio.sleep(0)


def outcome(number: int) -> Settled:
    return Settled(number, 1, Event.ARRIVED)


async def test_enough_of_them_are_written_without_waiting() -> None:
    disk, tried = Disk(), asyncio.Event()
    recorder = Recorder(disk.write, never, soon=3, tried=tried.set)
    recorder.start()
    recorder.add(outcome(1))
    recorder.add(outcome(2))
    await asyncio.sleep(0)
    assert (len(recorder), disk.written) == (2, [])
    recorder.add(outcome(3))
    await tried.wait()
    assert (len(recorder), disk.written) == (0, [1, 2, 3])
    await recorder.finish(lambda: True)


async def test_few_are_written_when_their_time_has_come() -> None:
    disk, tried = Disk(), asyncio.Event()
    recorder = Recorder(disk.write, at_once, tried=tried.set)
    recorder.start()
    recorder.add(outcome(1))
    await tried.wait()
    assert disk.written == [1]
    await recorder.finish(lambda: True)


async def test_what_failed_is_told_kept_and_written_later() -> None:
    disk, tried = Disk(StorageUnavailable("The disk is full.")), asyncio.Event()
    recorder = Recorder(disk.write, at_once, soon=1, tried=tried.set)
    recorder.start()
    recorder.add(outcome(1))
    await tried.wait()
    with pytest.raises(StorageError, match="full"):
        recorder.check()
    assert len(recorder) == 1
    tried.clear()
    await tried.wait()
    recorder.check()
    assert disk.written == [1]
    await recorder.finish(lambda: True)


async def test_whatever_ends_the_writing_is_told() -> None:
    tried = asyncio.Event()
    recorder = Recorder(Disk(LookupError("unheard of")).write, at_once, soon=1, tried=tried.set)
    recorder.start()
    recorder.add(outcome(1))
    await tried.wait()
    await asyncio.sleep(0)
    with pytest.raises(LookupError):
        recorder.check()


async def test_another_writer_may_come_first_now_and_then() -> None:
    disk = Disk(*[VersionConflict()] * (RACES - 1))
    recorder = Recorder(disk.write, at_once)
    recorder.add(outcome(1))
    await recorder.finish(lambda: True)
    assert disk.written == [1]


async def test_the_end_waits_for_the_database_until_nobody_does() -> None:
    failures = [StorageUnavailable("It is away.")] * 3
    disk, patient = Disk(*failures), Disk(*failures)
    recorder = Recorder(disk.write, at_once)
    recorder.add(outcome(1))
    await recorder.finish(lambda: len(disk.failures) == 1)
    assert (len(recorder), disk.written) == (1, [])
    recorder = Recorder(patient.write, at_once)
    recorder.add(outcome(1))
    await recorder.finish(lambda: False)
    assert patient.written == [1]


async def test_what_never_began_to_write_is_written_in_the_end() -> None:
    disk = Disk()
    recorder = Recorder(disk.write, never)
    recorder.add(outcome(1))
    await recorder.finish(lambda: True)
    assert disk.written == [1]


async def test_after_a_failure_it_waits_and_tries_again() -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await asyncio.sleep(0)

    disk = Disk(StorageUnavailable("the database"))
    recorder = Recorder(disk.write, sleep)
    recorder.start()
    recorder.add(outcome(1))
    async with asyncio.timeout(30):
        while not disk.written:  # noqa: ASYNC110 - time moves on by itself
            await asyncio.sleep(0)
    assert AGAIN_S in slept
    await recorder.finish(lambda: True)
