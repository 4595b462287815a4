"""A small bot that speaks the Bot API, standing before the sandbox's faces in place of the real one."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

from bot.sandbox.world import World

JSON = dict[str, Any]
COMMANDS = [{"command": "start", "description": "Begin"}, {"command": "help", "description": "What I can do"}]
CARD = "Card for 😀 {words}\nCall 01632 960 001 or see example.org"


def keyboard(*rows: list[JSON]) -> JSON:
    return {"inline_keyboard": list(rows)}


class ScriptedBot:
    """Polls, answers each update to the end and only then confirms it. `open_gate` holds answers back."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.heard: list[JSON] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def ask(self, method: str, **params: Any) -> Any:
        status, body = await self.world.call(method, params)
        answer = json.loads(body)
        assert status == 200, answer
        return answer["result"]

    async def run(self) -> None:
        await self.ask("setMyCommands", commands=COMMANDS)
        offset = 0
        while True:
            for update in await self.ask("getUpdates", offset=offset, timeout=50):
                await self.gate.wait()
                self.heard.append(update)
                await self.handle(update)
                offset = update["update_id"] + 1

    async def handle(self, update: JSON) -> None:
        if "callback_query" in update:
            await self.on_press(update["callback_query"])
        elif "edited_message" in update:
            message = update["edited_message"]
            await self.ask("sendMessage", chat_id=message["chat"]["id"], text=f"Changed to: {message['text']}")
        elif "message" in update:
            await self.on_message(update["message"])

    async def on_message(self, message: JSON) -> None:
        chat_id = message["chat"]["id"]
        if "text" not in message:
            await self.ask("sendMessage", chat_id=chat_id, text="That has no words.")
            return
        words = message["text"]
        text = CARD.format(words=words)
        await self.ask("sendChatAction", chat_id=chat_id, action="typing")
        await self.ask(
            "sendMessage",
            chat_id=chat_id,
            text=text,
            entities=[{"type": "bold", "offset": 9, "length": 2 + 1 + len(words.encode("utf-16-le")) // 2}],
            reply_markup=keyboard(
                [{"text": "More", "callback_data": "more"}, {"text": "Less", "callback_data": "less"}],
                [{"text": "A website", "url": "https://example.org/page"}],
            ),
        )

    async def on_press(self, query: JSON) -> None:
        message = query["message"]
        await self.ask(
            "editMessageText",
            chat_id=message["chat"]["id"],
            message_id=message["message_id"],
            text=f"You chose {query['data']}",
            reply_markup=keyboard([{"text": "Back", "callback_data": "back"}]),
        )
        await self.ask("answerCallbackQuery", callback_query_id=query["id"], text=f"Noted: {query['data']}")


@contextlib.asynccontextmanager
async def scripted(world: World) -> AsyncIterator[ScriptedBot]:
    """The bot at work on `world`; what it raises reaches the test."""
    bot = ScriptedBot(world)
    running = asyncio.ensure_future(bot.run())
    try:
        yield bot
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
