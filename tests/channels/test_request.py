"""What travels and what comes back, over real sockets on the loopback and in process."""

import asyncio
import contextlib
import json
import logging
import socket
import ssl
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey
from telegram import InputFile
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, TelegramError

from bot.channels.telegram.api import Api
from bot.channels.telegram.request import (
    AiohttpRequest,
    Ambiguous,
    InProcessRequest,
    NotSent,
    Reason,
    Throttled,
    failure_of,
)
from tests.channels.desk import TOKEN, ok, refusal

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
KEY = ConnectionKey("127.0.0.1", 443, True, True, None, None, None)
BROKEN = OSError(1, "broken")


@contextlib.asynccontextmanager
async def server(serve: Serve) -> AsyncIterator[str]:
    """A bare TCP server; gives its root address."""

    serving: set[asyncio.Task[None]] = set()

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await serve(reader, writer)
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.add(asyncio.create_task(converse(reader, writer)))

    listening = await asyncio.start_server(begin, "127.0.0.1", 0)
    async with listening:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
        await asyncio.gather(*serving)


@contextlib.asynccontextmanager
async def api(root: str, **more: Any) -> AsyncIterator[Api]:
    request = AiohttpRequest(**{"connections": 2, **more})
    await request.initialize()
    await request.initialize()
    try:
        yield Api(TOKEN, base_url=f"{root}/bot", request=request, get_updates_request=request)
    finally:
        await request.shutdown()
        await request.shutdown()


async def read_request(reader: asyncio.StreamReader) -> tuple[str, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    length = next(int(line[15:]) for line in head.splitlines() if line.lower().startswith("content-length:"))
    return head, await reader.readexactly(length)


def answering(status: int, body: bytes) -> Serve:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(
            f"HTTP/1.1 {status} Any\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body
        )
        await writer.drain()

    return serve


async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await read_request(reader)


async def failure(root: str, **more: Any) -> TelegramError:
    async with api(root, **more) as bot:
        with pytest.raises(TelegramError) as caught:
            await bot.call("sendMessage", chat_id=1, text="x")
    error = caught.value
    told = "".join(traceback.format_exception(error))
    # The library changes the case of what a server says.
    assert "part_of-the-token" not in told.lower()
    assert error.__context__ is None or not isinstance(error.__context__, aiohttp.ClientError)
    return error


def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_a_method_travels_as_a_form_and_its_result_comes_back() -> None:
    asked: list[tuple[str, bytes]] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await read_request(reader))
        body = ok({"message_id": 7})[1]
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(body), body))

    async with server(serve) as root, api(root) as bot:
        assert await bot.call("sendMessage", read_timeout_s=3, chat_id=1, text="a b", reply_markup=None) == {
            "message_id": 7
        }
        assert bot.request.read_timeout == 10
    head, body = asked[0]
    assert head.startswith(f"POST /bot{TOKEN}/sendMessage ")
    assert body == b"chat_id=1&text=a+b"


async def test_files_travel_as_multipart() -> None:
    asked: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        assert "multipart/form-data" in head
        asked.append(await reader.readuntil(b"--\r\n"))
        body = ok()[1]
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(body), body))

    async with server(serve) as root, api(root) as bot:
        await bot.call("sendDocument", chat_id=1, document=InputFile(b"contents", filename="a.txt"))
    assert b"contents" in asked[0]
    assert b'filename="a.txt"' in asked[0]


@pytest.mark.parametrize(
    ("serve", "kind"),
    [
        (hang_up, Ambiguous),
        (answering(502, b"<html>Bad Gateway SECRET</html>"), Ambiguous),
        (answering(500, refusal(500, "Internal")[1]), Ambiguous),
        (answering(200, b"not json"), Ambiguous),
        (answering(200, b"[]"), Ambiguous),
        (answering(200, b'{"ok": true}'), Ambiguous),
        (answering(200, refusal(400, "Bad Request: chat not found")[1]), BadRequest),
        (answering(400, refusal(400, f"Bad Request: /bot{TOKEN}/ is odd")[1]), BadRequest),
        (answering(400, refusal(400, "Bad Request: moved", migrate_to_chat_id=-1005)[1]), ChatMigrated),
        (answering(400, b'{"ok": false, "parameters": 3, "description": 3}'), BadRequest),
        (answering(403, refusal(403, "Forbidden: bot was blocked by the user")[1]), Forbidden),
        (answering(401, refusal(401, "Unauthorized")[1]), InvalidToken),
        (answering(404, b"SECRET not found"), InvalidToken),
        (answering(302, b""), NetworkError),
    ],
)
async def test_what_comes_back_has_a_type(serve: Serve, kind: type[TelegramError]) -> None:
    async with server(serve) as root:
        assert type(await failure(root)) is kind


@pytest.mark.parametrize(
    ("body", "wait_s"),
    [
        (refusal(429, "Too Many Requests", retry_after=9)[1], 9),
        (refusal(429, "Too Many Requests", retry_after=0)[1], 1),
        (b"slow down", 1),
    ],
)
async def test_a_429_says_how_long_to_wait(body: bytes, wait_s: float) -> None:
    async with server(answering(429, body)) as root:
        error = await failure(root)
    assert isinstance(error, Throttled)
    assert error.retry_after_s == wait_s


