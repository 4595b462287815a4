"""One announcement under fire, from its start to its end: who is started, killed, told to stop, and what is left."""

import os
import random
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from multiprocessing.process import BaseProcess
from pathlib import Path

from bot.broadcast.announcement import Announcement, Content, MediaKind, Medium
from bot.broadcast.states import BroadcastState
from bot.storage import Store, open_store
from tests.chaos import sending
from tests.chaos.databases import chats, fill, in_hand, scheduled
from tests.chaos.plan import Faults
from tests.chaos.stand_in import PROCESSES, TOKEN, Arrivals, serving
from tests.chaos.verdict import Run

TEXT = Announcement(Content("The week begins on Monday. " * 6, buttons=(("Programme", "https://example.org/"),)))
PHOTO = Announcement(Content("The week begins on Monday.", media=(Medium(MediaKind.PHOTO, file_id="AgAC"),)))
LOOK_S = 0.002
AT_START_SHARE = 0.15
"""So many of the kills hit a process that has only just been started."""
STARTS_WITHIN_S = 0.6
PATIENCE_S = 1_200.0
STOPPED = (BroadcastState.FINISHED, BroadcastState.PAUSED, BroadcastState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Campaign:
    """What to do. `kills` are SIGKILL and `stops` SIGTERM; they come while messages go out."""

    url: str
    folder: Path
    recipients: int
    faults: Faults
    kills: int = 0
    stops: int = 0
    announcement: Announcement = TEXT
    delay_s: float = 0.02
    setup: dict[str, float] = field(default_factory=dict)
    """Fields of `sending.Setup` that differ."""
    says: Callable[[str], None] = lambda _line: None


def run(campaign: Campaign) -> Run:
    """Takes as long as it takes; what was not finished by then is seen in the state."""
    began = time.monotonic()
    key = campaign.folder / "key"
    arrivals = Arrivals.under(campaign.folder)
    store = open_store(campaign.url, key)
    try:
        fill(store, campaign.recipients)
        ledger = store.ledger(sending.CHANNEL)
        id = scheduled(ledger, campaign.announcement)
        with serving(campaign.faults, campaign.delay_s, arrivals) as api:
            setup = replace(sending.Setup(campaign.url, key, api, TOKEN), **campaign.setup)  # type: ignore[arg-type]
            left, drained_s = _under_fire(campaign, setup, store, id, arrivals)
            with _sender(setup) as process:
                _until(lambda: ledger.get(id).state in STOPPED or not process.is_alive(), began, 0.05)
                drained_s = [*drained_s, _stop(process)]
        return Run(
            chats=[str(chat) for chat in chats(campaign.recipients)],
            recipients=list(ledger.recipients(id)),
            arrived=[chat for chat, _ in arrivals.read()],
            fates=arrivals.fates(),
            in_hand=left,
            state=ledger.get(id).state,
            took_s=time.monotonic() - began,
            drained_s=drained_s,
        )
    finally:
        store.close()


def _under_fire(
    campaign: Campaign, setup: sending.Setup, store: Store, id: int, arrivals: Arrivals
) -> tuple[Sequence[int], Sequence[float]]:
    """Deliveries in hand after each kill, and seconds that each stop took."""
    drawn = random.Random(campaign.faults.seed)
    blows = [signal.SIGKILL] * campaign.kills + [signal.SIGTERM] * campaign.stops
    drawn.shuffle(blows)
    # Spread over the messages that are sure to arrive, so that no blow falls after the end.
    marks = sorted(drawn.uniform(0, 0.8 * campaign.recipients) for _ in blows)
    left, drained_s = [], []
    for blow, mark in zip(blows, marks, strict=True):
        at_start = drawn.random() < AT_START_SHARE
        wait_s = drawn.uniform(0, STARTS_WITHIN_S if at_start else 0.05)
        with _sender(setup) as process:
            if not at_start:
                _until(_reached(arrivals, mark, process), time.monotonic(), LOOK_S)
            time.sleep(wait_s)
            if blow is signal.SIGTERM:
                drained_s.append(_stop(process))
            else:
                os.kill(process.pid or 0, blow)
                process.join()
        left += [] if blow is signal.SIGTERM else [in_hand(store, id)]
        campaign.says(f"{len(left) + len(drained_s)} of {len(blows)}: {arrivals.count()} messages have arrived")
    return left, drained_s


def _reached(arrivals: Arrivals, mark: float, process: BaseProcess) -> Callable[[], bool]:
    return lambda: arrivals.count() > mark or not process.is_alive()


def _stop(process: BaseProcess) -> float:
    """Asks it to end; seconds until it has."""
    began = time.monotonic()
    process.terminate()
    process.join(30)
    return time.monotonic() - began


@contextmanager
def _sender(setup: sending.Setup) -> Iterator[BaseProcess]:
    process = PROCESSES.Process(target=sending.main, args=(setup,), daemon=True)
    process.start()
    try:
        yield process
    finally:
        process.kill()
        process.join()


def _until(holds: Callable[[], bool], began: float, look_s: float) -> None:
    while not holds() and time.monotonic() < began + PATIENCE_S:
        time.sleep(look_s)
