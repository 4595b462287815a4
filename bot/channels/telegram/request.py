"""How a request travels: over HTTP with aiohttp, or in process to a callable. Used by `connect`, one for each lane.

Both are python-telegram-bot's `BaseRequest`, its official extension point. They say in types what the library merges:
`NotSent` (certainly nothing reached the server), `Ambiguous` (nobody can know) and `Throttled` (429). The token is part
of every address, so no foreign exception leaves this module: it is replaced by one of ours, without cause or context.
"""

import asyncio
import json
from abc import abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
from typing import Any

import aiohttp
from telegram.error import NetworkError
from telegram.request import BaseRequest, RequestData

Files = Mapping[str, tuple[str, Any, str]]
"""Part name -> (file name, content, media type)."""
Call = Callable[[str, Mapping[str, object], Mapping[str, bytes]], Awaitable[tuple[int, bytes]]]
"""`await call(method, params, files)` -> (HTTP status, JSON body); raises only when the outcome is unknown."""


class Reason(StrEnum):
    """Why a request was certainly not sent."""

    POOL = "no connection was free in time"
    CONNECT = "connecting took too long"
    REFUSED = "the connection could not be made"
    DNS = "the server's name was not found"
    TLS = "the encrypted connection was refused"
    ADDRESS = "the server's address is not valid"
    CLOSED = "the connection is closed"


class NotSent(NetworkError):
    """Nothing reached the server: trying again cannot double a message."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)


class Ambiguous(NetworkError):
    """The request began and no readable answer came: whether it took effect is unknown."""


class Throttled(NetworkError):
    """429: not done; may be tried again after `retry_after_s` seconds."""

    def __init__(self, retry_after_s: float) -> None:
        super().__init__(f"the server asks us to wait {retry_after_s:g} seconds")
        self.retry_after_s = retry_after_s


NEVER_BEGAN: tuple[tuple[type[Exception], Reason], ...] = (
    (aiohttp.ClientConnectorDNSError, Reason.DNS),
    (aiohttp.ClientSSLError, Reason.TLS),
    (aiohttp.ServerFingerprintMismatch, Reason.TLS),
    (aiohttp.ClientConnectorError, Reason.REFUSED),
    (aiohttp.ConnectionTimeoutError, Reason.CONNECT),
    (aiohttp.InvalidURL, Reason.ADDRESS),
)
"""aiohttp's errors from before the first byte left; the first that fits decides, all others are ambiguous."""


