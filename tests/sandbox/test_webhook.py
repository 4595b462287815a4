"""Updates pushed to the bot's own server: in order within a chat, again until taken, never beside polling."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from bot.sandbox.description import check_value
from bot.sandbox.webhook import SECRET_HEADER
from bot.sandbox.world import World
from tests.sandbox.asking import ask, heard, refused, world_with_ann
from tests.sandbox.test_updates import at_once


class Receiver:
    """A bot's webhook that notes what comes and answers what it is told to."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        self.secrets: list[str | None] = []
        self.statuses: list[int] = []
        self.answers: list[dict[str, Any] | bytes] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.arrived = asyncio.Condition()

    async def take(self, request: web.Request) -> web.Response:
        self.got.append(await request.json())
        self.secrets.append(request.headers.get(SECRET_HEADER))
        async with self.arrived:
            self.arrived.notify_all()
        await self.gate.wait()
        status = self.statuses.pop(0) if self.statuses else 200
        answer = self.answers.pop(0) if self.answers else b""
        return web.Response(status=status, body=answer) if isinstance(answer, bytes) else web.json_response(answer)

    async def until(self, count: int) -> None:
        async with asyncio.timeout(5), self.arrived:
            await self.arrived.wait_for(lambda: len(self.got) >= count)

    @property
    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.got]


@asynccontextmanager
async def receiving() -> AsyncIterator[tuple[Receiver, str]]:
    receiver = Receiver()
    application = web.Application()
    application.router.add_post("/hook", receiver.take)
    runner = web.AppRunner(application)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield receiver, f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    finally:
        receiver.gate.set()
        await runner.cleanup()


async def settle(world: World) -> None:
    """Until nothing waits for the bot any more."""
    async with asyncio.timeout(5):
        await world.webhook.idle()
    assert world.updates.pending() == []


async def test_pushes_with_the_secret_and_excludes_polling() -> None:
    world, ann = world_with_ann(sleep=at_once)
    await world.says(ann, "before")
    async with receiving() as (receiver, url):
        await ask(world, "setWebhook", url=url, secret_token="s3cret", max_connections=2, allowed_updates=["message"])
        await receiver.until(1)
        await world.says(ann, "after")
        await receiver.until(2)
        await settle(world)
        world.blocks(ann)
        code, description = await refused(world, "getUpdates")
        assert (code, "webhook is active" in description) == (409, True)
        info = check_value("WebhookInfo", await ask(world, "getWebhookInfo"))
        assert (info["url"], info["max_connections"], info["pending_update_count"]) == (url, 2, 0)
        assert info["allowed_updates"] == ["message"]
        for method, params in (("deleteWebhook", {}), ("setWebhook", {"url": ""})):
            await ask(world, "setWebhook", url=url)
            await ask(world, method, **params)
            await world.says(ann, "polled again")
            assert len(await heard(world)) == 1
        await world.close()
    assert receiver.texts == ["before", "after"]
    assert receiver.secrets == ["s3cret", "s3cret"]


async def test_tries_again_until_taken_and_keeps_order_within_a_chat() -> None:
    world, ann = world_with_ann(sleep=at_once)
    async with receiving() as (receiver, url):
        receiver.statuses = [500, 503, 200]
        await ask(world, "setWebhook", url=url)
        for word in ("one", "two"):
            await world.says(ann, word)
        await settle(world)
        assert "503" in (await ask(world, "getWebhookInfo"))["last_error_message"]
        await world.close()
    assert receiver.texts == ["one", "one", "one", "two"]


async def test_chats_go_side_by_side_up_to_the_connections() -> None:
    world, ann = world_with_ann(sleep=at_once)
    people = [ann, *(world.add_person(name) for name in ("Bea", "Cid", "Dee"))]
    async with receiving() as (receiver, url):
        receiver.gate.clear()
        await ask(world, "setWebhook", url=url, max_connections=3)
        for person in people:
            await world.says(person, f"1 {person.name}")
            await world.says(person, f"2 {person.name}")
        await receiver.until(3)
        assert sorted(receiver.texts) == ["1 Ann", "1 Bea", "1 Cid"]
        receiver.gate.set()
        await settle(world)
        await world.close()
    for person in people:
        assert [text[0] for text in receiver.texts if text.endswith(person.name)] == ["1", "2"]


async def test_an_answer_may_call_a_method() -> None:
    world, ann = world_with_ann(sleep=at_once)
    async with receiving() as (receiver, url):
        receiver.answers = [
            {"method": "sendMessage", "chat_id": ann.id, "text": "By return"},
            {"method": "sendMessage", "chat_id": ann.id},
            {"hello": "world"},
        ]
        await ask(world, "setWebhook", url=url)
        for word in ("one", "two", "three"):
            await world.says(ann, word)
        await settle(world)
        assert "text is empty" in (await ask(world, "getWebhookInfo"))["last_error_message"]
        await world.close()
    assert [message.text for message in world.sees(ann) if message.from_bot] == ["By return"]


async def test_nobody_listening_is_noted_and_dropping_forgets() -> None:
    tried = asyncio.Event()

    async def pause(_seconds: float) -> None:
        tried.set()
        await asyncio.Event().wait()

    world, ann = world_with_ann(sleep=pause)
    await ask(world, "setWebhook", url="http://127.0.0.1:9/hook", drop_pending_updates=True)
    await world.says(ann, "anyone?")
    await asyncio.wait_for(tried.wait(), 5)
    info = await ask(world, "getWebhookInfo")
    assert (info["last_error_message"], info["pending_update_count"]) == ("Connection failed", 1)
    await ask(world, "deleteWebhook", drop_pending_updates="true")
    assert (await ask(world, "getWebhookInfo"))["pending_update_count"] == 0
    await world.close()


async def test_odd_updates_are_pushed_too() -> None:
    world, ann = world_with_ann(sleep=at_once)
    async with receiving() as (receiver, url):
        await ask(world, "setWebhook", url=url)
        world.inject({"poll": {"id": "1"}})
        world.inject({"callback_query": {"id": "1", "from": ann.user()}})
        await settle(world)
        await world.close()
    assert {list(update)[1] for update in receiver.got} == {"poll", "callback_query"}
