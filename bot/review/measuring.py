"""What `evaluate` measures, as `cli` calls it: labelled messages, public sets, time and memory.

Each tells its tables as soon as they stand, and returns everything as one object; what depends on the machine names it.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bot.conversation.scene import Mind
from bot.errors import UsageError
from bot.review import breakdown, chart, growth, public_sets
from bot.review import latency as timing
from bot.review.evaluation import Labelled
from bot.review.machine import machine
from bot.review.peers import PEERS

FEWEST_EXAMPLES = timing.WARM_UP
"""Of up to 25 words."""
BUSY = "p50 and p99 by the clock, and in processor time; median of {rounds} rounds. {machine}"


def labelled(
    mind: Callable[[], Mind],
    messages: Sequence[Labelled],
    now: datetime,
    picture: Path | None,
    told: Callable[[str], None],
) -> dict[str, Any]:
    """Figures over labelled messages, and a picture of them where one is wanted. Raises `UsageError`."""
    if picture is not None:
        chart.ensure_drawable()
    report = breakdown.report(mind(), messages, now)
    told(report.text())
    if picture is not None:
        chart.draw(report.as_written, picture)
    return report.as_json()


def public(
    folder: Path, encoder: Path | None, seed: int | None, today: date, told: Callable[[str], None]
) -> dict[str, Any]:
    """Every set of `public_sets.GOALS` in turn. Raises `UsageError`."""
    opened = public_sets.open_encoder(encoder)
    draw = "the published draw" if seed is None else f"drawn by seed {seed}"
    on = machine(today)
    told(
        f"Percent right first / right among three, {public_sets.SHOTS} phrasings an entry ({draw}).\n"
        f"Encoder: {opened.name}. {on}"
    )
    sets = {}
    for name in public_sets.GOALS:
        one_set = public_sets.read_set(folder, name, seed)
        listed = list(public_sets.rows(one_set, opened.encoder, PEERS))
        told(f"\n{public_sets.table(one_set, listed)}")
        sets[name] = public_sets.as_json(listed)
    return {"machine": on, "encoder": opened.name, "seed": seed, "sets": sets}


def latency(
    mind: Mind, today: date, told: Callable[[str], None], entries: Sequence[int] = growth.ENTRIES
) -> dict[str, Any]:
    """Messages by length, then made bases by size. Raises `UsageError` without examples to make messages of."""
    examples = [example.text for example in mind.words.examples.topics]
    if len(timing.messages(examples, timing.SHORT, FEWEST_EXAMPLES, 0)) < FEWEST_EXAMPLES:
        raise UsageError(f"--latency needs a knowledge base with {FEWEST_EXAMPLES} example messages or more.")
    on = machine(today)
    told(BUSY.format(rounds=timing.ROUNDS, machine=on))
    times = timing.by_length(mind, examples)
    told(f"\n{timing.table(times)}")
    rows = growth.measured(mind, examples, entries)
    told(f"\n{growth.table(rows)}")
    return {
        "machine": on,
        "messages": {kind: reached.as_json() for kind, reached in times.items()},
        "made bases": growth.as_json(rows),
    }
