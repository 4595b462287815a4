"""The sender: claims what is due, paces, posts, and records what became of it. Run by `runner`, one at a time.

Nothing is posted that was not marked as being sent before, and nothing is claimed that cannot go out within a second,
so that a crash leaves few deliveries uncertain and none lost or doubled. Whether a broadcast is still being sent is
read again before every claim.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from bot.broadcast.announcement import Content
from bot.broadcast.broadcast import Broadcast, Claim
from bot.broadcast.health import Health
from bot.broadcast.states import Act, BroadcastState, NotAllowed
from bot.broadcast.throttle import Pace
from bot.delivery.outcomes import released, settled, unspent
from bot.delivery.recorder import Recorder
from bot.errors import StorageError
from bot.messaging import Delivered, SendResult
from bot.storage.failures import LeadLost, VersionConflict
from bot.storage.ledger import Ledger

AHEAD_S = 1.0
"""At most so many seconds of sending are claimed ahead."""
GLANCE_S = 0.25
"""The longest that the sender waits without looking whether it shall stop."""
TICK_S = 0.01
"""The shortest that the sender waits: what falls due meanwhile goes out together, well within the pace's burst."""
IDLE_S = 1.0
"""Time between two looks for work when there is none."""
DRAINS_WITHIN_S = 9.0
"""How long what is in flight may take when sending ends."""
IN_FLIGHT = 256

Post = Callable[[Content, Claim], Awaitable[SendResult]]
Asleep = Callable[[datetime], Mapping[str | None, datetime]]
"""Regions where it is night (None: readers whose region is not known), each with when its morning comes."""
Tell = Callable[[Broadcast, str], Awaitable[None]]
"""Tells the organisers one sentence about a broadcast. Never raises."""
Finished = Callable[[Broadcast], Awaitable[None]]
"""Told once when nothing of a broadcast is open any more. Never raises."""

log = logging.getLogger(__name__)


async def told_nobody(_broadcast: Broadcast) -> None:
    """The ledger knows that it is finished."""


class Ended(StrEnum):
    """Why sending ended."""

    DRAINED = "drained"
    LEAD_LOST = "lead lost"
    UNRECORDED = "unrecorded"
    """The database failed: what is being sent is paused as soon as it can be written."""


