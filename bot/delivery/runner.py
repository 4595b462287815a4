"""Announcements from their time to their end: who leads, what starts, and how sending stops. Made by assembly.

One process sends. It takes the lead at its start, which turns what a dead one left half-sent into uncertain, and keeps
it by renewing; whoever falls silent is taken over from.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta
from typing import Any

from bot.broadcast.broadcast import Broadcast
from bot.broadcast.states import NotAllowed
from bot.delivery.sender import GLANCE_S, Ended, Sender, Tell
from bot.errors import StorageError
from bot.storage.ledger import Ledger

RENEWS_EVERY = timedelta(seconds=5)
LOOKS_EVERY_S = 1.0
"""How often what is due is looked for."""
SILENT_FOR = timedelta(seconds=30)
"""Whoever has not renewed the lead for so long has lost it."""
LATE = timedelta(minutes=15)
"""What should have begun longer ago than this does not begin without being asked for."""
MOST_CHANGED_SHARE = 0.10
"""By more than this the audience may not differ from the one that was shown to whoever approved."""

log = logging.getLogger(__name__)


def doubt(broadcast: Broadcast, readers: int, now: datetime) -> str | None:
    """Why a broadcast that is due should not start before somebody said so; None when it may. Pure."""
    starts_at = broadcast.announcement.starts_at
    if starts_at is not None and now - starts_at > LATE:
        return f"It should have begun {starts_at:%d %B %Y, %H:%M} UTC, and that time has passed."
    shown = broadcast.counted
    if shown is not None and abs(readers - shown) > MOST_CHANGED_SHARE * shown:
        return f"It was approved for {shown} readers and would now go to {readers}."
    return None


class Runner:
    """`holder` names this process; rehearsals go to the addresses `rehearsal_chats`; `clock` gives aware UTC."""

    def __init__(
        self,
        ledger: Ledger,
        sender: Sender,
        *,
        holder: str,
        tell: Tell,
        rehearsal_chats: Collection[str] = (),
        clock: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._ledger = ledger
        self._sender = sender
        self._holder = holder
        self._tell = tell
        self._rehearsal_chats = rehearsal_chats
        self._clock = clock
        self._sleep = sleep
        self._draining = False
        self._ended = asyncio.Event()
        self._ended.set()
        self._doubted: set[tuple[int, int]] = set()
        """Broadcasts, as they were (id and version), that the organisers were asked about."""
        self._confirmed: set[tuple[int, int]] = set()
        self._said: str | None = None

    async def run(self) -> None:
        """Leads and sends until `drain`."""
        self._ended.clear()
        try:
            while not self._draining:
                epoch = await self._lead()
                if epoch is None:
                    await self._nap()
                    continue
                await self._term(epoch)
        finally:
            self._ended.set()

    async def drain(self) -> None:
        """Ends `run`: nothing more is claimed, what is in flight is waited for and recorded (within 10 s)."""
        self._draining = True
        self._sender.drain()
        await self._ended.wait()

    def confirm(self, broadcast: Broadcast) -> None:
        """Somebody with the right said that a doubted broadcast, exactly as it is, shall start all the same."""
        self._confirmed.add((broadcast.id, broadcast.version))

    async def _lead(self) -> int | None:
        """A new epoch; None while another process leads or the database cannot be used."""
        try:
            epoch = await asyncio.to_thread(self._ledger.take_lead, self._holder, self._clock(), silent_for=SILENT_FOR)
        except (NotAllowed, StorageError) as error:
            self._say(str(error))
            return None
        self._said = None
        return epoch

    async def _term(self, epoch: int) -> None:
        """One epoch, until the sender ends it."""
        sending = asyncio.create_task(self._sender.run(epoch))
        renewed_at = self._clock()
        try:
            while not sending.done():
                try:
                    if self._clock() - renewed_at >= RENEWS_EVERY:
                        await asyncio.to_thread(self._ledger.keep_lead, epoch, renewed_at := self._clock())
                    await self._start_due(epoch)
                except StorageError as error:
                    # The sender meets it, too, and decides.
                    self._say(str(error))
                await self._wait(sending)
        except BaseException:
            # Whatever it is: nobody leads the sender any more.
            self._sender.drain()
            raise
        finally:
            await sending

    async def _wait(self, sending: asyncio.Task[Ended]) -> None:
        """Until the next look, or until sending ends."""
        waking = asyncio.ensure_future(self._sleep(LOOKS_EVERY_S))
        both: set[asyncio.Future[Any]] = {sending, waking}
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        waking.cancel()

    async def _start_due(self, epoch: int) -> None:
        for broadcast in await asyncio.to_thread(self._ledger.due, self._clock()):
            because = await self._doubt(broadcast) or await self._start(broadcast, epoch)
            if because is not None and (broadcast.id, broadcast.version) not in self._doubted:
                self._doubted.add((broadcast.id, broadcast.version))
                await self._tell(broadcast, because)

    async def _doubt(self, broadcast: Broadcast) -> str | None:
        if broadcast.rehearsal or (broadcast.id, broadcast.version) in self._confirmed:
            return None
        now = self._clock()
        counted = await asyncio.to_thread(self._ledger.count, broadcast.announcement.audience, now)
        return doubt(broadcast, counted.total, now)

    async def _start(self, broadcast: Broadcast, epoch: int) -> str | None:
        """Starts it; gives why it cannot be started, if so."""
        only = self._rehearsal_chats if broadcast.rehearsal else None
        try:
            readers = await asyncio.to_thread(self._ledger.start, broadcast.id, epoch, self._clock(), only=only)
        except NotAllowed as error:
            return str(error)
        log.info("Announcement %d goes out to %d readers.", broadcast.id, readers)
        return None

    def _say(self, sentence: str) -> None:
        """Once, however often it is met in a row."""
        if sentence != self._said:
            log.warning("%s", sentence)
            self._said = sentence

    async def _nap(self) -> None:
        left_s = LOOKS_EVERY_S
        while left_s > 0 and not self._draining:
            await self._sleep(GLANCE_S)
            left_s -= GLANCE_S
