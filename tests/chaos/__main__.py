"""`python -m tests.chaos`: a long run under fire, then one that is only told to stop; exit 1 where a promise broke."""

import argparse
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from bot.review.machine import machine
from tests.chaos.campaign import PHOTO, Campaign, run
from tests.chaos.databases import database
from tests.chaos.plan import Faults, calm
from tests.chaos.verdict import Run


def main() -> int:
    asked = _asked()
    print(f"{machine(datetime.now(UTC).date())}; {asked.database}, seed {asked.seed}")  # noqa: T201
    broken = []
    with tempfile.TemporaryDirectory() as made:
        for name, campaign in (
            ("killed", {"kills": asked.kills, "faults": Faults(asked.seed), "recipients": asked.recipients}),
            (
                "told to stop",
                {
                    "stops": max(1, asked.kills // 6),
                    "faults": calm(asked.seed),
                    "recipients": max(1, asked.recipients // 4),
                    "announcement": PHOTO,
                },
            ),
        ):
            folder = Path(made) / name.replace(" ", "-")
            folder.mkdir()
            with database(asked.database, folder) as url:
                done = run(Campaign(url=url, folder=folder, says=_progress, **campaign))
            print(_table(name, done))  # noqa: T201
            broken += done.violations()
            if name == "told to stop" and done.uncertain:
                broken.append(f"{len(done.uncertain)} are uncertain although nobody was killed.")
    print("\n".join(f"BROKEN: {sentence}" for sentence in broken) or "Every promise was kept.")  # noqa: T201
    return int(bool(broken))


def _asked() -> argparse.Namespace:
    asking = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    asking.add_argument("--recipients", type=int, default=20_000)
    asking.add_argument("--kills", type=int, default=60)
    asking.add_argument("--seed", type=int, default=int(time.time()))
    asking.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    return asking.parse_args()


def _progress(line: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{line}\033[K", end="", file=sys.stderr)  # noqa: T201


def _table(name: str, done: Run) -> str:
    tally: dict[str, int] = {}
    for one in done.recipients:
        tally[one.state.value] = tally.get(one.state.value, 0) + 1
    arrived = set(done.arrived)
    tries = sum(one.attempts for one in done.recipients)
    lines: list[tuple[str, object]] = [
        ("recipients", len(done.chats)),
        *(sorted(tally.items())),
        ("lost", len(done.lost)),
        ("doubled", len(done.doubled)),
        ("uncertain at most", done.bound),
        ("… in hand when killed", sum(done.in_hand)),
        ("… ambiguous answers", done.ambiguous),
        ("uncertain that did arrive", sum(chat in arrived for chat in done.uncertain)),
        ("tries", tries),
        ("tries refused a connection", f"{done.unsent} ({done.unsent / max(1, tries):.1%})"),
        ("kills", len(done.in_hand)),
        ("stops by SIGTERM", len(done.drained_s)),
        ("longest stop", f"{max(done.drained_s, default=0):.2f} s"),
        ("took", f"{done.took_s:.0f} s"),
    ]
    return "\n".join([f"\n{name}", *(f"  {what:<28} {figure!s:>16}" for what, figure in lines)])


if __name__ == "__main__":
    sys.exit(main())
