"""What the tests of sending stand on: a real ledger, a clock that is driven, and a door behind which nobody sits."""

import asyncio
import heapq
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from bot.broadcast.announcement import Announcement, Content
from bot.broadcast.broadcast import Broadcast, Claim
from bot.broadcast.states import Act, DeliveryState
from bot.delivery import Ended, Runner, Sender
from bot.messaging import Contact, Delivered, SendResult
from bot.storage.ledger import Ledger
from bot.storage.store import Store

NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)
TOKEN_REFUSED = "the token is refused"
HELLO = Announcement(Content("Hello"))
Answer = SendResult | BaseException | Callable[[Claim], Awaitable[SendResult]]


def sent(number: int) -> SendResult:
    return SendResult(Delivered.SENT, (str(number),))


class Clock:
    """Time moves on to the next waker when nobody has anything else to do."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self._wakers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = count()

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.seconds - 1000)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        waker = asyncio.get_running_loop().create_future()
        heapq.heappush(self._wakers, (self.seconds + seconds, next(self._order), waker))
        await waker

    async def run(self) -> None:
        while True:
            for _ in range(12):
                await asyncio.sleep(0)
            while self._wakers and self._wakers[0][2].done():
                heapq.heappop(self._wakers)
            if self._wakers:
                at, _, waker = heapq.heappop(self._wakers)
                self.seconds = max(self.seconds, at)
                waker.set_result(None)


@dataclass
class Door:
    """The outer door: answers as laid out by address or for all, else takes it; notes when what was posted."""

    clock: Clock
    latency_s: float = 0.05
    laid_out: dict[str, list[Answer]] = field(default_factory=dict)
    always: Answer | None = None
    posted: list[tuple[float, str]] = field(default_factory=list)
    arrived: Counter[str] = field(default_factory=Counter)

    async def post(self, content: Content, claim: Claim) -> SendResult:
        self.posted.append((self.clock.monotonic(), claim.address))
        laid = self.laid_out.get(claim.address)
        answer = laid.pop(0) if laid else self.always
        await self.clock.sleep(self.latency_s)
        if callable(answer):
            answer = await answer(claim)
        if isinstance(answer, BaseException):
            raise answer
        result = answer or sent(len(self.posted))
        if result.outcome is Delivered.SENT:
            self.arrived[claim.address] += 1
        return result


@dataclass
class Desk:
    """One installation with readers 1, 2, 3 … and a sender."""

    store: Store
    ledger: Ledger
    clock: Clock = field(default_factory=Clock)
    told: list[tuple[int, str]] = field(default_factory=list)
    finished: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.door = Door(self.clock)

    def readers(self, number: int, first: int = 1, region: str | None = None) -> None:
        for address in range(first, first + number):
            consents = (("announcements", NOON),)
            with self.store.turn("telegram", str(address), NOON) as turn:
                turn.save(
                    contact=Contact(
                        "telegram", str(address), roles=("parent",), region=region, consents=consents, opted_in_at=NOON
                    )
                )

    def scheduled(self, announcement: Announcement = HELLO, counted: int | None = None, **more: Any) -> int:
        id = self.ledger.create(announcement, 1, NOON, **more)
        self.ledger.act(id, Act.SUBMIT, 1, NOON, counted=counted)
        self.ledger.act(id, Act.APPROVE, 2, NOON, hash=announcement.hash)
        self.ledger.act(id, Act.SCHEDULE, 1, NOON)
        return id

    def started(self, readers: int = 0, **more: Any) -> tuple[int, int]:
        """Broadcast and epoch."""
        self.readers(readers)
        id = self.scheduled(**more)
        epoch = self.ledger.take_lead("me", NOON)
        self.ledger.start(id, epoch, NOON)
        return id, epoch

    async def tell(self, broadcast: Broadcast, sentence: str) -> None:
        self.told.append((broadcast.id, sentence))

    async def finish(self, broadcast: Broadcast) -> None:
        self.finished.append(broadcast.id)

    def sender(self, **more: Any) -> Sender:
        given: dict[str, Any] = {
            "rate": 25.0,
            "token_refused": TOKEN_REFUSED,
            "tell": self.tell,
            "finished": self.finish,
            "asleep": lambda _now: {},
            "clock": self.clock.now,
            "monotonic": self.clock.monotonic,
            "sleep": self.clock.sleep,
        }
        return Sender(self.ledger, self.door.post, **(given | more))

    def runner(self, sender: Sender, **more: Any) -> Runner:
        given: dict[str, Any] = {"holder": "me", "tell": self.tell, "clock": self.clock.now, "sleep": self.clock.sleep}
        return Runner(self.ledger, sender, **(given | more))

    def states(self, id: int) -> dict[str, int]:
        return {state.value: number for state, number in self.ledger.tally(id).items() if number}

    def attempts(self, id: int) -> dict[str | None, int]:
        return {one.chat_id: one.attempts for one in self.ledger.recipients(id)}

    def does(self, address: str, act: Callable[[], object]) -> None:
        """Does something at the moment when this reader's message arrives."""

        async def answer(_claim: Claim) -> SendResult:
            act()
            return sent(int(address))

        self.door.laid_out[address] = [answer]

    async def until(self, holds: Callable[[], bool]) -> None:
        """Waits while time goes on."""
        async with asyncio.timeout(120):
            while not await asyncio.to_thread(holds):  # noqa: ASYNC110 - time moves on by itself
                await asyncio.sleep(0)

    def is_finished(self, id: int) -> Callable[[], bool]:
        return lambda: self.ledger.get(id).state == "finished"

    def in_state(self, id: int, state: str) -> Callable[[], bool]:
        return lambda: self.ledger.get(id).state == state

    @asynccontextmanager
    async def sending(self, sender: Sender, epoch: int) -> AsyncIterator[asyncio.Task[Ended]]:
        """Runs the sender and drains it in the end."""
        driving = asyncio.create_task(self.clock.run())
        running = asyncio.create_task(sender.run(epoch))
        try:
            yield running
        finally:
            sender.drain()
            await running
            driving.cancel()


def uncertain_free(states: dict[str, int]) -> bool:
    return not {DeliveryState.SENDING.value, DeliveryState.UNCERTAIN.value} & set(states)


def most_in_a_second(posted: Sequence[tuple[float, str]]) -> int:
    times = [at for at, _ in posted]
    return max(sum(at <= other < at + 1 for other in times) for at in times)
