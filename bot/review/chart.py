"""A picture of how far the chance that the first is right can be trusted: `evaluate FILE… --chart FILE.png`.

Left: chance against share that was right, a point a tenth, its size by the messages in it. Right: answering only the
surest messages, how many of those are right first. Needs matplotlib of the extra `measure`.
"""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.errors import UsageError
from bot.review.breakdown import Judged, bins, calibration_error, with_chance

SIZE_INCHES = (11.0, 5.0)
DOTS_PER_INCH = 120
LARGEST_POINT = 400.0
"""Area in square points of a bin that held every message."""


def ensure_drawable() -> None:
    """Asked before anything is measured. Raises `UsageError` without matplotlib."""
    try:
        import matplotlib.figure  # noqa: F401 - only whether it is there
    except ModuleNotFoundError:
        raise UsageError('--chart needs matplotlib. Install it with: pip install ".[measure]"') from None


def coverage(judged: Sequence[Judged]) -> list[tuple[float, float]]:
    """(share of the messages in scope, share of those right first), the surest first; ends where nothing was named."""
    in_scope = sum(bool(one.labelled.accept) for one in judged)
    surest = sorted(with_chance(judged), key=lambda one: -(one.chance or 0.0))
    points, right = [], 0
    for count, one in enumerate(surest, start=1):
        right += one.right_first
        # Messages of one chance come or go together.
        if count == len(surest) or surest[count].chance != one.chance:
            points.append((count / in_scope, right / count))
    return points


def draw(judged: Sequence[Judged], path: Path) -> None:
    """Writes a PNG. Raises `UsageError` without a message to draw, or where it cannot be written."""
    from matplotlib.figure import Figure

    logging.getLogger("matplotlib").setLevel(logging.WARNING)  # it tells of its fonts
    if not with_chance(judged):
        raise UsageError('--chart needs messages with "accept" for which an entry was named.')
    figure = Figure(figsize=SIZE_INCHES, layout="constrained")
    left, right = figure.subplots(1, 2)
    _reliability(left, judged)
    _coverage(right, judged)
    try:
        figure.savefig(path, format="png", dpi=DOTS_PER_INCH)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from None


def _reliability(axes: Any, judged: Sequence[Judged]) -> None:
    listed = bins(judged)
    count = sum(one.count for one in listed)
    sizes = [LARGEST_POINT * one.count / count for one in listed]
    axes.plot([0, 1], [0, 1], color="0.7", linewidth=1)
    axes.plot([one.chance for one in listed], [one.right for one in listed], color="C0", linewidth=1)
    axes.scatter([one.chance for one in listed], [one.right for one in listed], s=sizes, color="C0", alpha=0.6)
    error = 100 * (calibration_error(listed) or 0.0)
    axes.set(xlim=(0, 1), ylim=(0, 1.02), xlabel="chance that the first is right", ylabel="share that was right first")
    axes.set_title(f"Calibration error {error:.1f} points, {count} messages")


def _coverage(axes: Any, judged: Sequence[Judged]) -> None:
    points = coverage(judged)
    axes.plot([share for share, _ in points], [right for _, right in points], color="C0")
    lowest = min(right for _, right in points)
    axes.set(xlim=(0, 1), ylim=(min(0.5, lowest), 1.01), xlabel="share of messages, the surest first")
    axes.set(ylabel="share of these right first", title="Accuracy against coverage")
    axes.grid(color="0.9")
