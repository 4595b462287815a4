"""The queue of updates that waits for the bot, with `getUpdates`'s rules. Used by `Stage`, messages and the webhook.

As at Telegram: an update stays until an offset past it confirms it or 24 hours are over; kinds that the bot did not
ask for are never queued; a second poll ends the first with 409.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta
from typing import Any

from bot.sandbox.refusals import conflict

LIFETIME = timedelta(hours=24)
LIMIT = 100
"""Most updates one `getUpdates` returns."""
FIRST_ID = 700_000_001
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
"""Kinds that come only when `allowed_updates` names them (Bot API, getUpdates)."""

Clock = Callable[[], datetime]
Sleep = Callable[[float], Awaitable[None]]


class UpdateQueue:
    """Updates not yet confirmed, oldest first."""

    def __init__(self, clock: Clock, sleep: Sleep, first_id: int = FIRST_ID) -> None:
        self._clock = clock
        self._sleep = sleep
        self._next_id = first_id
        self._waiting: deque[tuple[datetime, dict[str, Any]]] = deque()
        self._allowed: frozenset[str] = frozenset()
        self._poll: asyncio.Future[bool] | None = None
        self._listeners: list[Callable[[], None]] = []

    @property
    def allowed(self) -> list[str]:
        """Kinds asked for, sorted; empty means all but those that must be named."""
        return sorted(self._allowed)

    def allow(self, kinds: Collection[str]) -> None:
        """Remembers the kinds asked for; updates already queued stay."""
        self._allowed = frozenset(kinds)

    def listen(self, listener: Callable[[], None]) -> None:
        """Calls `listener` whenever an update was added."""
        self._listeners.append(listener)

    def push(self, kind: str, payload: dict[str, Any]) -> int | None:
        """Queues one update and returns its id, or None when the bot did not ask for this kind."""
        wanted = kind in self._allowed if self._allowed else kind not in NOT_BY_DEFAULT
        if not wanted:
            return None
        update_id = self._next_id
        self._next_id += 1
        self._waiting.append((self._clock(), {"update_id": update_id, kind: payload}))
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(True)
        for listener in self._listeners:
            listener()
        return update_id

    def pending(self) -> list[dict[str, Any]]:
        """Updates not yet confirmed and not yet too old."""
        oldest = self._clock() - LIFETIME
        while self._waiting and self._waiting[0][0] < oldest:
            self._waiting.popleft()
        return [update for _, update in self._waiting]

    def confirm(self, offset: int) -> None:
        """Forgets updates below `offset`; a negative offset keeps only that many of the newest."""
        if offset < 0:
            while len(self._waiting) > -offset:
                self._waiting.popleft()
            return
        while self._waiting and self._waiting[0][1]["update_id"] < offset:
            self._waiting.popleft()

    def done(self, update_id: int) -> None:
        """Forgets one update, wherever it stands (a webhook confirms each by itself)."""
        self._waiting = deque(entry for entry in self._waiting if entry[1]["update_id"] != update_id)

    def now(self) -> int:
        """The world's time as the Bot API gives it, in whole seconds."""
        return int(self._clock().timestamp())

    def drop(self) -> None:
        """Forgets every update (`drop_pending_updates`)."""
        self._waiting.clear()

    async def poll(self, offset: int | None, limit: int, timeout_s: float) -> list[dict[str, Any]]:
        """One `getUpdates`: confirms, then returns at most `limit`, waiting up to `timeout_s` for the first.

        Raises `Refusal` 409 when another poll begins meanwhile.
        """
        self.interrupt()
        if offset is not None:
            self.confirm(offset)
        if not self.pending() and timeout_s > 0:
            await self._wait(timeout_s)
        return self.pending()[:limit]

    def interrupt(self) -> None:
        """Ends a poll in progress with 409, as a second poll or a webhook being set does."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(False)
        self._poll = None

    async def _wait(self, timeout_s: float) -> None:
        poll: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._poll = poll
        timer: asyncio.Future[Any] = asyncio.ensure_future(self._sleep(timeout_s))
        waiting: set[asyncio.Future[Any]] = {poll, timer}
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            timer.cancel()
            if self._poll is poll:
                self._poll = None
        if poll.done() and not poll.result():
            raise conflict("terminated by other getUpdates request; make sure that only one bot instance is running")
