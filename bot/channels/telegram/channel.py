"""Sending: a `Reply` becomes messages or an edit, a `Notice` the answer to a press. Implements `messaging.Channel`.

Only what is known unsent is tried again here; what may have arrived is reported and left alone.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from telegram.error import TelegramError

from bot.broadcast.announcement import content_of
from bot.channels.telegram.api import Api
from bot.channels.telegram.bodies import NotUploaded, Stop, encode
from bot.channels.telegram.rendering import NO_PREVIEW, NOTICE_UNITS, Part, clean, render, shorten
from bot.channels.telegram.results import TOKEN_REFUSED, classify
from bot.messaging import Announced, Delivered, Elsewhere, Incoming, Notice, Outgoing, Press, Reply, SendResult

PAUSES_S = (0.5, 1.0, 2.0)
"""Pauses before the second, third and fourth try of a request that was certainly not sent."""
LONGEST_WAIT_S = 60.0
"""A 429 that asks for more is handed back instead of waited for."""
NOT_MODIFIED = "message is not modified"
NOT_EDITABLE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "there is no text in the message",
)
"""Telegram's reasons, in lower case, why the words must come as a new message instead."""
EXPIRED = ("query is too old", "query id is invalid", "query_id_invalid")
"""The press was answered before, or is older than Telegram remembers: nobody waits for it any more."""

Sleep = Callable[[float], Awaitable[None]]


class TelegramChannel:
    """Speaks to people through `api`; `sleep` (seconds) is waited between tries."""

    def __init__(self, api: Api, sleep: Sleep = asyncio.sleep) -> None:
        self._api = api
        self._sleep = sleep
        self.stop: Stop | None = None
        """What stands under every announcement; without it none is shown to its makers either."""

    async def deliver(self, incoming: Incoming, outgoing: Outgoing) -> SendResult:
        """Sends one thing in answer to `incoming`; a notice without a press has nowhere to appear and is dropped."""
        address = incoming.sender.address
        if isinstance(outgoing, Elsewhere):
            address, outgoing = outgoing.address, outgoing.outgoing
        if isinstance(outgoing, Reply):
            return await self.send(address, outgoing)
        if isinstance(outgoing, Announced):
            return await self.show(address, outgoing)
        if isinstance(incoming.content, Press) and incoming.content.query is not None:
            return await self.answer(incoming.content.query, outgoing)
        return SendResult(Delivered.SENT)

    async def send(self, address: str, reply: Reply) -> SendResult:
        """Sends or edits; `message_ids` are those of all its messages. A chat that moved is followed at once.

        When a later part fails after an earlier one arrived the result is UNCERTAIN, so that nobody sends it all again.
        Raises `ValueError` for a reply without words.
        """
        parts = render(reply)
        result = await self._send_parts(address, parts, reply.edits)
        if result.migrated_to is None:
            return result
        moved = await self._send_parts(result.migrated_to, parts, None)
        return replace(moved, migrated_to=result.migrated_to)

    async def show(self, address: str, announced: Announced) -> SendResult:
        """Sends an announcement to one of its makers, by the same body as to its readers."""
        if self.stop is None:
            return SendResult(Delivered.FAILED, error="announcements have no way out yet")
        try:
            body = encode(content_of(announced.content), self.stop, None)
        except NotUploaded as error:
            return SendResult(Delivered.FAILED, error=str(error))
        return await self._ask(body.method, **json.loads(body.to(address)))

    async def answer(self, query: str, notice: Notice) -> SendResult:
        """Ends the waiting of a pressed button, with words or (an empty notice) without."""
        words = shorten(clean(notice.text), NOTICE_UNITS) or None
        result = await self._ask("answerCallbackQuery", callback_query_id=query, text=words)
        return SendResult(Delivered.SENT) if _says(result, EXPIRED) else result

    async def _send_parts(self, address: str, parts: tuple[Part, ...], edits: str | None) -> SendResult:
        sent: tuple[str, ...] = ()
        for part in parts:
            result = await self._send_part(address, part, None if sent else edits)
            sent += result.message_ids
            if result.outcome is not Delivered.SENT:
                known = result.outcome if not sent else Delivered.UNCERTAIN
                return replace(result, outcome=known, message_ids=sent)
        return SendResult(Delivered.SENT, sent)

    async def _send_part(self, address: str, part: Part, edits: str | None) -> SendResult:
        message: dict[str, Any] = {
            "chat_id": int(address),
            "text": part.markup,
            "parse_mode": "HTML",
            "link_preview_options": NO_PREVIEW,
            "reply_markup": part.keyboard,
        }
        if edits is not None:
            result = await self._ask("editMessageText", message_id=int(edits), **message)
            if result.outcome is Delivered.SENT or _says(result, (NOT_MODIFIED,)):
                return SendResult(Delivered.SENT, (edits,))
            if not _says(result, NOT_EDITABLE):
                return result
        return await self._ask("sendMessage", **message)

    async def _ask(self, method: str, **params: Any) -> SendResult:
        result = await self._ask_once(method, params)
        for pause_s in PAUSES_S:
            wait_s = result.retry_after_s or pause_s
            if not _worth_waiting(result, wait_s):
                break
            await self._sleep(wait_s)
            result = await self._ask_once(method, params)
        return result

    async def _ask_once(self, method: str, params: Mapping[str, Any]) -> SendResult:
        try:
            return _sent(method, await self._api.call(method, **params))
        except TelegramError as error:
            return classify(error)


def _sent(method: str, answer: object) -> SendResult:
    if not method.startswith("send"):
        return SendResult(Delivered.SENT)
    messages = answer if isinstance(answer, list) and answer else [answer]
    ids = [message.get("message_id") if isinstance(message, dict) else None for message in messages]
    if not all(isinstance(id, int) for id in ids):
        return SendResult(Delivered.UNCERTAIN, error="the answer could not be read")
    return SendResult(Delivered.SENT, tuple(map(str, ids)))


def _worth_waiting(result: SendResult, wait_s: float) -> bool:
    mends_itself = result.error != TOKEN_REFUSED and result.migrated_to is None
    return result.outcome is Delivered.UNSENT and mends_itself and wait_s <= LONGEST_WAIT_S


def _says(result: SendResult, reasons: tuple[str, ...]) -> bool:
    return result.outcome is Delivered.FAILED and any(reason in (result.error or "").lower() for reason in reasons)
