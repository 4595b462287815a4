"""One update to the end: tries, time, outages, apologies, and what is said when."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.errors import StorageError
from bot.messaging import (
    Delivered,
    Incoming,
    Membership,
    Notice,
    Outgoing,
    Press,
    Reply,
    Sender,
    SendResult,
    Span,
    Text,
)
from bot.operations.handling import DEADLINE_S, TRIES, Handling, Place
from tests.operations.clockwork import run

CARD = Reply((Span("card"),))
MORE = Reply((Span("more"),))
SORRY = Reply((Span("sorry"),))
SENT = SendResult(Delivered.SENT)
UNSENT = SendResult(Delivered.UNSENT, error="the server's name was not found")


def incoming(id_: str = "1", content: Text | Press | Membership = Text("private words")) -> Incoming:  # noqa: B008
    return Incoming(id_, Sender("telegram", "5"), datetime(2026, 6, 10, tzinfo=UTC), content)


@dataclass
class Doors:
    """What the outside does: each list is one call after another; when it is empty all goes well."""

    turns: list[Exception | float] = field(default_factory=list)
    marks: list[Exception] = field(default_factory=list)
    results: list[SendResult | Exception] = field(default_factory=list)
    replies: Sequence[Outgoing] = (CARD,)
    sorry: Callable[[Incoming], Sequence[Outgoing]] = lambda _: (SORRY,)
    said: list[tuple[str, Outgoing]] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    marked: list[str] = field(default_factory=list)

    async def handle(self, incoming: Incoming) -> Sequence[Outgoing]:
        self.seen.append(incoming.id)
        step = self.turns.pop(0) if self.turns else 0.0
        if isinstance(step, Exception):
            raise step
        await asyncio.sleep(step)
        return self.replies

    async def answered(self, incoming: Incoming) -> None:
        if self.marks:
            raise self.marks.pop(0)
        self.marked.append(incoming.id)

    async def deliver(self, incoming: Incoming, outgoing: Outgoing) -> SendResult:
        result = self.results.pop(0) if self.results else SENT
        if isinstance(result, Exception):
            raise result
        if result.outcome is Delivered.SENT:
            self.said.append((incoming.id, outgoing))
        return result

    def handling(self) -> Handling:
        return Handling(self.handle, self.answered, self.sorry, self.deliver, not_a_try=(StorageError,))

    def finish(self, one: Incoming | None = None) -> float:
        """Handles one update; returns the seconds it took."""

        async def talk() -> float:
            await self.handling().finish(one or incoming())
            return asyncio.get_running_loop().time()

        return run(talk())

    @property
    def words(self) -> list[Outgoing]:
        return [outgoing for _, outgoing in self.said]


def test_replies_go_out_in_order_and_are_then_written_down() -> None:
    doors = Doors(replies=(CARD, MORE))
    assert doors.finish() == 0
    assert doors.words == [CARD, MORE]
    assert doors.marked == ["1"]


def test_membership_is_handled_without_a_word() -> None:
    doors = Doors(replies=())
    doors.finish(incoming(content=Membership(False)))
    assert (doors.seen, doors.words, doors.marked) == (["1"], [], ["1"])


@pytest.mark.parametrize(
    ("replies", "said"),
    [
        ((CARD,), [CARD, Notice("")]),
        ((), [Notice("")]),
        ((Notice("Done"), CARD), [Notice("Done"), CARD]),
    ],
)
def test_a_press_is_answered_exactly_once(replies: Sequence[Outgoing], said: list[Outgoing]) -> None:
    doors = Doors(replies=replies)
    doors.finish(incoming(content=Press("x", "9", "900")))
    assert doors.words == said


def test_a_turn_that_fails_is_tried_again() -> None:
    doors = Doors(turns=[ValueError("x")] * (TRIES - 1))
    doors.finish()
    assert doors.words == [CARD]
    assert len(doors.seen) == TRIES


def test_after_the_last_try_comes_the_apology(caplog: pytest.LogCaptureFixture) -> None:
    doors = Doors(turns=[ValueError("private words")] * TRIES)
    doors.finish()
    assert doors.words == [SORRY]
    assert doors.marked == ["1"]
    assert "private" not in caplog.text
    assert "ValueError" in caplog.text
    assert all(record.exc_info is None for record in caplog.records)


def test_a_poisoned_press_is_answered_too() -> None:
    doors = Doors(turns=[ValueError()] * TRIES)
    doors.finish(incoming(content=Press("x")))
    assert doors.words == [SORRY, Notice("")]


def test_a_turn_that_takes_too_long_is_poisoned_at_once() -> None:
    doors = Doors(turns=[DEADLINE_S + 1])
    assert doors.finish() == DEADLINE_S
    assert (doors.seen, doors.words) == (["1"], [SORRY])


def test_the_tries_of_a_turn_share_its_time() -> None:
    doors = Doors(turns=[ValueError(), DEADLINE_S - 0.05])
    assert doors.finish() == DEADLINE_S
    assert doors.words == [SORRY]


def test_a_timeout_inside_a_turn_is_an_ordinary_failure() -> None:
    doors = Doors(turns=[TimeoutError()])
    doors.finish()
    assert doors.words == [CARD]


def test_an_outage_of_the_database_is_not_a_try(caplog: pytest.LogCaptureFixture) -> None:
    doors = Doors(turns=[StorageError("postgresql://name:word@host")] * 20)
    assert doors.finish() > 300
    assert doors.words == [CARD]
    assert "word@" not in caplog.text


def test_an_outage_after_the_replies_does_not_send_them_twice() -> None:
    doors = Doors(marks=[StorageError()] * 5)
    doors.finish()
    assert doors.words == [CARD]
    assert doors.marked == ["1"]


def test_a_mark_that_cannot_be_made_is_left(caplog: pytest.LogCaptureFixture) -> None:
    doors = Doors(marks=[ValueError()] * TRIES)
    doors.finish()
    assert (doors.words, doors.marked) == ([CARD], [])
    assert caplog.records[-1].levelno == logging.ERROR


def test_a_reply_known_unsent_goes_out_as_soon_as_it_can_and_alone() -> None:
    doors = Doors(replies=(CARD, MORE), results=[SENT, *[UNSENT] * 30])
    assert doors.finish() > 600
    assert doors.words == [CARD, MORE]


def test_a_chat_under_flood_control_is_waited_for_up_to_a_minute() -> None:
    doors = Doors(results=[SendResult(Delivered.UNSENT, retry_after_s=60.0)])
    assert doors.finish() == 60
    assert doors.words == [CARD]
    doors = Doors(results=[SendResult(Delivered.UNSENT, retry_after_s=61.0)])
    assert doors.finish() == 0
    assert (doors.words, doors.marked) == ([], ["1"])


def test_an_answer_that_may_not_have_arrived_is_sent_again_a_few_times() -> None:
    uncertain = SendResult(Delivered.UNCERTAIN, error="the answer was lost")
    doors = Doors(replies=(CARD, MORE), results=[uncertain])
    doors.finish()
    assert doors.words == [CARD, MORE]
    doors = Doors(replies=(CARD, MORE), results=[uncertain] * TRIES)
    doors.finish()
    assert doors.words == [MORE]


@pytest.mark.parametrize("outcome", [Delivered.BLOCKED, Delivered.FAILED])
def test_what_cannot_be_sent_again_is_told_and_passed(outcome: Delivered, caplog: pytest.LogCaptureFixture) -> None:
    doors = Doors(replies=(CARD, MORE), results=[SendResult(outcome, error="reason")])
    doors.finish()
    assert (doors.words, doors.marked) == ([MORE], ["1"])
    assert f"{outcome}: reason" in caplog.text


def test_a_reply_that_cannot_be_drawn_becomes_the_apology() -> None:
    doors = Doors(results=[ValueError("a reply needs words")])
    doors.finish()
    assert (doors.words, doors.marked) == ([SORRY], ["1"])


@pytest.mark.parametrize("failing", ["words", "channel"])
def test_when_not_even_the_apology_goes_the_others_go_on(failing: str, caplog: pytest.LogCaptureFixture) -> None:
    doors = Doors(turns=[ValueError()] * TRIES)
    if failing == "words":
        doors.sorry = lambda _: (_ for _ in ()).throw(KeyError("private"))
    else:
        doors.results = [KeyError("private")]
    doors.finish()
    assert (doors.words, doors.marked) == ([], ["1"])
    assert "private" not in caplog.text


def talk_in_one_chat(doors: Doors, *at: float) -> None:
    """Updates 1, 2 … of one chat arriving at these seconds."""

    async def talk() -> None:
        handling = doors.handling()
        place: Place | None = None
        tasks: list[asyncio.Task[None]] = []
        for number, when in enumerate(at, 1):
            await asyncio.sleep(when - asyncio.get_running_loop().time())
            place = Place(place)
            tasks.append(asyncio.create_task(handling.finish(incoming(str(number)), place)))
        await asyncio.gather(*tasks)
        assert place is not None
        assert place.left

    run(talk())


def test_updates_of_a_chat_follow_each_other() -> None:
    doors = Doors(turns=[5.0, 0.0, 1.0])
    talk_in_one_chat(doors, 0, 1, 2)
    assert [id_ for id_, _ in doors.said] == ["1", "2", "3"]


def alarm_from_memory(
    doors: Doors, alarm: str, until: float
) -> Callable[[Incoming], Coroutine[Any, Any, Sequence[Outgoing]]]:
    async def handle(incoming: Incoming) -> Sequence[Outgoing]:
        doors.seen.append(incoming.id)
        if asyncio.get_running_loop().time() < until and incoming.id != alarm:
            raise StorageError
        return (CARD,)

    return handle


def test_during_an_outage_an_alarm_overtakes_what_waits_in_its_chat() -> None:
    doors = Doors()
    doors.handle = alarm_from_memory(doors, alarm="3", until=100)  # type: ignore[assignment, method-assign]
    talk_in_one_chat(doors, 0, 1, 10)
    assert [id_ for id_, _ in doors.said] == ["3", "1", "2"]
    assert doors.marked == ["3", "1", "2"]


def test_what_waited_for_the_database_goes_on_front_to_back() -> None:
    doors = Doors()
    doors.handle = alarm_from_memory(doors, alarm="none", until=100)  # type: ignore[assignment, method-assign]
    talk_in_one_chat(doors, 0, 7, 20, 33)
    assert [id_ for id_, _ in doors.said] == ["1", "2", "3", "4"]