class CheckedRequest(BaseRequest):
    """Turns what an exchange brought into an answer the library reads, or into one of our three errors.

    For methods only: files are not downloaded by this bot.
    """

    @abstractmethod
    async def exchange(
        self, url: str, method: str, fields: Mapping[str, str], files: Files, timeouts_s: Mapping[str, float | None]
    ) -> tuple[int, bytes]:
        """One round trip. `fields` are form strings; `timeouts_s` may hold read, write, connect and pool."""

    async def do_request(  # noqa: PLR0917 - the library's signature
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """As `BaseRequest.do_request`; raises nothing but `NotSent`, `Ambiguous`, `Throttled` and cancellation."""
        asked = {"read": read_timeout, "write": write_timeout, "connect": connect_timeout, "pool": pool_timeout}
        timeouts_s = {name: value for name, value in asked.items() if value is not BaseRequest.DEFAULT_NONE}
        fields = request_data.json_parameters if request_data else {}
        files = request_data.multipart_data if request_data else {}
        try:
            status, body = await self.exchange(url, method, fields, files, timeouts_s)
        except Exception as error:  # noqa: BLE001 - any of them may quote the address, which holds the token
            failure = failure_of(error)
        else:
            return checked(status, body, secret=url.rsplit("/", 2)[-2].removeprefix("bot"))
        raise failure


def failure_of(error: Exception) -> NetworkError:
    """Our own error for whatever an exchange raised; it quotes the class of a foreign one, never its text."""
    if isinstance(error, NotSent):
        return NotSent(error.message)
    for kind, reason in NEVER_BEGAN:
        if isinstance(error, kind):
            return NotSent(reason)
    return Ambiguous(f"the answer was lost ({type(error).__name__})")


def checked(status: int, body: bytes, secret: str) -> tuple[int, bytes]:
    """The answer in the library's form; a refusal keeps its description (without `secret`) and a new chat id only."""
    try:
        answer = json.loads(body)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        answer = {}
    if status < 300 and answer.get("ok") is False and isinstance(answer.get("error_code"), int):
        status = answer["error_code"]
    if status >= 500:
        raise Ambiguous(f"the server answered {status}")
    if status < 300:
        if "result" not in answer:
            raise Ambiguous("the answer could not be read")
        return status, body
    parameters = answer.get("parameters")
    parameters = parameters if isinstance(parameters, dict) else {}
    if status == 429:
        wait_s = parameters.get("retry_after")
        raise Throttled(wait_s if isinstance(wait_s, int | float) and wait_s > 0 else 1.0)
    description = str(answer.get("description") or f"HTTP {status}")
    refusal: dict[str, Any] = {
        "ok": False,
        "description": description.replace(secret, "…")[:200] if secret else description,
    }
    if isinstance(parameters.get("migrate_to_chat_id"), int):
        refusal["parameters"] = {"migrate_to_chat_id": parameters["migrate_to_chat_id"]}
    return status, json.dumps(refusal).encode()


class AiohttpRequest(CheckedRequest):
    """Over HTTP. `connections` is how many requests may be in flight; times in seconds."""

    def __init__(
        self,
        connections: int = 64,
        *,
        connect_timeout_s: float = 5.0,
        read_timeout_s: float = 10.0,
        write_timeout_s: float = 10.0,
        pool_timeout_s: float = 5.0,
    ) -> None:
        self._connections = connections
        self._timeouts_s: dict[str, float] = {
            "read": read_timeout_s,
            "write": write_timeout_s,
            "connect": connect_timeout_s,
            "pool": pool_timeout_s,
        }
        self._free = asyncio.Semaphore(connections)
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return self._timeouts_s["read"]

    async def initialize(self) -> None:
        if self._session is None:
            # The semaphore is the pool: waiting for it is told apart from connecting.
            connector = aiohttp.TCPConnector(limit=0)
            self._session = aiohttp.ClientSession(connector=connector, headers={"User-Agent": "imh-bot"})

    async def shutdown(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def exchange(
        self, url: str, method: str, fields: Mapping[str, str], files: Files, timeouts_s: Mapping[str, float | None]
    ) -> tuple[int, bytes]:
        session = self._session
        if session is None:
            raise NotSent(Reason.CLOSED)
        seconds: dict[str, float | None] = {**self._timeouts_s, **timeouts_s}
        try:
            async with asyncio.timeout(seconds["pool"]):
                await self._free.acquire()
        except TimeoutError:
            raise NotSent(Reason.POOL) from None
        try:
            waits = (seconds["connect"], seconds["write"], seconds["read"])
            limit = aiohttp.ClientTimeout(
                total=None if None in waits else sum(wait or 0.0 for wait in waits),
                connect=seconds["connect"],
                sock_read=seconds["read"],
            )
            async with session.request(
                method, url, data=form(fields, files), timeout=limit, allow_redirects=False
            ) as answer:
                return answer.status, await answer.read()
        finally:
            self._free.release()


def form(fields: Mapping[str, str], files: Files) -> aiohttp.FormData:
    """URL-encoded, or multipart when there are files: as the library's own transport has it."""
    data = aiohttp.FormData(default_to_multipart=bool(files))
    for name, value in fields.items():
        data.add_field(name, value)
    for name, (filename, content, media_type) in files.items():
        data.add_field(name, content, filename=filename, content_type=media_type)
    return data


class InProcessRequest(CheckedRequest):
    """To a callable in this process, such as the sandbox; whatever it raises is an answer that was lost."""

    def __init__(self, call: Call) -> None:
        self._call = call

    @property
    def read_timeout(self) -> float:
        return 0.0

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def exchange(
        self,
        url: str,
        method: str,  # noqa: ARG002 - the callable knows one way only
        fields: Mapping[str, str],
        files: Files,
        timeouts_s: Mapping[str, float | None],  # noqa: ARG002 - the callable keeps its own time
    ) -> tuple[int, bytes]:
        contents = {name: part[1] if isinstance(part[1], bytes) else part[1].read() for name, part in files.items()}
        return await self._call(url.rsplit("/", 1)[-1], fields, contents)
