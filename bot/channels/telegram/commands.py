"""The list of commands that Telegram shows beside the text field, by language and kind of chat. Set once at start."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeDefault,
)
from telegram.error import TelegramError

from bot.channels.telegram.api import Api
from bot.channels.telegram.results import classify

Commands = Mapping[str | None, Sequence[tuple[str, str]]]
"""Two-letter language, or None for everyone else -> (command without slash, description) in the order shown."""
SCOPES: tuple[BotCommandScope, ...] = (
    BotCommandScopeDefault(),
    BotCommandScopeAllPrivateChats(),
    BotCommandScopeAllGroupChats(),
)

log = logging.getLogger(__name__)


async def set_commands(api: Api, commands: Commands) -> None:
    """Makes the lists at Telegram equal to `commands`, asking first. A server that refuses is a warning: the bot works
    without."""
    for language, listed in commands.items():
        wanted = [BotCommand(command, description).to_dict() for command, description in listed]
        for scope in SCOPES:
            where: dict[str, Any] = {"scope": scope, "language_code": language}
            try:
                if await api.call("getMyCommands", **where) != wanted:
                    await api.call("setMyCommands", commands=wanted, **where)
            except TelegramError as error:
                log.warning("The list of commands was not set: %s.", classify(error).error)
                return
