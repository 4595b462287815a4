"""What happens in the world, as a stream for the faces: each event once, in order, with a sequence number."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from typing import Any

Event = dict[str, Any]
KEPT = 20_000
"""Events kept for a face that connects late; older ones are forgotten."""


class EventStream:
    """Publishes events to any number of subscribers, each at its own pace."""

    def __init__(self) -> None:
        self._kept: deque[Event] = deque(maxlen=KEPT)
        self._sequence = 0
        self._waiters: set[asyncio.Future[None]] = set()

    def publish(self, kind: str, chat_id: int | None, **details: Any) -> None:
        """Adds `{"seq", "type", "chat_id", **details}` and wakes the subscribers."""
        self._sequence += 1
        self._kept.append({"seq": self._sequence, "type": kind, "chat_id": chat_id, **details})
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)
        self._waiters.clear()

    @property
    def latest(self) -> int:
        """Sequence number of the newest event, 0 before the first."""
        return self._sequence

    def kept(self, since: int = 0) -> list[Event]:
        """Events after sequence number `since`, oldest first, without waiting."""
        missing = self._sequence - since
        if missing <= 0:
            return []
        return list(self._kept)[-missing:]

    async def follow(self, since: int) -> AsyncIterator[Event]:
        """Events after `since`, then each new one as it happens; ends only when the reader stops."""
        seen = since
        while True:
            for event in self.kept(seen):
                seen = event["seq"]
                yield event
            if seen < self._sequence:
                continue
            waiter = asyncio.get_running_loop().create_future()
            self._waiters.add(waiter)
            try:
                await waiter
            finally:
                self._waiters.discard(waiter)