class Sender:
    """`rate` is sends a second; `token_refused` is the error of a result that concerns the bot, not the reader.

    `clock` gives aware UTC, `monotonic` seconds that only move forward. One event loop.
    """

    def __init__(
        self,
        ledger: Ledger,
        post: Post,
        *,
        rate: float,
        token_refused: str,
        tell: Tell,
        asleep: Asleep,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        in_flight: int = IN_FLIGHT,
        finished: Finished = told_nobody,
    ) -> None:
        self.pace = Pace(rate)
        self._ledger = ledger
        self._post = post
        self._token_refused = token_refused
        self._tell = tell
        self._finished = finished
        self._asleep = asleep
        self._clock = clock
        self._monotonic = monotonic
        self._sleep = sleep
        self._slots = in_flight
        self._health: dict[int, Health] = {}
        self._ailing: dict[int, str] = {}
        """Broadcasts that shall pause, and why."""
        self._trouble: str | None = None
        """Why everything shall pause that was being sent …"""
        self._troubled_at: datetime | None = None
        """… then; what starts later has not met it."""
        self._draining = False
        self._ending = False
        self._unposted = 0
        """Claimed, and waiting for their turn."""
        self._posting: asyncio.Task[None] | None = None
        self._sending: set[asyncio.Task[None]] = set()
        self._room = asyncio.Event()

    def drain(self) -> None:
        """Claim no more: `run` gives back what was not posted, waits for what was, records it and ends."""
        self._draining = True
        self._room.set()

    async def run(self, epoch: int) -> Ended:
        """Sends under an epoch that leads, until there is a reason to end. May be run again with another epoch."""
        recorder = Recorder(
            lambda batch: self._ledger.record(epoch, batch, self._clock()),
            self._sleep,
            soon=max(1, self._slots // 4),
            tried=self._room.set,
        )
        recorder.start()
        self._ending = False
        try:
            return await self._lead(epoch, recorder)
        except LeadLost:
            return Ended.LEAD_LOST
        except StorageError as error:
            log.error("Sending stops: %s", error)
            self._trouble, self._troubled_at = str(error), self._clock()
            return Ended.UNRECORDED
        finally:
            until = self._monotonic() + DRAINS_WITHIN_S
            self._ending = True
            await self._posted()
            await self._settle()
            await recorder.finish(gave_up=lambda: self._draining and self._monotonic() >= until)

    async def _lead(self, epoch: int, recorder: Recorder) -> Ended:
        while not self._draining:
            recorder.check()
            sending = await self._going_on()
            claimed = 0
            for place, broadcast in enumerate(sending):
                claimed += await self._advance(broadcast, epoch, recorder, share=len(sending) - place)
            if not claimed:
                await self._nap(GLANCE_S if self._sending or self._unposted else IDLE_S)
        return Ended.DRAINED

    async def _going_on(self) -> Sequence[Broadcast]:
        """What is being sent, after pausing what shall pause."""
        sending = await asyncio.to_thread(self._ledger.list, {BroadcastState.SENDING})
        ailing, self._ailing = self._ailing, {}
        trouble, self._trouble = self._trouble, None
        if trouble is not None:
            ailing |= {one.id: trouble for one in sending if self._met_trouble(one)}
        for broadcast in sending:
            if broadcast.id in ailing:
                await self._pause(broadcast, ailing[broadcast.id])
        return [broadcast for broadcast in sending if broadcast.id not in ailing]

    def _met_trouble(self, broadcast: Broadcast) -> bool:
        begun, at = broadcast.started_at, self._troubled_at
        return begun is None or at is None or begun < at

    async def _pause(self, broadcast: Broadcast, because: str) -> None:
        self._health.pop(broadcast.id, None)
        try:
            await asyncio.to_thread(self._ledger.act, broadcast.id, Act.PAUSE, None, self._clock(), because=because)
        except NotAllowed:
            return
        except VersionConflict:
            self._ailing[broadcast.id] = because
            return
        log.warning("Announcement %d is paused: %s", broadcast.id, because)
        await self._tell(broadcast, because)

    async def _advance(self, broadcast: Broadcast, epoch: int, recorder: Recorder, share: int) -> int:
        """Claims what fits into a second, divided by `share`, while the last claims go out; gives how many it were."""
        while self._free(recorder) * 4 < self._slots and not self._draining:
            # Small claims cost as much as large ones.
            self._room.clear()
            await self._room.wait()
            recorder.check()
        ahead = self.pace.free(self._monotonic(), AHEAD_S) - self._unposted
        limit = -(-min(self._free(recorder), ahead) // share)
        if limit <= 0 or self._interrupted(broadcast):
            return 0
        now = self._clock()
        # A rehearsal wakes nobody but those who rehearse.
        quiet = {} if broadcast.rehearsal else self._asleep(now)
        try:
            claims = await asyncio.to_thread(self._ledger.claim, broadcast.id, epoch, limit, now, quiet=quiet)
            done = not claims and await asyncio.to_thread(self._ledger.finish_if_done, broadcast.id, epoch, now)
        except VersionConflict:
            # Another writer came first; nothing was claimed.
            return 0
        if done:
            await self._finished(broadcast)
        self._unposted += len(claims)
        await self._posted()
        self._posting = asyncio.create_task(self._post_all(broadcast, claims, recorder))
        return len(claims)

    def _free(self, recorder: Recorder) -> int:
        """Slots. What is not recorded takes one up, too: a crash leaves no more uncertain than there are slots."""
        return self._slots - self._unposted - len(self._sending) - len(recorder)

    async def _posted(self) -> None:
        """Waits until the last claims have gone out, or were given back."""
        if self._posting is not None:
            await self._posting

    async def _post_all(self, broadcast: Broadcast, claims: Sequence[Claim], recorder: Recorder) -> None:
        unposted = deque(claims)
        try:
            while unposted:
                while (wait_s := self.pace.wait(self._monotonic())) > 0 and not self._interrupted(broadcast):
                    await self._sleep(min(max(wait_s, TICK_S), GLANCE_S))
                if self._interrupted(broadcast):
                    return
                self.pace.take(self._monotonic())
                self._unposted -= 1
                task = asyncio.create_task(self._deliver(broadcast, unposted.popleft(), recorder))
                self._sending.add(task)
                task.add_done_callback(self._landed)
        finally:
            self._unposted -= len(unposted)
            for claim in unposted:
                recorder.add(released(claim))

    def _interrupted(self, broadcast: Broadcast) -> bool:
        """Whether nothing more of a broadcast may be posted just now."""
        held = self.pace.held_until > self._monotonic()
        ending = self._draining or self._ending
        return ending or held or self._trouble is not None or broadcast.id in self._ailing

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._sending.discard(task)
        if len(self._sending) * 2 <= self._slots:
            self._room.set()

    async def _deliver(self, broadcast: Broadcast, claim: Claim, recorder: Recorder) -> None:
        try:
            result = await self._post(broadcast.announcement.content, claim)
        except asyncio.CancelledError:
            result = SendResult(Delivered.UNCERTAIN, error="stopped while sending")
        except Exception as error:  # noqa: BLE001 - whatever it was, the message may have arrived
            result = SendResult(Delivered.UNCERTAIN, error=type(error).__name__)
        if result.error == self._token_refused:
            self._trouble, self._troubled_at = result.error, self._clock()
            recorder.add(unspent(claim, result.error, self._clock()))
            return
        recorder.add(settled(claim, result, self._clock()))
        if result.retry_after_s is not None:
            self._held(broadcast, result.retry_after_s)
        if result.outcome in (Delivered.SENT, Delivered.FAILED):
            self._examine(broadcast, result)

    def _held(self, broadcast: Broadcast, retry_after_s: float) -> None:
        log.warning("Telegram asks announcements to wait %g seconds.", retry_after_s)
        if self.pace.throttled(self._monotonic(), retry_after_s):
            self._ailing[broadcast.id] = f"Telegram asks us to wait {retry_after_s:g} seconds"

    def _examine(self, broadcast: Broadcast, result: SendResult) -> None:
        """Readers who blocked the bot say nothing about an announcement; only refusals of the message itself do."""
        failed = result.outcome is Delivered.FAILED
        health = self._health.setdefault(broadcast.id, Health())
        because = health.note(failed=failed, refusal=(result.error or "") if failed else None)
        if because is not None:
            self._ailing[broadcast.id] = because

    async def _nap(self, seconds: float) -> None:
        """Waits, and looks up often enough to drain in time."""
        while seconds > 0 and not self._draining:
            await self._sleep(min(seconds, GLANCE_S))
            seconds -= GLANCE_S

    async def _settle(self) -> None:
        """Waits for what is in flight; what takes too long is given up and may have arrived."""
        patience = asyncio.ensure_future(self._sleep(DRAINS_WITHIN_S))
        while self._sending and not patience.done():
            await asyncio.wait({*self._sending, patience}, return_when=asyncio.FIRST_COMPLETED)
        patience.cancel()
        for task in self._sending:
            task.cancel()
        await asyncio.gather(*self._sending)
