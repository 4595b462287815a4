"""Files from a folder, brought to Telegram once: sent to the organiser who composes, and from then on known by id."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from telegram import InputFile
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.broadcast.announcement import LARGEST_FILE_BYTES, MediaKind, Medium
from bot.channels.telegram.bodies import METHODS
from bot.channels.telegram.connect import TelegramBot
from bot.channels.telegram.results import spoken
from bot.errors import BotError, UsageError

TAKES_S = 300.0
"""How long a file of the largest size may be on its way."""


def checked(paths: Sequence[Path]) -> None:
    """Raises UsageError for a file that cannot be read, is empty or is larger than a bot may upload."""
    for path in paths:
        try:
            size = path.stat().st_size
            with path.open("rb") as file:
                file.read(1)
        except OSError as error:
            raise UsageError(f"{path} cannot be read: {error.strerror}.") from None
        if size == 0:
            raise UsageError(f"{path} is empty.")
        if size > LARGEST_FILE_BYTES:
            raise UsageError(f"{path} has {size >> 20} MB: a bot uploads at most {LARGEST_FILE_BYTES >> 20} MB a file.")


async def upload(bot: TelegramBot, address: str, files: Sequence[tuple[MediaKind, Path]]) -> tuple[Medium, ...]:
    """Sends each file to a chat, without sound, and gives Telegram's ids of them. Raises one sentence."""
    checked([path for _, path in files])
    return tuple([await _upload_one(bot, address, kind, path) for kind, path in files])


async def _upload_one(bot: TelegramBot, address: str, kind: MediaKind, path: Path) -> Medium:
    content = await asyncio.to_thread(path.read_bytes)
    try:
        answer = await bot.ask(
            METHODS[kind],
            read_timeout_s=TAKES_S,
            chat_id=int(address),
            disable_notification=True,
            **{kind.value: InputFile(content, filename=path.name)},
        )
    except TelegramError as error:
        failure = _refusal(error, path)
    else:
        return Medium(kind, file_id=_id_of(answer, kind, path))
    raise failure


def _refusal(error: TelegramError, path: Path) -> BotError:
    if isinstance(error, Forbidden):
        return UsageError("Files are uploaded by sending them to you: write /start to the bot first.")
    if isinstance(error, BadRequest):
        return UsageError(f"Telegram does not take {path}: {error.message}.")
    return spoken(error)


def _id_of(answer: Any, kind: MediaKind, path: Path) -> str:
    """Telegram may make something else of a file, such as an animation of a document."""
    sent = answer.get(kind.value) if isinstance(answer, dict) else None
    largest = sent[-1] if isinstance(sent, list) and sent else sent
    if not isinstance(largest, dict) or not isinstance(largest.get("file_id"), str):
        raise UsageError(f"Telegram does not take {path} as a {kind.value}.")
    return str(largest["file_id"])
