"""The whole channel and the poller against the stand-in Bot API: what people see in the end."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from bot.channels.telegram import InProcessRequest, TelegramBot, connect
from bot.errors import ChannelError
from bot.messaging import (
    Button,
    Command,
    Incoming,
    Media,
    Membership,
    Notice,
    Outgoing,
    Press,
    Reply,
    Span,
    Style,
    Text,
)
from bot.operations.handling import Handling
from bot.operations.polling import Poller
from bot.sandbox.faults import Fault, FaultKind
from bot.sandbox.world import World

MENU = ((Button("More", payload="more"),),)


@dataclass
class Echo:
    """Says back what it heard; a press edits its card."""

    heard: list[Incoming] = field(default_factory=list)
    answered: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))

    async def handle(self, incoming: Incoming) -> Sequence[Outgoing]:
        self.heard.append(incoming)
        match incoming.content:
            case Text(words):
                return (Reply((Span("<you> ", Style.BOLD), Span(words)), MENU),)
            case Press("more", card):
                return (Notice("Here you are"), Reply((Span("more"),), edits=card))
            case Command(name, argument):
                return (Reply((Span(f"{name}|{argument}"),)),)
            case Media(kind, caption):
                return (Reply((Span(f"{kind}|{caption}"),)),)
            case _:
                return ()

    async def mark(self, incoming: Incoming) -> None:
        self.answered.release()

    async def answers(self, count: int) -> None:
        """Waits until so many more updates were answered."""
        for _ in range(count):
            await self.answered.acquire()


async def at_once(seconds: float) -> None:
    await asyncio.sleep(0)


@asynccontextmanager
async def running(world: World, echo: Echo) -> AsyncIterator[TelegramBot]:
    bot = await connect(
        world.token, request_factory=lambda lane: InProcessRequest(world.call), sleep=at_once, once=True
    )
    handling = Handling(echo.handle, echo.mark, lambda incoming: (), bot.deliver, sleep=at_once)
    poller = Poller(bot.get_updates, bot.parse, handling)
    task = asyncio.create_task(poller.run())
    yield bot
    poller.stop()
    await task
    await bot.close()


async def test_people_see_what_the_bot_says() -> None:
    world, echo = World(), Echo()
    ann = world.add_person("Ann")
    async with running(world, echo):
        await world.says(ann, "/start role-parent")
        said = await world.says(ann, "1 < 2 & <b>")
        await world.sends(ann, "photo", "look")
        await echo.answers(3)
        seen = [message for message in world.sees(ann) if message.from_bot]
        assert [message.text for message in seen] == ["start|role-parent", "<you> 1 < 2 & <b>", "photo|look"]
        assert [entity["type"] for entity in seen[1].raw["entities"]] == ["bold"]
        assert await world.presses(ann, seen[1].id, "more") == "Here you are"
        await echo.answers(1)
        assert [message.text for message in world.sees(ann) if message.from_bot][1] == "more"
        await world.edits(ann, said.id, "changed")
        await echo.answers(1)
        world.blocks(ann)
        await echo.answers(1)
    assert [type(incoming.content) for incoming in echo.heard] == [Command, Text, Media, Press, Text, Membership]
    assert len(world.presses_made()) == 1


async def test_long_and_awkward_replies_are_taken_by_a_strict_server() -> None:
    world, echo = World(), Echo()
    ann = world.add_person("Ann")
    async with running(world, echo) as bot:
        await world.says(ann, "hello")
        await echo.answers(1)
        spans = tuple(Span("💛&<" * 700 + " \n", style) for style in Style)
        result = await bot.send(str(ann.id), Reply(spans, MENU))
        assert len(result.message_ids) == 4
        parts = [message.text for message in world.sees(ann)][-4:]
        assert "".join("".join(parts).split()) == "💛&<" * 2800


@pytest.mark.parametrize(
    ("kind", "copies"),
    [
        (FaultKind.TOO_MANY_REQUESTS, 1),
        (FaultKind.TIMEOUT_BEFORE, 1),
        (FaultKind.TIMEOUT_AFTER, 2),
        (FaultKind.DROPPED_BEFORE, 1),
        (FaultKind.DROPPED_AFTER, 2),
        (FaultKind.UNREADABLE, 2),
        (FaultKind.SERVER_ERROR, 1),
    ],
)
async def test_after_any_fault_the_answer_is_there(kind: FaultKind, copies: int) -> None:
    world, echo = World(), Echo()
    ann = world.add_person("Ann")
    world.faults.next(Fault(kind), method="sendMessage")
    async with running(world, echo):
        await world.says(ann, "hello")
        await echo.answers(1)
    assert sum(message.from_bot for message in world.sees(ann)) == copies


async def test_commands_are_set_where_they_differ() -> None:
    world, echo = World(), Echo()
    async with running(world, echo) as bot:
        for listed in ((("start", "Begin"),), (("start", "Begin"),), (("help", "Help"),)):
            await bot.set_commands({None: listed})
            _, body = await world.call("getMyCommands", {"scope": '{"type": "all_group_chats"}'})
            assert json.loads(body)["result"] == [{"command": listed[0][0], "description": listed[0][1]}]


async def test_a_foreign_token_is_refused() -> None:
    world = World()

    async def call(method: str, params: Mapping[str, object], files: Mapping[str, bytes]) -> tuple[int, bytes]:
        return await world.call(method, params, files, token="1:other")

    with pytest.raises(ChannelError, match="IMH_TOKEN"):
        await connect("1:other", request_factory=lambda lane: InProcessRequest(call), once=True)