async def test_no_answer_in_time_is_ambiguous() -> None:
    async with server(hang) as root:
        assert type(await failure(root, read_timeout_s=0.02)) is Ambiguous


async def test_a_port_where_nobody_listens_is_known_unsent() -> None:
    error = await failure(f"http://127.0.0.1:{unused_port()}")
    assert isinstance(error, NotSent)
    assert error.message == Reason.REFUSED


async def test_a_server_without_encryption_is_known_unsent() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    async with server(serve) as root:
        error = await failure(root.replace("http:", "https:"))
    assert isinstance(error, NotSent)
    assert error.message == Reason.TLS


async def test_an_address_that_is_none_is_known_unsent() -> None:
    error = await failure("http://")
    assert isinstance(error, NotSent)
    assert error.message == Reason.ADDRESS


async def test_waiting_for_a_free_connection_is_known_unsent() -> None:
    reached = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        reached.set()
        await reader.read()

    async with server(serve) as root, api(root, connections=1, pool_timeout_s=0) as bot:
        first = asyncio.create_task(bot.call("sendMessage", chat_id=1, text="x"))
        await reached.wait()
        with pytest.raises(NotSent) as caught:
            await bot.call("sendMessage", chat_id=2, text="y")
        assert caught.value.message == Reason.POOL
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
    with pytest.raises(NotSent, match=Reason.CLOSED):
        await bot.call("sendMessage", chat_id=2, text="y")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (aiohttp.ClientConnectorDNSError(KEY, BROKEN), Reason.DNS),
        (aiohttp.ClientConnectorCertificateError(KEY, ssl.CertificateError("bad")), Reason.TLS),
        (aiohttp.ClientConnectorSSLError(KEY, ssl.SSLError(1, "bad")), Reason.TLS),
        (aiohttp.ServerFingerprintMismatch(b"a", b"b", "h", 1), Reason.TLS),
        (aiohttp.ClientConnectorError(KEY, BROKEN), Reason.REFUSED),
        (aiohttp.ConnectionTimeoutError(f"Connection timeout to host /bot{TOKEN}/"), Reason.CONNECT),
        (aiohttp.InvalidURL(f"/bot{TOKEN}/"), Reason.ADDRESS),
        (NotSent(Reason.POOL), Reason.POOL),
    ],
)
def test_before_the_first_byte_nothing_was_sent(error: Exception, reason: Reason) -> None:
    failed = failure_of(error)
    assert isinstance(failed, NotSent)
    assert failed.message == reason


@pytest.mark.parametrize(
    "error",
    [
        aiohttp.ServerDisconnectedError(),
        aiohttp.SocketTimeoutError(f"{TOKEN}"),
        aiohttp.ClientOSError(32, "Broken pipe"),
        aiohttp.ClientPayloadError(f"{TOKEN}"),
        TimeoutError(),
        ConnectionResetError(f"{TOKEN}"),
        RuntimeError(f"{TOKEN}"),
    ],
)
def test_after_it_nobody_can_know(error: Exception) -> None:
    failed = failure_of(error)
    assert type(failed) is Ambiguous
    assert "SECRET" not in failed.message


async def test_in_process_the_call_gets_name_fields_and_files() -> None:
    asked: list[Any] = []

    async def call(method: str, params: Any, files: Any) -> tuple[int, bytes]:
        asked.append((method, dict(params), dict(files)))
        return ok([])

    async with InProcessRequest(call) as request:
        bot = Api(TOKEN, request=request, get_updates_request=request)
        await bot.call("getUpdates", read_timeout_s=1, offset=None, allowed_updates=["message"])
        await bot.call("sendDocument", chat_id=1, document=InputFile(b"contents", filename="a.txt"))
        assert request.read_timeout == 0
    streamed = {"document": ("a.txt", SimpleNamespace(read=lambda: b"read"), "text/plain")}
    await request.exchange(f"x/bot{TOKEN}/sendDocument", "POST", {}, streamed, {})
    assert asked == [
        ("getUpdates", {"allowed_updates": json.dumps(["message"])}, {}),
        ("sendDocument", {"chat_id": "1"}, {"document": b"contents"}),
        ("sendDocument", {}, {"document": b"read"}),
    ]


async def test_in_process_an_exception_is_a_lost_answer() -> None:
    async def call(method: str, params: Any, files: Any) -> tuple[int, bytes]:
        raise ValueError("someone's words")

    bot = Api(TOKEN, request=InProcessRequest(call), get_updates_request=InProcessRequest(call))
    with pytest.raises(Ambiguous) as caught:
        await bot.call("sendMessage", chat_id=1, text="x")
    assert "words" not in "".join(traceback.format_exception(caught.value))


async def test_neither_token_nor_words_are_ever_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("telegram", "telegram.Bot", "aiohttp", "asyncio"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    body = ok([{"update_id": 1, "message": {"text": "private words"}}])[1]
    async with server(answering(200, body)) as root, api(root) as bot:
        await bot.call("getUpdates", offset=1)
        await bot.call("sendMessage", chat_id=1, text="private words")
        assert "SECRET" not in f"{bot!r} {bot}"
    async with server(answering(200, b"private words SECRET")) as root:
        await failure(root)
    for name in ("telegram", "telegram.Bot", "aiohttp", "asyncio"):
        logging.getLogger(name).setLevel(logging.NOTSET)
    assert "SECRET" not in caplog.text
    assert "private" not in caplog.text
