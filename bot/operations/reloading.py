"""Takes up changed knowledge files while the bot runs: a new base is swapped in whole, or the last good one stays.

Started by `assembly`, which hands in how to build; nothing here knows what is built.
"""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from watchfiles import awatch

from bot.errors import BotError

Value = TypeVar("Value")

QUIET_MS = 500
"""Editors write files in steps; a change counts once nothing more changes for this long."""

log = logging.getLogger(__name__)


class Current(Generic[Value]):
    """The value in use. Readers call it; it changes in one assignment, never in part."""

    def __init__(self, build: Callable[[], Value]) -> None:
        """Builds the first value; raises what `build` raises, since there is no good one to keep yet."""
        self._build = build
        self._value = build()
        self.problem: str | None = None
        """Why the newest state of the files is not in use; None when it is."""

    def __call__(self) -> Value:
        return self._value

    def reload(self) -> bool:
        """Build anew; on any failure keep the last good value and say why. True when the new value is in use."""
        try:
            value = self._build()
        except BotError as error:
            self.problem = str(error)
        except Exception as error:  # noqa: BLE001 - a reload must never take the running bot down
            self.problem = f"unexpected {type(error).__name__} while building"
        else:
            self._value, self.problem = value, None
            log.info("The changed knowledge base is in use.")
            return True
        log.error("The knowledge base was not taken up; the last good one stays in use.\n%s", self.problem)
        return False


async def watch(folder: Path, current: Current[Value], stop: asyncio.Event) -> None:
    """Reload after each change below `folder` until `stop` is set. A folder that cannot be watched is one log line."""
    try:
        async for _ in awatch(folder, stop_event=stop, step=QUIET_MS):
            await asyncio.to_thread(current.reload)
    except (OSError, RuntimeError) as error:
        log.error(
            "Changed knowledge files are not taken up until the next start: the folder cannot be watched (%s).",
            type(error).__name__,
        )
