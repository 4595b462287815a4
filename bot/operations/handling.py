"""One update handled to the end: the turn, its replies, the mark that they were attempted. Called by whatever fetches
or receives updates, which may acknowledge an update once `finish` returned, and not before.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from itertools import chain, repeat
from typing import Any, TypeVar

from bot.messaging import Answered, Apologise, Delivered, Handle, Incoming, Notice, Outgoing, Press, SendResult

TRIES = 3
DEADLINE_S = 10.0
"""How long the tries of one turn may take together; time spent on an outage that is not a try does not count."""
PAUSES_S = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Pauses while something outside is away; the last one repeats."""
BETWEEN_TRIES_S = 0.1
LONGEST_FLOOD_S = 60.0
"""A chat that Telegram closes to us for longer is given up for this update, so that others go on."""

Deliver = Callable[[Incoming, Outgoing], Awaitable[SendResult]]
Sleep = Callable[[float], Awaitable[None]]

Result = TypeVar("Result")

log = logging.getLogger(__name__)


class Place:
    """An update's place in its chat, behind the one `before` it.

    An update comes on when the one before has left. Where that one waits for something outside (`stall`), the first try
    comes on at once all the same, since it may raise an alarm that is answered from memory; later tries follow those of
    the one before, so that after an outage the chat goes on in order.
    """

    def __init__(self, before: "Place | None" = None) -> None:
        self._before = before
        self._stalls = 0
        self._followed = 0
        self._left = False
        self._changed = asyncio.Event()
        self._hurried = asyncio.Event()

    @property
    def left(self) -> bool:
        return self._left

    @property
    def first(self) -> bool:
        """Whether nobody is before this one any more."""
        return self._before is None or self._before.left

    async def comes(self) -> None:
        """Waits until the one before has left, or has stalled since this one last came on."""
        before = self._before
        while before is not None and not before.left and before._stalls == self._followed:
            await before._changed.wait()
        if before is not None:
            self._followed = before._stalls
        if self.first:
            self._before = None

    @property
    def stalled(self) -> bool:
        """Whether it ever had to wait for something outside."""
        return self._stalls > 0

    def stall(self) -> None:
        self._stalls += 1
        self._tell()

    async def pause(self, sleep: Sleep, seconds: float) -> None:
        """Sleeps, but not longer than others let it."""
        await first_of(sleep(seconds), self._hurried.wait())

    def hurry(self) -> None:
        """Others cannot wait for this one any longer: if it is stalled, its next try is its last."""
        if self.stalled:
            self._hurried.set()

    @property
    def hurried(self) -> bool:
        return self._hurried.is_set()

    def leave(self) -> None:
        self._left = True
        self._tell()

    def _tell(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()


class GivenUp(Exception):
    """The tries or the time of an update are used up."""


class Handling:
    """Bound to the service by `handle`, `answered` and `apologise`, and to the channel by `deliver`.

    `not_a_try` are the exceptions of an outage (the database cannot be reached): tried again for as long as it takes.
    """

    def __init__(
        self,
        handle: Handle,
        answered: Answered,
        apologise: Apologise,
        deliver: Deliver,
        *,
        not_a_try: tuple[type[Exception], ...] = (),
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._handle = handle
        self._answered = answered
        self._apologise = apologise
        self._deliver = deliver
        self._not_a_try = not_a_try
        self._sleep = sleep

    async def finish(self, incoming: Incoming, place: Place | None = None) -> None:
        """Handles `incoming` when its `place` in the chat comes up. Raises nothing but cancellation."""
        place = place or Place()
        try:
            await place.comes()
            try:
                outgoing = await self._persist(incoming, place, self._handle)
                await self._send_all(incoming, outgoing)
            except GivenUp:
                log.error("Update %s is passed with the prepared apology.", incoming.id)
                await self._apologise_for(incoming)
            await self._persist(incoming, place, self._answered)
        except GivenUp:
            log.error("Update %s was handled, but that could not be written down.", incoming.id)
        finally:
            place.leave()

    async def _persist(self, incoming: Incoming, place: Place, act: Callable[[Incoming], Awaitable[Result]]) -> Result:
        """`act` until it succeeds, within tries and time; outages cost neither, unless hurried. Raises `GivenUp`."""
        now = asyncio.get_running_loop().time
        tries, pauses, deadline = 0, _pauses(), now() + DEADLINE_S
        while True:
            limit = asyncio.timeout_at(deadline)
            try:
                async with limit:
                    return await act(incoming)
            except self._not_a_try as error:
                if not place.stalled:
                    log.warning("Update %s waits for an outage to end: %s.", incoming.id, type(error).__name__)
                place.stall()
                if place.hurried:
                    break
                if place.first:
                    await place.pause(self._sleep, next(pauses))
                await place.comes()
                deadline = now() + DEADLINE_S
            except Exception as error:  # noqa: BLE001 - whatever a turn raises, the person is answered
                tries += 1
                log.warning("Update %s failed, try %d: %s.", incoming.id, tries, type(error).__name__)
                if tries == TRIES or limit.expired():
                    break
                await self._sleep(BETWEEN_TRIES_S)
        # Outside the handler, so that no traceback carries what the turn knew.
        raise GivenUp

    async def _apologise_for(self, incoming: Incoming) -> None:
        try:
            await self._send_all(incoming, self._apologise(incoming))
        except Exception as error:  # noqa: BLE001 - nothing is left to be said
            log.error("Update %s: no apology either: %s.", incoming.id, type(error).__name__)

    async def _send_all(self, incoming: Incoming, outgoing: Sequence[Outgoing]) -> None:
        """Sends in order; a pressed button stops waiting even when the turn had no word for it. Raises `GivenUp`."""
        wordless = isinstance(incoming.content, Press) and not any(isinstance(one, Notice) for one in outgoing)
        for one in (*outgoing, Notice("")) if wordless else outgoing:
            try:
                result = await self._send(incoming, one)
            except Exception as error:  # noqa: BLE001 - a reply that cannot be drawn
                failure = type(error).__name__
            else:
                if result.outcome is not Delivered.SENT:
                    log.warning("Update %s: a reply is %s: %s.", incoming.id, result.outcome, result.error)
                continue
            log.error("Update %s: a reply could not be made: %s.", incoming.id, failure)
            raise GivenUp

    async def _send(self, incoming: Incoming, outgoing: Outgoing) -> SendResult:
        """Again and again while it is known unsent: acknowledging an unanswered cry for help would lose it.

        For the same reason what may have arrived is sent a few times more: an answer seen twice does no harm.
        """
        pauses, uncertain = _pauses(), 0
        while True:
            result = await self._deliver(incoming, outgoing)
            asked_s = result.retry_after_s or 0.0
            uncertain += result.outcome is Delivered.UNCERTAIN
            open_ = result.outcome in {Delivered.UNSENT, Delivered.UNCERTAIN}
            if not open_ or uncertain == TRIES or asked_s > LONGEST_FLOOD_S:
                return result
            await self._sleep(max(asked_s, next(pauses)))


async def first_of(*waits: Awaitable[Any]) -> None:
    """Waits until one of them is over, and ends the others."""
    tasks = {asyncio.ensure_future(wait) for wait in waits}
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await abandon(tasks)


async def abandon(tasks: Iterable[asyncio.Future[Any]]) -> None:
    """Cancels and waits, so that nothing goes on unseen."""
    for task in (tasks := tuple(tasks)):
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _pauses() -> Iterator[float]:
    return chain(PAUSES_S, repeat(PAUSES_S[-1]))
