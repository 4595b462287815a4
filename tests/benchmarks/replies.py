"""How long somebody waits for an answer while an announcement goes out, from the same process and the same database."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from multiprocessing.connection import Connection
from pathlib import Path

from bot.assembly import House, house, running
from bot.assembly.connecting import closing
from bot.channels.telegram.connect import connect
from bot.channels.telegram.request import InProcessRequest
from bot.sandbox.world import World
from bot.settings import Settings
from tests.benchmarks.pipelines import busiest_second
from tests.chaos import sending
from tests.chaos.campaign import TEXT
from tests.chaos.databases import fill, scheduled
from tests.chaos.stand_in import PROCESSES, TOKEN, Arrivals, serving

QUESTIONS = ("my baby cries all evening", "how do I play with a newborn", "what is bonding", "when is the week")
ASKED = 120
EVERY_S = 0.1
LOOKS_S = 0.001


def measured(rate: float | None) -> tuple[list[float], int]:
    """Seconds to each answer, in order of size, and the busiest second of the announcement sent at `rate` meanwhile."""
    with tempfile.TemporaryDirectory() as folder:
        arrivals = Arrivals.under(Path(folder))
        with serving(None, 0.06, arrivals) as api:
            ours, theirs = PROCESSES.Pipe()
            process = PROCESSES.Process(target=_main, args=(theirs, Path(folder), api, rate), daemon=True)
            process.start()
            theirs.close()
            waits: list[float] = ours.recv()
            process.join()
        return sorted(waits), busiest_second([at for _, at in arrivals.read()])


def _main(answer: Connection, folder: Path, api: str, rate: float | None) -> None:
    answer.send(asyncio.run(_ask(folder, api, rate)))


async def _ask(folder: Path, api: str, rate: float | None) -> list[float]:
    settings = Settings(database_url=f"sqlite:///{folder}/imh.db", secret_key_file=folder / "key", _env_file=None)
    world = World()
    with house(settings) as open_house:
        bot = await connect(world.token, request_factory=lambda _: InProcessRequest(world.call), once=True)
        async with running(open_house, lambda: closing(bot)), _announcing(open_house, settings, api, rate):
            waits = [await _wait(world, number) for number in range(ASKED)]
    await world.close()
    return waits


@asynccontextmanager
async def _announcing(open_house: House, settings: Settings, api: str, rate: float | None) -> AsyncIterator[None]:
    if rate is None:
        yield
        return
    setup = sending.Setup(settings.database_url, settings.key_file(), api, TOKEN, rate, in_flight=256)
    fill(open_house.store, round(rate * ASKED * EVERY_S * 4))
    scheduled(open_house.store.ledger(sending.CHANNEL), TEXT)
    lane = sending.lane_of(setup)
    runner = sending.runner_of(open_house.store, lane, setup)
    await lane.open()
    task = asyncio.create_task(runner.run())
    await asyncio.sleep(3)
    try:
        yield
    finally:
        await runner.drain()
        await task
        await lane.close()


async def _wait(world: World, number: int) -> float:
    person = world.add_person(f"Robin {number}")
    before = len(world.sees(person))
    began = time.monotonic()
    await world.says(person, QUESTIONS[number % len(QUESTIONS)])
    while not any(message.from_bot for message in world.sees(person)[before:]):  # noqa: ASYNC110
        await asyncio.sleep(LOOKS_S)
    took_s = time.monotonic() - began
    await asyncio.sleep(EVERY_S)
    return took_s
