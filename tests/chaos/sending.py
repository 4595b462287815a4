"""The process that sends, made as `bot.assembly.announcing` makes it but for the knowledge and the night's rest; killed
and started again by `campaign`.

It leads under one name on both databases. With a name of its own, as on PostgreSQL, each one that follows a kill would
first wait until the dead one has been silent for long enough.
"""

import asyncio
import gc
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.broadcast.broadcast import Broadcast
from bot.channels.telegram.bodies import Stop
from bot.channels.telegram.lane import Lane
from bot.channels.telegram.results import TOKEN_REFUSED
from bot.delivery import Runner, Sender, outcomes
from bot.storage import ProcessLock, Store, open_store

CHANNEL = "telegram"
STOP = Stop(lambda _language: "Stop", "action:opt-out", "https://t.me/stand_in_bot?start=stop")


@dataclass(frozen=True, slots=True)
class Setup:
    """Everything a sending process is told. Times in seconds."""

    url: str
    key: Path
    api: str
    token: str
    rate: float = 1_000.0
    in_flight: int = 32
    connect_timeout_s: float = 1.0
    read_timeout_s: float = 1.0
    first_pause_s: float = outcomes.FIRST_PAUSE.total_seconds()
    """Before what was certainly not sent is tried again."""


def main(setup: Setup) -> None:
    """Sends until SIGTERM, then drains."""
    outcomes.FIRST_PAUSE = timedelta(seconds=setup.first_pause_s)
    # As the bot's own processes: a full collection of everything that was imported stops sending for 150 ms.
    gc.freeze()
    with ProcessLock(setup.url):
        store = open_store(setup.url, setup.key, migrate=False)
        try:
            asyncio.run(_send(setup, store))
        finally:
            store.close()


async def _send(setup: Setup, store: Store) -> None:
    lane = lane_of(setup)
    runner = runner_of(store, lane, setup)
    await lane.open()
    try:
        running = asyncio.create_task(runner.run())
        draining: list[asyncio.Task[None]] = []
        stop = lambda: draining.append(asyncio.create_task(runner.drain()))  # noqa: E731 - a signal's handler
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop)
        await running
        await asyncio.gather(*draining)
    finally:
        await lane.close()


def lane_of(setup: Setup) -> Lane:
    timeouts = {"connect_timeout_s": setup.connect_timeout_s, "read_timeout_s": setup.read_timeout_s}
    return Lane(setup.token, STOP, setup.api, **timeouts)


def runner_of(store: Store, lane: Lane, setup: Setup) -> Runner:
    ledger = store.ledger(CHANNEL)
    sender = Sender(
        ledger,
        lane.post,
        rate=setup.rate,
        token_refused=TOKEN_REFUSED,
        tell=_tell,
        asleep=_awake,
        clock=_now,
        monotonic=time.monotonic,
        in_flight=setup.in_flight,
    )
    return Runner(ledger, sender, holder="the one that is killed", tell=_tell, clock=_now)


def _now() -> datetime:
    return datetime.now(UTC)


def _awake(_now: datetime) -> Mapping[str | None, datetime]:
    return {}


async def _tell(_broadcast: Broadcast, _sentence: str) -> None:
    """The ledger keeps why something paused."""
