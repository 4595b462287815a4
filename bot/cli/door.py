"""What every command needs at its door: settings with logging, what to read from, and where to print."""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import IO, Annotated

import typer

from bot.errors import UsageError
from bot.settings import Settings, load_settings

NOISY = ("aiohttp.access", "alembic", "asyncio", "httpcore", "httpx", "telegram", "watchfiles")
"""Their lines name addresses, and with them the token, at INFO."""

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def settings_at_door() -> Settings:
    """Settings, and logging as they ask for it."""
    settings = load_settings()
    logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(message)s")
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
    return settings


def today() -> date:
    return date.today()  # noqa: DTZ011 - the editor's own day


def write(text: str) -> None:
    """A line of output. Raises `UsageError` when it has no room; that its reader has gone is dealt with by the door."""
    # Half a surrogate pair has no UTF-8; escaped, JSON still says what was asked.
    text = text.encode(errors="backslashreplace").decode()
    try:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        # What is still in the buffer must not fail again when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise UsageError(f"The output cannot be written: {error.strerror}.") from None


@contextmanager
def opened(name: str) -> Iterator[IO[bytes]]:
    """A file to read, or standard input for -."""
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        file = Path(name).open("rb")  # noqa: SIM115 - closed below; only its opening is ours to explain
    except OSError as error:
        raise UsageError(f"{name} cannot be read: {error.strerror}.") from None
    with file:
        yield file


@contextmanager
def new_private_file(path: Path) -> Iterator[IO[str]]:
    """A new file that only its owner may read: it names people's chats. Nothing that is there is overwritten."""
    try:
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise UsageError(f"{path} is there already: name a new file.") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from None
    try:
        with os.fdopen(number, "w", encoding="utf-8", newline="") as file:
            yield file
    except OSError as error:
        path.unlink(missing_ok=True)
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from None
