"""The proof in short: some readers, some kills, nobody lost or messaged twice. `python -m tests.chaos` takes longer."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.broadcast.broadcast import Recipient
from bot.broadcast.states import BroadcastState, DeliveryState
from tests.chaos.campaign import PHOTO, Campaign, run
from tests.chaos.plan import AMBIGUOUS, Fate, Faults, calm
from tests.chaos.verdict import Run

HURRIED = {"first_pause_s": 0.1, "read_timeout_s": 0.5, "connect_timeout_s": 0.5, "rate": 500.0, "in_flight": 16}
"""Waits are shortened; nothing else differs."""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/imh.db"
    new: Callable[[], str] = request.getfixturevalue("new_postgres_url")
    return new()


def test_nobody_is_lost_or_messaged_twice_when_it_is_killed(url: str, tmp_path: Path) -> None:
    done = run(Campaign(url, tmp_path, 300, Faults(7, throttled=0.003), kills=4, setup=HURRIED))
    assert done.violations() == []
    assert len(done.in_hand) == 4
    assert max(done.in_hand) <= HURRIED["in_flight"]
    assert len(done.arrived) > 200


def test_nobody_is_uncertain_when_it_is_told_to_stop(url: str, tmp_path: Path) -> None:
    done = run(Campaign(url, tmp_path, 200, calm(7), stops=2, announcement=PHOTO, setup=HURRIED))
    assert done.violations() == []
    assert done.uncertain == []
    assert max(done.drained_s) < 10


def test_the_same_seed_brings_the_same_faults() -> None:
    chats = [str(number) for number in range(4_000)]
    faults, again, other = Faults(1), Faults(1), Faults(2)
    fates = [faults.fate(chat) for chat in chats]
    assert fates == [again.fate(chat) for chat in chats]
    assert fates != [other.fate(chat) for chat in chats]
    assert 0.03 < sum(fate in AMBIGUOUS for fate in fates) / len(fates) < 0.07
    assert 0.02 < fates.count(Fate.BLOCKED) / len(fates) < 0.04


def seen(state: DeliveryState, chat: str | None = "1") -> Recipient:
    return Recipient(1, chat, state, 1, None)


def left(recipients: list[Recipient], arrived: list[str], fates: tuple[Fate, ...] = ()) -> Run:
    return Run(["1"], recipients, arrived, fates, (), BroadcastState.FINISHED, 1.0)


@pytest.mark.parametrize(
    ("run_left", "broken"),
    [
        (left([seen(DeliveryState.SENT)], ["1"]), 0),
        (left([seen(DeliveryState.QUEUED)], []), 1),
        (left([], []), 1),
        (left([seen(DeliveryState.SENT)], ["1", "1"]), 1),
        (left([seen(DeliveryState.SENT)], []), 1),
        (left([seen(DeliveryState.SENT), seen(DeliveryState.SENT)], ["1"]), 1),
        (left([seen(DeliveryState.FAILED)], ["1"]), 2),
        (left([seen(DeliveryState.UNCERTAIN)], ["1"]), 1),
        (left([seen(DeliveryState.UNCERTAIN)], ["1"], (Fate.DROPPED_SENT,)), 0),
        (left([seen(DeliveryState.SENT)], ["1", "2"]), 2),
    ],
)
def test_every_broken_promise_is_found(run_left: Run, broken: int) -> None:
    assert len(run_left.violations()) == broken
