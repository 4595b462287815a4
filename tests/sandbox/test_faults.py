"""Things that go wrong on demand, in-process: what the client meets, and what really arrived."""

import asyncio
import json

import pytest

from bot.sandbox.faults import Fault, FaultDropped, FaultKind, Faults, FaultTimeout
from bot.sandbox.pace import TELEGRAM, Limits
from tests.sandbox.asking import ask, refused, world_with_ann
from tests.sandbox.test_updates import at_once

LOST: list[tuple[FaultKind, type[Exception], bool]] = [
    (FaultKind.TIMEOUT_BEFORE, FaultTimeout, False),
    (FaultKind.TIMEOUT_AFTER, FaultTimeout, True),
    (FaultKind.DROPPED_BEFORE, FaultDropped, False),
    (FaultKind.DROPPED_AFTER, FaultDropped, True),
]


@pytest.mark.parametrize(("kind", "raised", "delivered"), LOST)
async def test_lost_answers_tell_nothing_of_what_arrived(
    kind: FaultKind, raised: type[Exception], delivered: bool
) -> None:
    world, ann = world_with_ann()
    world.faults.next(Fault(kind))
    with pytest.raises(raised):
        await world.call("sendMessage", {"chat_id": ann.id, "text": "x"})
    assert (len(world.deliveries), len(world.sees(ann))) == (int(delivered), int(delivered))
    await ask(world, "sendMessage", chat_id=ann.id, text="x")


async def test_answers_that_refuse_deliver_nothing() -> None:
    world, ann = world_with_ann()
    world.faults.next(Fault(FaultKind.TOO_MANY_REQUESTS, retry_after_s=17))
    status, body = await world.call("sendMessage", {"chat_id": ann.id, "text": "x"})
    assert status == 429
    assert json.loads(body)["parameters"] == {"retry_after": 17}
    for status, words in ((500, "Internal Server Error"), (502, "Bad Gateway")):
        world.faults.next(Fault(FaultKind.SERVER_ERROR, status=status))
        assert await refused(world, "sendMessage", chat_id=ann.id, text="x") == (status, words)
    assert world.deliveries == []


async def test_an_unreadable_answer_hides_a_delivery() -> None:
    world, ann = world_with_ann()
    world.faults.next(Fault(FaultKind.UNREADABLE))
    status, body = await world.call("sendMessage", {"chat_id": ann.id, "text": "x"})
    assert status == 200
    with pytest.raises(ValueError, match="Expecting value"):
        json.loads(body)
    assert len(world.deliveries) == 1


async def test_a_slow_answer_comes_when_released() -> None:
    world, ann = world_with_ann(sleep=at_once)
    release = asyncio.Event()
    world.faults.next(Fault(FaultKind.SLOW, release=release))
    call = asyncio.create_task(ask(world, "sendMessage", chat_id=ann.id, text="x"))
    await asyncio.sleep(0)
    assert world.deliveries == []
    release.set()
    await call
    world.faults.next(Fault(FaultKind.SLOW))
    await ask(world, "sendMessage", chat_id=ann.id, text="x")
    assert len(world.deliveries) == 2


async def test_rules_name_methods_and_chats_and_run_out() -> None:
    world, ann = world_with_ann()
    bea = world.add_person("Bea", has_written=True)
    world.faults.next(Fault(FaultKind.SERVER_ERROR), times=2, method="sendMessage", chat=ann.id)
    await ask(world, "sendMessage", chat_id=bea.id, text="x")
    await ask(world, "sendChatAction", chat_id=ann.id, action="typing")
    for _ in range(2):
        assert (await refused(world, "sendMessage", chat_id=str(ann.id), text="x"))[0] == 502
    await ask(world, "sendMessage", chat_id=ann.id, text="x")
    assert world.faults.struck == 2


async def test_polling_is_spared_unless_named() -> None:
    world, _ = world_with_ann()
    world.faults.every(1, Fault(FaultKind.SERVER_ERROR))
    await ask(world, "getUpdates", timeout=0)
    assert (await refused(world, "getMe"))[0] == 502
    world.faults.clear()
    await ask(world, "getMe")
    world.faults.next(Fault(FaultKind.SERVER_ERROR), method="getUpdates")
    assert (await refused(world, "getUpdates"))[0] == 502


def test_every_nth_and_chance_repeat_with_the_seed() -> None:
    faults = Faults()
    faults.every(3, Fault(FaultKind.SLOW))
    struck = [faults.pick("sendMessage", 1) is not None for _ in range(6)]
    assert struck == [False, False, True, False, False, True]

    def drawn(seed: int) -> list[bool]:
        faults = Faults(seed)
        faults.chance(0.5, Fault(FaultKind.SLOW))
        return [faults.pick("sendMessage", 1) is not None for _ in range(40)]

    assert drawn(1) == drawn(1) != drawn(2)
    assert 5 < sum(drawn(1)) < 35
    with pytest.raises(ValueError, match="every first"):
        faults.every(0, Fault(FaultKind.SLOW))
    with pytest.raises(ValueError, match="between 0 and 1"):
        faults.chance(1.5, Fault(FaultKind.SLOW))


async def test_thirty_a_second_over_all() -> None:
    world, _ = world_with_ann(limits=Limits(overall_per_second=30))
    people = [world.add_person(f"P{number}", has_written=True) for number in range(31)]
    for person in people[:30]:
        await ask(world, "sendMessage", chat_id=person.id, text="x")
    code, description = await refused(world, "sendMessage", chat_id=people[30].id, text="x")
    assert (code, description) == (429, "Too Many Requests: retry after 1")
    world.clock.forward(seconds=1)  # type: ignore[attr-defined]
    await ask(world, "sendMessage", chat_id=people[30].id, text="x")
    assert len(world.deliveries) == 31


async def test_one_a_second_in_a_chat_and_twenty_a_minute_in_a_group() -> None:
    world, ann = world_with_ann(limits=TELEGRAM)
    group = world.add_group("Toddlers", ann)
    await ask(world, "sendMessage", chat_id=ann.id, text="x")
    assert (await refused(world, "sendMessage", chat_id=ann.id, text="x"))[0] == 429
    for _ in range(20):
        world.clock.forward(seconds=1)  # type: ignore[attr-defined]
        await ask(world, "sendMessage", chat_id=group.id, text="x")
    world.clock.forward(seconds=1)  # type: ignore[attr-defined]
    _, description = await refused(world, "sendMessage", chat_id=group.id, text="x")
    assert description == "Too Many Requests: retry after 40"
    world.clock.forward(minutes=2)  # type: ignore[attr-defined]
    await ask(world, "sendMessage", chat_id=group.id, text="x")
