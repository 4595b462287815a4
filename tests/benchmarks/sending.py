"""`python -m tests.benchmarks.sending`: what announcements cost and how fast they go, as tables for the README."""

import argparse
import tempfile
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bot.review.machine import machine
from tests.benchmarks import replies, snapshot
from tests.benchmarks.clients import CLIENTS
from tests.benchmarks.pipelines import Cost, other, ours
from tests.chaos.databases import database

DELAYS_S = (0.06, 0.0)
PACED = (1_000.0, 30_000)
"""Sends a second as set, and how many."""
UNPACED = (20_000.0, 30_000)
REPLYING = (None, 25.0, 1_000.0)


def main() -> None:
    asking = argparse.ArgumentParser(prog="python -m tests.benchmarks.sending", description=__doc__)
    asking.add_argument("parts", nargs="*", choices=[*PARTS, []], help="which tables; all where none is named")
    asking.add_argument("--readers", type=int, default=1_000_000, help="of the snapshot")
    asked = asking.parse_args()
    print(machine(datetime.now(UTC).date()))  # noqa: T201
    for part in asked.parts or PARTS:
        PARTS[part](asked.readers)


def clients(_readers: int) -> None:
    for delay_s in DELAYS_S:
        print(f"\nAnswers after {delay_s * 1000:.0f} ms")  # noqa: T201
        _table(("", "a second", "CPU µs a send", "cores", "busiest second", "share of the rate"), _rows(delay_s))


def _rows(delay_s: float) -> Iterable[Sequence[str]]:
    for rate, messages in (PACED, UNPACED):
        for kind in ("sqlite", "postgresql"):
            with tempfile.TemporaryDirectory() as made, database(kind, Path(made)) as url:
                cost = ours(url, Path(made), messages, delay_s, rate, in_flight=256)
            paced = f"at {rate:,.0f} a second" if rate == PACED[0] else "as fast as it goes"
            yield _row(f"ours with the ledger, {kind}, {paced}", cost, rate if rate == PACED[0] else None)
    for name in CLIENTS:
        found = other(name, delay_s)
        yield (name, "not installed") if found is None else _row(name, found, None)


def _row(name: str, cost: Cost, rate: float | None) -> Sequence[str]:
    of_rate = ("", "") if rate is None else (f"{cost.peak} ({cost.peak / rate:.3f})", f"{cost.per_second / rate:.3f}")
    return (name, f"{cost.per_second:,.0f}", f"{cost.micros:.0f}", f"{cost.cores:.2f}", *of_rate)


def million(readers: int) -> None:
    print(f"\n{readers:,} readers")  # noqa: T201
    found = {}
    for kind in ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory() as made, database(kind, Path(made)) as url:
            found[kind] = snapshot.measured(url, Path(made), readers)
    steps = list(found["sqlite"])
    _table(("seconds", *found), [(step, *(f"{found[kind][step]:,.3f}" for kind in found)) for step in steps])


def latency(_readers: int) -> None:
    print(f"\nSeconds until an answer, of {replies.ASKED} questions")  # noqa: T201
    rows = []
    for rate in REPLYING:
        waits, busiest = replies.measured(rate)
        name = "nothing else to do" if rate is None else f"announcing at {rate:,.0f} a second (busiest {busiest})"
        middle, late = waits[len(waits) // 2], waits[len(waits) * 95 // 100]
        rows.append((name, f"{middle:.3f}", f"{late:.3f}", f"{waits[-1]:.3f}"))
    _table(("", "half within", "95 % within", "longest"), rows)


PARTS: dict[str, Callable[[int], None]] = {"clients": clients, "million": million, "latency": latency}


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    print("| " + " | ".join(head) + " |\n| " + " | ".join("---" for _ in head) + " |")  # noqa: T201
    for row in rows:
        print("| " + " | ".join((*row, *[""] * (len(head) - len(row)))) + " |", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
