"""Fetching: nothing acknowledged before it is handled, nothing lost, chats in order, whatever happens when."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import ChannelError, StorageError, Unreachable
from bot.messaging import Delivered, Incoming, Outgoing, Reply, Sender, SendResult, Span, Text
from bot.operations.handling import DEADLINE_S, Handling
from bot.operations.polling import DRAIN_S, GLANCE_S, LONG_POLL_S, OUTSTANDING, QUIET_S, Poller
from tests.operations.clockwork import run

REPLY = Reply((Span("reply"),))
SORRY = Reply((Span("sorry"),))
SECONDS = st.sampled_from([0.0, 0.1, 0.25, 1.0, 5.0, 9.9, 11.0])


@dataclass
class Telegram:
    """The inbox as Telegram keeps it: an update stays until an offset past it is asked for."""

    on_confirm: Callable[[int], None] = lambda _: None
    waiting: dict[int, dict[str, Any]] = field(default_factory=dict)
    asked: list[tuple[float, int | None, float]] = field(default_factory=list)
    troubles: list[Exception] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    def receive(self, id_: int, **update: Any) -> None:
        self.waiting[id_] = {"update_id": id_, **update}
        self.arrived.set()

    async def get_updates(self, offset: int | None, timeout_s: float) -> Sequence[Mapping[str, Any]]:
        self.asked.append((asyncio.get_running_loop().time(), offset, timeout_s))
        if self.troubles:
            raise self.troubles.pop(0)
        for id_ in sorted(self.waiting):
            if offset is not None and id_ < offset:
                self.on_confirm(id_)
                del self.waiting[id_]
        if not self._batch(offset) and timeout_s:
            self.arrived.clear()
            try:
                async with asyncio.timeout(timeout_s):
                    await self.arrived.wait()
            except TimeoutError:
                return []
        return self._batch(offset)

    def _batch(self, offset: int | None) -> list[dict[str, Any]]:
        return [self.waiting[id_] for id_ in sorted(self.waiting) if offset is None or id_ >= offset][:100]


@dataclass
class Bot:
    """A service whose updates say how long they take and how they end."""

    telegram: Telegram = field(default_factory=Telegram)
    started: list[int] = field(default_factory=list)
    finished: list[int] = field(default_factory=list)
    outcomes: dict[int, Outgoing] = field(default_factory=dict)
    in_hand: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.poller = self.start()

    def start(self) -> Poller:
        handling = Handling(self.handle, self.answered, lambda _: (SORRY,), self.deliver, not_a_try=(StorageError,))
        clock = asyncio.get_running_loop().time
        self.in_hand.clear()
        return Poller(self.telegram.get_updates, self.parse, handling, clock=clock)

    def parse(self, update: Mapping[str, Any]) -> Incoming | None:
        if "chat" not in update:
            return None
        sender = Sender("telegram", str(update["chat"]))
        return Incoming(str(update["update_id"]), sender, datetime(2026, 6, 10, tzinfo=UTC), Text("private words"))

    async def handle(self, incoming: Incoming) -> Sequence[Outgoing]:
        update = self.telegram.waiting[int(incoming.id)]
        self.started.append(int(incoming.id))
        self.in_hand[incoming.sender.address] += 1
        assert self.in_hand[incoming.sender.address] == 1
        try:
            await asyncio.sleep(update.get("takes", 0.0))
        finally:
            self.in_hand[incoming.sender.address] -= 1
        if self.failed[incoming.id] < update.get("fails", 0):
            self.failed[incoming.id] += 1
            raise ValueError("private words")
        return (REPLY,)

    async def deliver(self, incoming: Incoming, outgoing: Outgoing) -> SendResult:
        self.outcomes[int(incoming.id)] = outgoing
        return SendResult(Delivered.SENT)

    async def answered(self, incoming: Incoming) -> None:
        self.finished.append(int(incoming.id))


def polling(talk: Callable[[Bot, "asyncio.Task[None]"], Any]) -> Bot:
    """Runs `talk` beside a poller, then stops it."""

    async def whole() -> Bot:
        bot = Bot()
        task = asyncio.create_task(bot.poller.run())
        await talk(bot, task)
        bot.poller.stop()
        await task
        return bot

    return run(whole())


@dataclass(frozen=True)
class Arrival:
    chat: int
    after_s: float
    takes_s: float
    fails: int
    for_us: bool
    gap: int


ARRIVALS = st.lists(
    st.builds(
        Arrival, st.integers(1, 3), SECONDS, SECONDS, st.sampled_from([0, 0, 0, 1, 3]), st.booleans(), st.integers(1, 3)
    ),
    min_size=1,
    max_size=25,
)


async def live_through(arrivals: list[Arrival], crashes: list[float]) -> None:
    """Updates arrive; at each crash all that ran is gone and a new process starts; at the end all is quiet."""
    bot = Bot()
    ours: list[tuple[int, Arrival]] = []
    theirs: set[int] = set()

    def confirmed(id_: int) -> None:
        assert id_ in bot.finished or id_ in theirs, "acknowledged before it was handled"

    bot.telegram.on_confirm = confirmed

    async def arrive() -> None:
        id_ = 1000
        for arrival in arrivals:
            await asyncio.sleep(arrival.after_s)
            id_ += arrival.gap
            if arrival.for_us:
                ours.append((id_, arrival))
                bot.telegram.receive(id_, chat=arrival.chat, takes=arrival.takes_s, fails=arrival.fails)
            else:
                theirs.add(id_)
                bot.telegram.receive(id_)

    arriving = asyncio.create_task(arrive())
    for lifetime in crashes:
        task = asyncio.create_task(bot.poller.run())
        await asyncio.sleep(lifetime)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        bot.poller = bot.start()
    task = asyncio.create_task(bot.poller.run())
    await arriving
    await asyncio.sleep(40.0 * len(arrivals))
    bot.poller.stop()
    await task
    assert not bot.telegram.waiting
    assert set(bot.finished) == {id_ for id_, _ in ours}
    for id_, arrival in ours:
        hopeless = (
            arrival.takes_s > DEADLINE_S or arrival.fails * (arrival.takes_s + 0.1) + arrival.takes_s > DEADLINE_S
        )
        if not crashes and arrival.takes_s < DEADLINE_S:
            assert bot.outcomes[id_] == (SORRY if arrival.fails == 3 or hopeless else REPLY)
    for chat in (1, 2, 3):
        mine = [id_ for id_, arrival in ours if arrival.chat == chat]
        firsts = [id_ for id_ in dict.fromkeys(bot.finished) if id_ in mine]
        assert firsts == sorted(firsts)
    if not crashes:
        assert len(bot.finished) == len(set(bot.finished))


@settings(max_examples=120, deadline=None)
@given(ARRIVALS)
def test_all_that_arrives_is_handled_once_and_each_chat_in_order(arrivals: list[Arrival]) -> None:
    run(live_through(arrivals, []))


@settings(max_examples=120, deadline=None)
@given(ARRIVALS, st.lists(st.floats(0.0, 40.0), min_size=1, max_size=5))
def test_a_crash_at_any_moment_loses_nothing(arrivals: list[Arrival], crashes: list[float]) -> None:
    run(live_through(arrivals, crashes))


def test_a_quiet_inbox_is_asked_by_long_polls() -> None:
    async def talk(bot: Bot, task: "asyncio.Task[None]") -> None:
        await asyncio.sleep(10 * LONG_POLL_S)

    bot = polling(talk)
    assert 10 <= len(bot.telegram.asked) <= 12
    assert all(offset is None for _, offset, _ in bot.telegram.asked)


def test_while_one_is_in_hand_others_are_fetched_and_the_lowest_is_not_passed() -> None:
    async def talk(bot: Bot, task: "asyncio.Task[None]") -> None:
        bot.telegram.receive(7, chat=1, takes=5.0)
        await asyncio.sleep(1)
        bot.telegram.receive(8, chat=2)
        await asyncio.sleep(1)
        assert bot.finished == [8]
        assert bot.telegram.asked[-1][1] == 7
        await asyncio.sleep(4)
        assert bot.finished == [8, 7]
        assert bot.telegram.asked[-1][1:] == (9, LONG_POLL_S)

    bot = polling(talk)
    assert bot.started == [7, 8]
    asked = [at for at, _, timeout_s in bot.telegram.asked if timeout_s == 0 and at < 5]
    assert len(asked) <= 5 / GLANCE_S + 3


def test_no_more_than_a_hundred_are_outstanding() -> None:
    async def talk(bot: Bot, task: "asyncio.Task[None]") -> None:
        bot.telegram.receive(1, chat=1, takes=5.0)
        for id_ in range(2, 2 * OUTSTANDING):
            bot.telegram.receive(id_, chat=id_)
        await asyncio.sleep(4)
        assert sorted(bot.started) == list(range(1, OUTSTANDING + 1))
        await asyncio.sleep(4)
        assert sorted(bot.finished) == list(range(1, 2 * OUTSTANDING))

    polling(talk)


def test_a_server_that_sends_more_than_asked_does_not_widen_the_window() -> None:
    async def talk(bot: Bot, task: "asyncio.Task[None]") -> None:
        async def generous(offset: int | None, timeout_s: float) -> Sequence[Mapping[str, Any]]:
            return [bot.telegram.waiting[id_] for id_ in sorted(bot.telegram.waiting)]

        bot.telegram.get_updates = generous  # type: ignore[method-assign]
        bot.poller.stop()
        await task
        bot.poller = bot.start()
        for id_ in range(1, 151):
            bot.telegram.receive(id_, chat=id_, takes=2.0)
        running = asyncio.create_task(bot.poller.run())
        await asyncio.sleep(1)
        assert len(bot.started) == OUTSTANDING
        await asyncio.sleep(6)
        assert sorted(bot.finished) == list(range(1, 151))
        bot.poller.stop()
        await running

    polling(talk)


def test_a_server_that_does_not_wait_is_not_asked_without_a_pause() -> None:
    async def whole() -> int:
        asked = 0

        async def hasty(offset: int | None, timeout_s: float) -> Sequence[Mapping[str, Any]]:
            nonlocal asked
            asked += 1
            return [{"no": "id"}]

        bot = Bot()
        handling = Handling(bot.handle, bot.answered, lambda _: (), bot.deliver)
        poller = Poller(hasty, bot.parse, handling)
        task = asyncio.create_task(poller.run())
        await asyncio.sleep(10)
        poller.stop()
        await task
        return asked

    assert run(whole()) <= 10 / GLANCE_S + 2


def test_an_alarm_behind_a_hundred_others_is_answered_during_an_outage() -> None:
    alarm = OUTSTANDING + 20

    async def talk(bot: Bot, task: "asyncio.Task[None]") -> None:
        async def handle(incoming: Incoming) -> Sequence[Outgoing]:
            if asyncio.get_running_loop().time() < 1000 and int(incoming.id) != alarm:
                raise StorageError
            return (REPLY,)

        bot.poller.stop()
        await task
        bot.handle = handle  # type: ignore[method-assign]
        bot.poller = bot.start()
        for id_ in range(1, alarm + 1):
            bot.telegram.receive(id_, chat=id_)
        running = asyncio.create_task(bot.poller.run())
        await asyncio.sleep(60)
        assert bot.outcomes[alarm] == REPLY
        apologies = [id_ for id_, outcome in bot.outcomes.items() if outcome == SORRY]
        assert apologies == list(range(1, 22))
        await asyncio.sleep(2000)
        assert sorted(bot.outcomes) == list(range(1, alarm + 1))
        assert [id_ for id_, outcome in bot.outcomes.items() if outcome == SORRY] == apologies
        bot.poller.stop()
        await running

    assert not polling(talk).telegram.waiting


def test_after_a_quiet_week_the_offset_is_forgotten() -> None:
    async def talk(bot: Bot, task: "asyncio.Task[None]") -> None:
        bot.telegram.receive(900, chat=1)
        await asyncio.sleep(QUIET_S - LONG_POLL_S)
        assert bot.telegram.asked[-1][1] == 901
        await asyncio.sleep(3 * LONG_POLL_S)
        assert bot.telegram.asked[-1][1] is None
        bot.telegram.receive(5, chat=1)
        await asyncio.sleep(1)
        assert bot.finished == [900, 5]

    bot = polling(talk)
    assert not bot.telegram.waiting


def test_an_unreachable_server_is_asked_again_after_pauses(caplog: pytest.LogCaptureFixture) -> None:
    async def talk(bot: Bot, task: "asyncio.Task[None]") -> None:
        bot.telegram.receive(7, chat=1)
        bot.telegram.troubles = [*(Unreachable("Away.") for _ in range(6)), Unreachable("Wait.", 99.0)]
        await asyncio.sleep(1000)
        assert bot.finished == [7]

    bot = polling(talk)
    pauses = [later[0] - earlier[0] for earlier, later in zip(bot.telegram.asked, bot.telegram.asked[1:], strict=False)]
    assert pauses[:8] == [1, 2, 5, 10, 30, 30, 99, 0]
    told = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert len(told) == 7
    assert all(record.exc_info is None and "\n" not in record.getMessage() for record in told)


def test_a_refused_token_ends_it_after_what_is_in_hand() -> None:
    async def whole() -> Bot:
        bot = Bot()
        bot.telegram.receive(7, chat=1, takes=3.0)
        task = asyncio.create_task(bot.poller.run())
        await asyncio.sleep(1)
        bot.telegram.troubles = [ChannelError("Check the token.")]
        with pytest.raises(ChannelError, match="Check the token"):
            await task
        return bot

    assert run(whole()).finished == [7]


def test_stopping_finishes_what_is_in_hand_and_confirms_it() -> None:
    async def talk(bot: Bot, task: "asyncio.Task[None]") -> None:
        bot.telegram.receive(7, chat=1, takes=8.0)
        bot.telegram.receive(8, chat=1)
        await asyncio.sleep(1)

    bot = polling(talk)
    assert bot.finished == [7, 8]
    assert not bot.telegram.waiting
    assert bot.telegram.asked[-1] == (8.0, 9, 0.0)


def test_stopping_does_not_wait_for_ever_and_keeps_what_is_unhandled() -> None:
    async def talk(bot: Bot, task: "asyncio.Task[None]") -> None:
        bot.telegram.receive(7, chat=1)
        bot.telegram.receive(8, chat=2, takes=9.0, fails=2)
        await asyncio.sleep(8.5)

    bot = polling(talk)
    assert bot.finished == [7, 8]

    async def slow(bot: Bot, task: "asyncio.Task[None]") -> None:
        async def away(incoming: Incoming) -> Sequence[Outgoing]:
            raise StorageError

        bot.poller.stop()
        await task
        bot.handle = away  # type: ignore[method-assign]
        bot.poller = bot.start()
        bot.telegram.receive(7, chat=1)
        bot.telegram.receive(8)
        running = asyncio.create_task(bot.poller.run())
        await asyncio.sleep(1)
        bot.poller.stop()
        await running
        assert asyncio.get_running_loop().time() == 1 + DRAIN_S

    bot = polling(slow)
    assert sorted(bot.telegram.waiting) == [7, 8]


@pytest.mark.parametrize("trouble", [Unreachable("Away."), ChannelError("No."), TimeoutError()])
def test_a_confirmation_that_fails_is_only_told(trouble: Exception, caplog: pytest.LogCaptureFixture) -> None:
    async def talk(bot: Bot, task: "asyncio.Task[None]") -> None:
        bot.telegram.receive(7, chat=1)
        await asyncio.sleep(1)
        bot.telegram.troubles = [trouble]

    bot = polling(talk)
    assert bot.finished == [7]
    assert "could not be confirmed" in caplog.text


def test_words_reach_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    async def talk(bot: Bot, task: "asyncio.Task[None]") -> None:
        bot.telegram.receive(7, chat=1, fails=9)
        await asyncio.sleep(30)

    bot = polling(talk)
    assert bot.outcomes[7] == SORRY
    assert "private" not in caplog.text
    assert "Update 7" in caplog.text
