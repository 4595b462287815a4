"""Other ways to post the same message, to see what ours costs beside them: each posts to every chat and returns."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from importlib import import_module
from urllib.parse import urlsplit

import aiohttp
from telegram import Bot

from tests.chaos.stand_in import TOKEN

TEXT = "The week begins on Monday. " * 6
Post = Callable[[int], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Client:
    send: Callable[[str, Iterable[int], int], Awaitable[None]]
    """Posts to these chats at the server with this root, so many at a time."""
    needs: str
    """The package that must be there."""
    in_flight: int
    messages: int
    """So many show what it costs."""


async def post_all(post: Post, chats: Iterable[int], in_flight: int) -> None:
    left: Iterator[int] = iter(chats)

    async def work() -> None:
        for chat in left:
            await post(chat)

    await asyncio.gather(*(work() for _ in range(in_flight)))


async def python_telegram_bot(api: str, chats: Iterable[int], in_flight: int) -> None:
    """As it comes."""
    async with Bot(TOKEN, base_url=f"{api}/bot") as bot:
        await post_all(lambda chat: bot.send_message(chat, TEXT), chats, in_flight)


async def aiogram(api: str, chats: Iterable[int], in_flight: int) -> None:
    """As it comes."""
    library = import_module("aiogram")
    session = import_module("aiogram.client.session.aiohttp").AiohttpSession
    server = import_module("aiogram.client.telegram").TelegramAPIServer.from_base(api)
    async with library.Bot(TOKEN, session=session(api=server, limit=in_flight)) as bot:
        await post_all(lambda chat: bot.send_message(chat, TEXT), chats, in_flight)


async def raw_aiohttp(api: str, chats: Iterable[int], in_flight: int) -> None:
    """The least that its client can do."""
    headers = {"Content-Type": "application/json"}
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), headers=headers) as session:

        async def post(chat: int) -> None:
            async with session.post(f"{api}/bot{TOKEN}/sendMessage", data=_body(chat)) as answer:
                json.loads(await answer.read())["result"]["message_id"]

        await post_all(post, chats, in_flight)


async def raw_sockets(api: str, chats: Iterable[int], in_flight: int) -> None:
    """The least that Python can do: asyncio's streams and hardly any HTTP."""
    server = urlsplit(api)
    head = f"POST /bot{TOKEN}/sendMessage HTTP/1.1\r\nHost: {server.netloc}\r\nContent-Type: application/json\r\n"
    left = iter(chats)

    async def work(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for chat in left:
            body = _body(chat)
            writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
            said = (await reader.readuntil(b"\r\n\r\n")).lower()
            length = int(said.partition(b"content-length:")[2].partition(b"\r\n")[0])
            json.loads(await reader.readexactly(length))["result"]["message_id"]

    async with AsyncExitStack() as stack:
        streams = []
        for _ in range(in_flight):
            reader, writer = await asyncio.open_connection(server.hostname, server.port)
            stack.callback(writer.close)
            streams.append((reader, writer))
        await asyncio.gather(*(work(*stream) for stream in streams))


def _body(chat: int) -> bytes:
    return json.dumps({"chat_id": chat, "text": TEXT}).encode()


CLIENTS: dict[str, Client] = {
    "python-telegram-bot as it comes": Client(python_telegram_bot, "telegram", 64, 2_000),
    "aiogram as it comes": Client(aiogram, "aiogram", 256, 10_000),
    "aiohttp alone": Client(raw_aiohttp, "aiohttp", 256, 20_000),
    "asyncio streams alone": Client(raw_sockets, "asyncio", 256, 20_000),
}
