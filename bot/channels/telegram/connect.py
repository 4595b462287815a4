"""Opens the way to Telegram: the requests, the first contact, and all that assembly needs, in one object."""

import asyncio
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from telegram.error import TelegramError
from telegram.request import BaseRequest

from bot.channels.telegram.api import Api
from bot.channels.telegram.channel import Sleep, TelegramChannel
from bot.channels.telegram.commands import Commands, set_commands
from bot.channels.telegram.request import AiohttpRequest
from bot.channels.telegram.results import CHECK_TOKEN, spoken
from bot.channels.telegram.updates import ALLOWED_UPDATES, UpdateReader
from bot.errors import ChannelError, Unreachable
from bot.messaging import Incoming, Notice, Outgoing, Reply, SendResult

API_BASE_URL = "https://api.telegram.org"
TOKEN = re.compile(r"[A-Za-z0-9:_-]+")
FETCHED = 100
"""Most updates one request brings (Bot API, getUpdates)."""
PATIENCE_S = 10.0
"""How much longer than the long poll itself an answer to it may take."""
PAUSES_S = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Pauses between tries of the first contact; the last one repeats."""

log = logging.getLogger(__name__)


class Lane(StrEnum):
    """Requests that may not wait for each other have connections of their own."""

    REPLIES = "replies"
    POLLING = "polling"


RequestFactory = Callable[[Lane], BaseRequest]
CONNECTIONS = {Lane.REPLIES: 64, Lane.POLLING: 2}


@dataclass(frozen=True, slots=True)
class Me:
    """The bot's own account."""

    id: int
    username: str


class TelegramBot:
    """The bot at Telegram, open and known by name; made by `connect`."""

    def __init__(self, api: Api, me: Me, close: Callable[[], Any], sleep: Sleep, clock: Callable[[], datetime]) -> None:
        self.me = me
        self.channel = TelegramChannel(api, sleep)
        self._api = api
        self._close = close
        self._reader = UpdateReader(me.username, clock)

    async def get_updates(self, offset: int | None, timeout_s: float) -> Sequence[Mapping[str, Any]]:
        """Raw updates from `offset` on, waiting up to `timeout_s` for one; asking confirms all below `offset`.

        Raises `Unreachable` (try again) or `ChannelError` (an operator must mend it).
        """
        try:
            answer = await self._api.call(
                "getUpdates",
                read_timeout_s=timeout_s + PATIENCE_S,
                offset=offset,
                timeout=int(timeout_s),
                limit=FETCHED,
                allowed_updates=list(ALLOWED_UPDATES),
            )
        except TelegramError as error:
            failure = spoken(error)
        else:
            return [update for update in answer if isinstance(update, Mapping)] if isinstance(answer, list) else []
        raise failure

    def parse(self, update: Mapping[str, Any]) -> Incoming | None:
        """What an update says; None when there is nothing in it for us. Never raises."""
        return self._reader.read(update)

    async def deliver(self, incoming: Incoming, outgoing: Outgoing) -> SendResult:
        return await self.channel.deliver(incoming, outgoing)

    async def send(self, address: str, reply: Reply) -> SendResult:
        return await self.channel.send(address, reply)

    async def answer(self, query: str, notice: Notice) -> SendResult:
        return await self.channel.answer(query, notice)

    async def ask(self, method: str, *, read_timeout_s: float, **params: Any) -> Any:
        """The raw `result` of one method. Raises `telegram.error.TelegramError`: for this room only."""
        return await self._api.call(method, read_timeout_s=read_timeout_s, **params)

    async def set_commands(self, commands: Commands) -> None:
        await set_commands(self._api, commands)

    async def get_me(self) -> Me:
        return await get_me(self._api)

    async def close(self) -> None:
        """Closes every connection; requests after it are known unsent."""
        await self._close()


async def connect(
    token: str,
    api_base_url: str = API_BASE_URL,
    *,
    request_factory: RequestFactory = lambda lane: AiohttpRequest(CONNECTIONS[lane]),
    once: bool = False,
    sleep: Sleep = asyncio.sleep,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> TelegramBot:
    """Opens the lanes and asks who we are, until an answer comes; with `once`, no answer is a `ChannelError` too.

    `api_base_url` is a server's root; `/bot<token>` and `/file/bot<token>` are appended. Raises `ChannelError` with
    one sentence, never with the token, when the server refuses it.
    """
    if TOKEN.fullmatch(token) is None:
        raise ChannelError(CHECK_TOKEN)
    root = api_base_url.rstrip("/")
    lanes = {lane: request_factory(lane) for lane in Lane}
    api = Api(
        token,
        base_url=lambda secret: f"{root}/bot{secret}",
        base_file_url=lambda secret: f"{root}/file/bot{secret}",
        request=lanes[Lane.REPLIES],
        get_updates_request=lanes[Lane.POLLING],
    )

    async def close() -> None:
        for request in lanes.values():
            await request.shutdown()

    try:
        for request in lanes.values():
            await request.initialize()
        me = await _first_contact(api, once, sleep)
    except BaseException:
        await close()
        raise
    return TelegramBot(api, me, close, sleep, clock)


async def get_me(api: Api) -> Me:
    """Who the token belongs to. Raises `Unreachable` or `ChannelError`."""
    try:
        answer = await api.call("getMe")
        return Me(int(answer["id"]), str(answer["username"]))
    except TelegramError as error:
        failure = spoken(error)
    except (LookupError, TypeError, ValueError):
        failure = ChannelError("The server at IMH_API_BASE_URL does not answer as Telegram's Bot API does.")
    raise failure


async def _first_contact(api: Api, once: bool, sleep: Sleep) -> Me:
    said, tries = "", 0
    while True:
        try:
            return await get_me(api)
        except Unreachable as error:
            sentence, asked_s = str(error), error.retry_after_s
        if once:
            raise ChannelError(sentence)
        if sentence != said:
            log.warning("%s Trying again until it answers.", sentence)
            said = sentence
        await sleep(asked_s or PAUSES_S[min(tries, len(PAUSES_S) - 1)])
        tries += 1
