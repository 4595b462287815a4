"""Pushing updates to the bot's own server, as Telegram does after `setWebhook`; loopback addresses only.

Updates of one chat go out one after the other, those of different chats side by side, up to `max_connections`. An
answer in the 200s confirms an update; anything else is tried again after a pause. `World` owns one `Webhook`.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.sandbox.refusals import Refusal, bad_request, conflict
from bot.sandbox.updates import Sleep, UpdateQueue

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
ANSWER_WITHIN_S = 60.0
PAUSES_S = (1.0, 2.0, 5.0, 10.0)
"""Seconds before each further try; the last one repeats."""
MAX_CONNECTIONS = 40

CallBack = Callable[[str, Mapping[str, object]], Awaitable[object]]


class Webhook:
    """Where updates are pushed, and the task that pushes them."""

    def __init__(self, updates: UpdateQueue, sleep: Sleep) -> None:
        self._updates = updates
        self._sleep = sleep
        self._secret: str | None = None
        self._last_error: tuple[int, str] | None = None
        self._in_hand: dict[int, asyncio.Task[None]] = {}
        self._busy_chats: set[int] = set()
        self._session: ClientSession | None = None
        self.url = ""
        self.max_connections = MAX_CONNECTIONS
        self.call_back: CallBack | None = None
        """Runs a method that the bot put into its answer to an update."""
        updates.listen(self._pump)

    def check_polling(self) -> None:
        """Raises `Refusal` 409 while a webhook is set: polling and pushing exclude each other."""
        if self.url:
            raise conflict(
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            )

    def set(self, values: Mapping[str, Any]) -> bool:
        """`setWebhook`; an empty url removes it."""
        url = values["url"]
        if url:
            _check_url(url)
        secret = values.get("secret_token")
        if secret is not None and not all(sign.isascii() and (sign.isalnum() or sign in "_-") for sign in secret):
            raise bad_request("secret token contains unallowed characters")
        if "allowed_updates" in values:
            self._updates.allow(values["allowed_updates"])
        if values.get("drop_pending_updates"):
            self._updates.drop()
        self.url, self._secret = url, secret
        self.max_connections = values.get("max_connections", MAX_CONNECTIONS)
        self._last_error = None
        if url:
            self._updates.interrupt()
        self._pump()
        return True

    def delete(self, values: Mapping[str, Any]) -> bool:
        """`deleteWebhook`."""
        self.url, self._secret, self._last_error = "", None, None
        if values.get("drop_pending_updates"):
            self._updates.drop()
        return True

    def info(self) -> dict[str, Any]:
        """The Bot API's `WebhookInfo`."""
        info: dict[str, Any] = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates.pending()),
        }
        if self.url:
            info["max_connections"] = self.max_connections
        if self._last_error is not None:
            info["last_error_date"], info["last_error_message"] = self._last_error
        if self._updates.allowed:
            info["allowed_updates"] = self._updates.allowed
        return info

    async def idle(self) -> None:
        """Until no update is being pushed or waits to be tried again."""
        while self._in_hand:
            await asyncio.wait(set(self._in_hand.values()))

    async def close(self) -> None:
        """Stops pushing and closes the connections."""
        self.url = ""
        tasks = list(self._in_hand.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _pump(self) -> None:
        if not self.url:
            return
        blocked = set(self._busy_chats)
        for update in self._updates.pending():
            if len(self._in_hand) >= self.max_connections:
                return
            update_id, lane = update["update_id"], _lane(update)
            if update_id in self._in_hand or lane in blocked:
                continue
            blocked.add(lane)
            self._busy_chats.add(lane)
            task = asyncio.get_running_loop().create_task(self._push(update))
            self._in_hand[update_id] = task

    async def _push(self, update: dict[str, Any]) -> None:
        update_id, tries = update["update_id"], 0
        try:
            while self.url and not await self._try(update):
                await self._sleep(PAUSES_S[min(tries, len(PAUSES_S) - 1)])
                tries += 1
        finally:
            del self._in_hand[update_id]
            self._busy_chats.discard(_lane(update))
        self._pump()

    async def _try(self, update: dict[str, Any]) -> bool:
        if self._session is None:
            self._session = ClientSession(timeout=ClientTimeout(total=ANSWER_WITHIN_S))
        headers = {SECRET_HEADER: self._secret} if self._secret else {}
        try:
            async with self._session.post(self.url, json=update, headers=headers) as answer:
                body, status = await answer.read(), answer.status
        except (ClientError, TimeoutError, OSError):
            self._last_error = (self._updates.now(), "Connection failed")
            return False
        if not 200 <= status < 300:
            self._last_error = (self._updates.now(), f"Wrong response from the webhook: {status}")
            return False
        self._updates.done(update["update_id"])
        await self._run_answer(body)
        return True

    async def _run_answer(self, body: bytes) -> None:
        try:
            answer = json.loads(body)
        except ValueError:
            return
        if isinstance(answer, dict) and isinstance(answer.get("method"), str) and self.call_back is not None:
            method = answer.pop("method")
            try:
                await self.call_back(method, answer)
            except Refusal as refusal:
                self._last_error = (self._updates.now(), refusal.description)


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        raise bad_request("bad webhook: invalid URL specified") from None
    if parts.scheme not in ("http", "https") or not host:
        raise bad_request("bad webhook: an HTTPS URL must be provided for webhook")
    if host not in LOOPBACK:
        raise bad_request("bad webhook: the stand-in calls loopback addresses only")


def _lane(update: Mapping[str, Any]) -> int:
    """The chat, else the person, that an update belongs to; updates of one lane keep their order."""
    payload: Mapping[str, Any] = next((value for key, value in update.items() if key != "update_id"), {})
    for holder in (payload, payload.get("message") or {}):
        for key in ("chat", "from", "user"):
            if isinstance(holder.get(key), dict) and "id" in holder[key]:
                return int(holder[key]["id"])
    return 0
