"""What became of sends, gathered and written to the ledger in batches: a commit for each row would be the slowest part.

Used by `sender`. What cannot be written is kept and tried again; until it is written the rows stay marked as being
sent, so nobody is messaged twice.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from bot.broadcast.broadcast import Settled
from bot.errors import StorageError
from bot.storage.failures import VersionConflict

EVERY_S = 0.25
"""Outcomes are written this long after the first of them at the latest …"""
MOST = 500
"""… or as soon as there are `soon` of them, and no more than so many in one transaction."""
AGAIN_S = 1.0
"""Pause before a write that failed is tried again."""
RACES = 3
"""So many times in a row another writer may have come first before that is a failure."""

Write = Callable[[Sequence[Settled]], object]
"""Writes outcomes in one transaction; blocks; raises StorageError when it did not."""
Sleep = Callable[[float], Awaitable[None]]


class Recorder:
    """Belongs to one epoch and one event loop; writes by itself from `start` to `finish`.

    `tried` is called after each write, whether it succeeded or not, and when writing ends.
    """

    def __init__(
        self,
        write: Write,
        sleep: Sleep = asyncio.sleep,
        *,
        soon: int = MOST,
        tried: Callable[[], None] = lambda: None,
    ) -> None:
        self._write = write
        self._sleep = sleep
        self._soon = soon
        self._tried = tried
        self._waiting: list[Settled] = []
        self._some = asyncio.Event()
        self._enough = asyncio.Event()
        self._turn = asyncio.Lock()
        self._failure: str | None = None
        self._writing: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._writing = asyncio.create_task(self._run())

    def add(self, settled: Settled) -> None:
        self._waiting.append(settled)
        self._some.set()
        if len(self._waiting) >= self._soon:
            self._enough.set()

    def __len__(self) -> int:
        """Outcomes that are not written yet: should this process die, they are uncertain."""
        return len(self._waiting)

    def check(self) -> None:
        """Raises StorageError while the last write failed, or whatever else ended the writing."""
        if self._writing is not None and self._writing.done():
            self._writing.result()
        if self._failure is not None:
            raise StorageError(self._failure)

    async def finish(self, gave_up: Callable[[], bool]) -> None:
        """Writes all that waits, however often that takes to succeed, until `gave_up`. Nothing is added after this."""
        async with self._turn:
            # Nobody is in the middle of a write now.
            if self._writing is not None:
                self._writing.cancel()
        await self._flush()
        while self._waiting and not gave_up():
            await self._sleep(AGAIN_S)
            await self._flush()

    async def _run(self) -> None:
        try:
            while True:
                await self._some.wait()
                if self._failure is None:
                    await self._gather()
                else:
                    await self._sleep(AGAIN_S)
                await self._flush()
                self._tried()
        finally:
            # Whoever waits for a write must hear that there will be none.
            self._tried()

    async def _gather(self) -> None:
        """Until there are enough to be worth a transaction, or the first of them has waited long enough."""
        waits = [asyncio.ensure_future(self._sleep(EVERY_S)), asyncio.ensure_future(self._enough.wait())]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def _flush(self) -> None:
        async with self._turn:
            while batch := self._waiting[:MOST]:
                try:
                    await asyncio.to_thread(_race, self._write, batch)
                except StorageError as error:
                    self._failure = str(error)
                    return
                self._failure = None
                del self._waiting[: len(batch)]
            self._some.clear()
            self._enough.clear()


def _race(write: Write, batch: Sequence[Settled]) -> None:
    """Written, even if another writer comes first now and then."""
    for _ in range(RACES - 1):
        try:
            write(batch)
        except VersionConflict:
            continue
        return
    write(batch)
