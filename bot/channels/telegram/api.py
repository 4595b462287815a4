"""Telegram's methods by name, with raw answers. Used by everything in this room that asks Telegram for something.

python-telegram-bot 22.8 speaks Bot API 10.0 and the servers speak 10.1: answers stay dicts, so that a field or type the
library does not know yet can neither lose an update nor make a sent message look unsent.
"""

import logging
from typing import Any

import telegram

_quiet = logging.getLogger("bot.channels.telegram.library")
# The library writes the address with the token, and what people wrote, at DEBUG.
_quiet.addFilter(lambda record: record.levelno >= logging.WARNING)


class Api(telegram.Bot):
    """The library's bot without the ways in which it tells its token or people's words."""

    _LOGGER = _quiet
    __slots__ = ()

    def __repr__(self) -> str:
        return "Api[]"

    def _insert_defaults(self, data: dict[str, object]) -> None:
        """Parameters are sent as they are: the library would take an album's plain values for types of its own."""

    async def call(self, method: str, *, read_timeout_s: float | None = None, **params: Any) -> Any:
        """The `result` of one method; parameters that are None are left out.

        Raises `telegram.error.TelegramError`: a refusal by the server, or one of the three errors of `request`.
        """
        if read_timeout_s is None:
            return await self._post(method, params)
        return await self._post(method, params, read_timeout=read_timeout_s)
