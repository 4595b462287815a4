"""One measured run: a server process, a sending process, and what the second one spent."""

import asyncio
import gc
import resource
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib.util import find_spec
from multiprocessing.connection import Connection
from pathlib import Path

from bot.storage import open_store
from tests.benchmarks.clients import CLIENTS
from tests.chaos import sending
from tests.chaos.campaign import TEXT
from tests.chaos.databases import chats, fill, scheduled
from tests.chaos.stand_in import PROCESSES, TOKEN, Arrivals, serving


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run did and what it took."""

    messages: int
    wall_s: float
    """From the first message's arrival to the last one's."""
    cpu_s: float
    """Of the sending process alone: user and system."""
    peak: int
    """Most arrivals in any one second."""

    @property
    def per_second(self) -> float:
        return (self.messages - 1) / self.wall_s

    @property
    def micros(self) -> float:
        return self.cpu_s / self.messages * 1e6

    @property
    def cores(self) -> float:
        return self.cpu_s / self.wall_s


def ours(url: str, folder: Path, messages: int, delay_s: float, rate: float, in_flight: int) -> Cost:
    """The whole pipeline with its ledger, from the snapshot to "finished"."""
    key = folder / "key"
    store = open_store(url, key)
    try:
        fill(store, messages)
        id = scheduled(store.ledger(sending.CHANNEL), TEXT)
    finally:
        store.close()

    def setup(api: str) -> sending.Setup:
        return sending.Setup(url, key, api, TOKEN, rate, in_flight, connect_timeout_s=5.0, read_timeout_s=8.0)

    return _measured(folder, delay_s, lambda api: (_send_ours, (setup(api), id)))


def other(name: str, delay_s: float) -> Cost | None:
    """None where it is not installed."""
    if find_spec(CLIENTS[name].needs) is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        return _measured(Path(folder), delay_s, lambda api: (_send_other, (name, api)))


Sending = tuple[Callable[..., Awaitable[None]], tuple[object, ...]]


def _measured(folder: Path, delay_s: float, sending_to: Callable[[str], Sending]) -> Cost:
    arrivals = Arrivals.under(folder)
    with serving(None, delay_s, arrivals) as api:
        ours_end, theirs = PROCESSES.Pipe()
        process = PROCESSES.Process(target=_main, args=(theirs, *sending_to(api)), daemon=True)
        process.start()
        theirs.close()
        cpu_s: float = ours_end.recv()
        process.join()
    times = [at for _, at in arrivals.read()]
    return Cost(len(times), times[-1] - times[0], cpu_s, busiest_second(times))


def busiest_second(times: list[float]) -> int:
    first = most = 0
    for last, at in enumerate(times):
        while at - times[first] >= 1:
            first += 1
        most = max(most, last - first + 1)
    return most


def _main(answer: Connection, send: Callable[..., Awaitable[None]], given: tuple[object, ...]) -> None:
    gc.freeze()
    before = _cpu_s()
    asyncio.run(send(*given))  # type: ignore[arg-type]
    answer.send(_cpu_s() - before)


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


async def _send_ours(setup: sending.Setup, id: int) -> None:
    store = open_store(setup.url, setup.key, migrate=False)
    lane = sending.lane_of(setup)
    ledger = store.ledger(sending.CHANNEL)
    runner = sending.runner_of(store, lane, setup)
    await lane.open()
    running = asyncio.create_task(runner.run())
    while not running.done() and not await asyncio.to_thread(lambda: ledger.get(id).finished_at):  # noqa: ASYNC110
        await asyncio.sleep(0.5)
    await runner.drain()
    await running
    await lane.close()
    store.close()


async def _send_other(name: str, api: str) -> None:
    client = CLIENTS[name]
    await client.send(api, chats(client.messages), client.in_flight)
