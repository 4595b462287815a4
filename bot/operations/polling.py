"""Fetching updates by long polling. Telegram is the inbox: an update is acknowledged only when it was handled.

Asking from an offset makes Telegram forget all below it, so the offset is the lowest update that is not handled yet.
While one is in hand the same question brings it again; those already known are skipped. Assembly starts `run`.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from bot.errors import BotError, Unreachable
from bot.messaging import Incoming
from bot.operations.handling import Handling, Place, abandon, first_of

OUTSTANDING = 100
"""Most updates in hand or handled above the lowest unhandled one: as many as one answer holds (Bot API, getUpdates)."""
LONG_POLL_S = 30.0
GLANCE_S = 0.25
"""Longest pause before asking again while something is in hand."""
DRAIN_S = 10.0
CONFIRM_S = 5.0
PAUSES_S = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Pauses while Telegram cannot be reached; the last one repeats."""
QUIET_S = 7 * 24 * 3600.0
"""After a week without updates Telegram starts again at a random id (Bot API, Update): an old offset could hide it."""

Update = Mapping[str, Any]
GetUpdates = Callable[[int | None, float], Awaitable[Sequence[Update]]]
"""`await get_updates(offset, timeout_s)`; raises `Unreachable` (asked again) or `ChannelError` (ends the polling)."""
Parse = Callable[[Update], Incoming | None]

log = logging.getLogger(__name__)


class Inbox:
    """Which updates are in hand or handled, and from where to ask."""

    def __init__(self) -> None:
        self.offset: int | None = None
        """The lowest id not yet handled; None before the first update and after a quiet week."""
        self._handled: dict[int, bool] = {}

    def __len__(self) -> int:
        return len(self._handled)

    def fresh(self, updates: Sequence[Update]) -> list[tuple[int, Update]]:
        """Updates not taken yet, by id, as many as there is room for."""
        known = [(update["update_id"], update) for update in updates if isinstance(update.get("update_id"), int)]
        new = {id_: update for id_, update in known if id_ not in self._handled and id_ >= (self.offset or 0)}
        return sorted(new.items())[: OUTSTANDING - len(self._handled)]

    def take(self, id_: int) -> None:
        self._handled[id_] = False
        self.offset = min(self._handled)

    def finish(self, id_: int) -> None:
        """Marks as handled, and moves the offset past all that is handled without a gap."""
        self._handled[id_] = True
        for lowest in sorted(self._handled):
            if not self._handled[lowest]:
                break
            del self._handled[lowest]
            self.offset = lowest + 1


class Poller:
    """Fetches with `get_updates`, reads with `parse` (None: nothing for us), lets `handling` finish each.

    Chats go on beside each other, the updates of one chat in order. `clock` counts seconds and goes on while the
    machine sleeps.
    """

    def __init__(
        self, get_updates: GetUpdates, parse: Parse, handling: Handling, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._get_updates = get_updates
        self._parse = parse
        self._handling = handling
        self._clock = clock
        self._inbox = Inbox()
        self._chats: dict[str, Place] = {}
        self._places: dict[int, Place] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._turn_ended = asyncio.Event()
        self._stopping = asyncio.Event()
        self._last_update_at = clock()
        self._failures = 0

    def stop(self) -> None:
        """Asks `run` to end: it finishes what is in hand, confirms it and returns. Fit for a signal handler."""
        self._stopping.set()

    async def run(self) -> None:
        """Polls until `stop`, or until `ChannelError`. Cancelled, it abandons what is in hand: that comes again."""
        drain_s = 0.0
        try:
            while not self._stopping.is_set():
                await self._round()
            drain_s = DRAIN_S
        except BotError:
            drain_s = DRAIN_S
            raise
        finally:
            await self._drain(drain_s)
        await self._confirm()

    async def _round(self) -> None:
        self._forget_old_offset()
        self._turn_ended.clear()
        asked_at = asyncio.get_running_loop().time()
        try:
            updates = await self._ask()
        except Unreachable as error:
            log.warning("%s Asking again soon.", error)
            pause_s = PAUSES_S[min(self._failures, len(PAUSES_S) - 1)]
            self._failures += 1
            await first_of(self._stopping.wait(), asyncio.sleep(max(pause_s, error.retry_after_s or 0.0)))
            return
        self._failures = 0
        fresh = self._inbox.fresh(updates)
        for id_, update in fresh:
            self._accept(id_, update)
        # An answer that came at once and brought nothing would otherwise be asked for without a pause.
        if not fresh and (len(self._inbox) or asyncio.get_running_loop().time() - asked_at < GLANCE_S):
            self._make_room()
            await first_of(self._turn_ended.wait(), self._stopping.wait(), asyncio.sleep(GLANCE_S))

    async def _ask(self) -> Sequence[Update]:
        """One request, given up when we are asked to stop: what it would have brought comes again."""
        timeout_s = 0.0 if len(self._inbox) else LONG_POLL_S
        asking = asyncio.ensure_future(self._get_updates(self._inbox.offset, timeout_s))
        stopping = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait({asking, stopping}, return_when=asyncio.FIRST_COMPLETED)
            return asking.result() if asking.done() else ()
        finally:
            await abandon((asking, stopping))

    def _accept(self, id_: int, update: Update) -> None:
        self._last_update_at = self._clock()
        self._inbox.take(id_)
        incoming = self._parse(update)
        if incoming is None:
            self._finished(id_)
            return
        address = incoming.sender.address
        place = self._chats[address] = self._places[id_] = Place(self._chats.get(address))
        task = asyncio.create_task(self._handle(id_, incoming, place))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _handle(self, id_: int, incoming: Incoming, place: Place) -> None:
        await self._handling.finish(incoming, place)
        if self._chats.get(incoming.sender.address) is place:
            del self._chats[incoming.sender.address]
        del self._places[id_]
        self._finished(id_)

    def _finished(self, id_: int) -> None:
        self._inbox.finish(id_)
        self._turn_ended.set()

    def _make_room(self) -> None:
        """With no room left, the oldest update that waits for an outage to end is passed with the prepared apology:
        otherwise an alarm behind it, which is answered without the database, would not even be fetched."""
        if len(self._inbox) == OUTSTANDING and self._inbox.offset in self._places:
            self._places[self._inbox.offset].hurry()

    def _forget_old_offset(self) -> None:
        if not len(self._inbox) and self._clock() - self._last_update_at > QUIET_S:
            self._inbox.offset = None

    async def _drain(self, within_s: float) -> None:
        if self._tasks and within_s:
            await asyncio.wait(self._tasks, timeout=within_s)
        await abandon(self._tasks)

    async def _confirm(self) -> None:
        """The last question: Telegram forgets what is handled, so the next start does not see it again."""
        if self._inbox.offset is None:
            return
        try:
            async with asyncio.timeout(CONFIRM_S):
                await self._get_updates(self._inbox.offset, 0.0)
        except (BotError, TimeoutError):
            log.warning("The last updates could not be confirmed; the next start drops them as repeats.")
