"""The lane of announcements: connections of its own, so that no reply waits behind a broadcast. Used by `delivery`.

The body is encoded once for all readers of a language and only the chat id put in; of an answer only the message ids
are read. What failed is classified by the same table as every other send.
"""

import json
from typing import Any

import aiohttp
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, TelegramError

from bot.broadcast.announcement import Content
from bot.broadcast.broadcast import Claim
from bot.channels.telegram.bodies import Body, NotUploaded, Stop, encode
from bot.channels.telegram.connect import API_BASE_URL, TOKEN
from bot.channels.telegram.request import NotSent, Reason, checked, failure_of
from bot.channels.telegram.results import CHECK_TOKEN, classify
from bot.errors import ChannelError
from bot.messaging import Delivered, SendResult

HEADERS = {"User-Agent": "imh-bot", "Content-Type": "application/json"}
REFUSALS: dict[int, type[TelegramError]] = {400: BadRequest, 401: InvalidToken, 403: Forbidden, 404: InvalidToken}
"""As the library has it; any other status leaves open what happened."""
UNREADABLE = SendResult(Delivered.UNCERTAIN, error="the answer could not be read")


class Lane:
    """Posts announcements. Whoever calls bounds how many are in flight; times in seconds.

    `api_base_url` is a server's root. Raises `ChannelError`, without the token, for one that cannot be one.
    """

    def __init__(
        self,
        token: str,
        stop: Stop,
        api_base_url: str = API_BASE_URL,
        *,
        connect_timeout_s: float = 5.0,
        read_timeout_s: float = 8.0,
    ) -> None:
        if TOKEN.fullmatch(token) is None:
            raise ChannelError(CHECK_TOKEN)
        self._secret = token
        self._root = f"{api_base_url.rstrip('/')}/bot{token}/"
        self._stop = stop
        self._limit = aiohttp.ClientTimeout(
            total=connect_timeout_s + read_timeout_s, connect=connect_timeout_s, sock_read=read_timeout_s
        )
        self._session: aiohttp.ClientSession | None = None
        self._content: Content | None = None
        self._bodies: dict[str | None, Body] = {}

    async def open(self) -> None:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0), cookie_jar=aiohttp.DummyCookieJar(), headers=HEADERS
            )

    async def close(self) -> None:
        """Posts after this are known unsent."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def post(self, content: Content, claim: Claim) -> SendResult:
        """Sends one announcement to one reader. Never raises but for cancellation."""
        if self._session is None:
            return classify(NotSent(Reason.CLOSED))
        try:
            body = self._encoded(content, claim.language)
        except NotUploaded as error:
            return SendResult(Delivered.FAILED, error=str(error))
        try:
            async with self._session.post(
                self._root + body.method, data=body.to(claim.address), timeout=self._limit, allow_redirects=False
            ) as answer:
                status, said = answer.status, await answer.read()
        except Exception as error:  # noqa: BLE001 - any of them may quote the address, which holds the token
            return classify(failure_of(error))
        return read(status, said, self._secret)

    def _encoded(self, content: Content, language: str | None) -> Body:
        if content is not self._content:
            self._content, self._bodies = content, {}
        if language not in self._bodies:
            self._bodies[language] = encode(content, self._stop, language)
        return self._bodies[language]


def read(status: int, body: bytes, secret: str) -> SendResult:
    """What an answer says; a refusal's reason keeps neither `secret` nor anything but its description."""
    ids = message_ids(body) if status == 200 else ()
    if ids:
        return SendResult(Delivered.SENT, ids)
    try:
        status, body = checked(status, body, secret)
    except NetworkError as error:
        return classify(error)
    return classify(_refusal(status, json.loads(body))) if status >= 300 else UNREADABLE


def message_ids(body: bytes) -> tuple[str, ...]:
    """Of the messages that an answer says were sent; none where it says anything else."""
    try:
        answer = json.loads(body)
    except ValueError:
        return ()
    result = answer.get("result") if isinstance(answer, dict) and answer.get("ok") is not False else None
    messages = result if isinstance(result, list) else [result]
    ids = [one.get("message_id") if isinstance(one, dict) else None for one in messages]
    return tuple(map(str, ids)) if all(isinstance(id, int) for id in ids) else ()


def _refusal(status: int, answer: dict[str, Any]) -> TelegramError:
    if "parameters" in answer:
        return ChatMigrated(answer["parameters"]["migrate_to_chat_id"])
    return REFUSALS.get(status, NetworkError)(answer["description"])
