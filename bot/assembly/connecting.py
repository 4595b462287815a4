"""What every process that talks to Telegram needs: the present, an end by signal, and connections that are closed."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from bot.channels.telegram.connect import TelegramBot


def utc_now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def closing(bot: TelegramBot) -> AsyncIterator[TelegramBot]:
    try:
        yield bot
    finally:
        await bot.close()


async def await_unless(stop: asyncio.Event, task: "asyncio.Task[object]") -> bool:
    """Wait for the task, or for `stop`; False when stopped first. Raises what the task raised. It is not cancelled."""
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if task.done():
        task.result()
        return True
    return False


def on_signals(stop: Callable[[], None]) -> None:
    loop = asyncio.get_running_loop()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(RuntimeError):  # some systems' loops know no signals; Ctrl-C still ends them
            loop.add_signal_handler(signal_number, stop)
