"""The queue of updates: what confirms one, what ends a poll, what never enters."""

import asyncio
from datetime import timedelta

import pytest

from bot.sandbox.updates import LIFETIME, UpdateQueue
from tests.sandbox.asking import Clock, ask, heard, refused, world_with_ann


async def never(_seconds: float) -> None:
    """A sleep from which only an event or the end of the test wakes."""
    await asyncio.Event().wait()


async def at_once(_seconds: float) -> None:
    return


def texts(updates: list[dict[str, dict[str, str]]]) -> list[str]:
    return [update["message"]["text"] for update in updates]


async def test_an_update_stays_until_an_offset_past_it() -> None:
    world, ann = world_with_ann()
    for word in ("one", "two", "three"):
        await world.says(ann, word)
    first = await ask(world, "getUpdates", timeout=0, limit=2)
    assert texts(first) == ["one", "two"]
    assert await ask(world, "getUpdates", timeout=0, limit=2) == first
    rest = await ask(world, "getUpdates", timeout=0, offset=first[0]["update_id"] + 1)
    assert texts(rest) == ["two", "three"]
    assert await ask(world, "getUpdates", timeout=0, offset=rest[-1]["update_id"] + 1) == []


async def test_a_negative_offset_keeps_the_newest() -> None:
    world, ann = world_with_ann()
    for word in ("one", "two", "three"):
        await world.says(ann, word)
    assert texts(await ask(world, "getUpdates", timeout=0, offset=-1)) == ["three"]


async def test_an_update_is_gone_after_a_day() -> None:
    world, ann = world_with_ann()
    await world.says(ann, "old")
    world.clock.forward(hours=24, seconds=1)  # type: ignore[attr-defined]
    await world.says(ann, "new")
    assert texts(await heard(world)) == ["new"]


async def test_a_long_poll_wakes_with_the_first_update() -> None:
    world, ann = world_with_ann(sleep=never)
    poll = asyncio.create_task(ask(world, "getUpdates", timeout=50))
    await asyncio.sleep(0)
    assert not poll.done()
    await world.says(ann, "here")
    assert texts(await poll) == ["here"]


async def test_a_long_poll_ends_empty_after_its_time() -> None:
    world, _ = world_with_ann(sleep=at_once)
    assert await ask(world, "getUpdates", timeout=50) == []


async def test_a_second_poll_ends_the_first_with_409() -> None:
    world, ann = world_with_ann(sleep=never)
    first = asyncio.create_task(refused(world, "getUpdates", timeout=50))
    await asyncio.sleep(0)
    second = asyncio.create_task(ask(world, "getUpdates", timeout=50))
    code, description = await first
    assert code == 409
    assert description.startswith("Conflict: terminated by other getUpdates request")
    await world.says(ann, "for the second")
    assert len(await second) == 1


async def test_kinds_are_remembered_and_some_come_only_when_named() -> None:
    world, ann = world_with_ann()
    reaction = {"message_reaction": {"chat": {"id": ann.id, "type": "private"}, "message_id": 1, "date": 1}}
    assert world.inject(reaction) is None
    await ask(world, "getUpdates", timeout=0, allowed_updates=["message_reaction"])
    await world.says(ann, "unheard")
    assert world.inject(reaction) is not None
    assert [list(update)[1] for update in await heard(world)] == ["message_reaction"]
    await ask(world, "getUpdates", timeout=0, allowed_updates="[]")
    await world.says(ann, "heard")
    assert len(await heard(world)) == 1


@pytest.mark.parametrize("update", [{}, {"update_id": 1}, {"message": {}, "poll": {}}])
async def test_inject_wants_exactly_one_kind(update: dict[str, object]) -> None:
    world, _ = world_with_ann()
    with pytest.raises(ValueError, match="exactly one kind"):
        world.inject(update)


async def test_drop_and_done() -> None:
    clock = Clock()
    queue = UpdateQueue(clock, never, first_id=7)
    for _ in range(3):
        queue.push("message", {})
    queue.done(8)
    assert [update["update_id"] for update in queue.pending()] == [7, 9]
    queue.drop()
    assert queue.pending() == []
    assert timedelta(hours=24) == LIFETIME
    assert queue.now() == int(clock.now.timestamp())
