"""An event loop whose clock jumps to the next thing due, so that a week of waiting takes no time and no chance."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


class ClockworkLoop(asyncio.SelectorEventLoop):
    """For code that waits for time and for itself only: nothing outside the loop may be waited for."""

    def __init__(self) -> None:
        super().__init__()
        self._now = 0.0

    def time(self) -> float:
        return self._now

    def _run_once(self) -> None:
        if not self._ready:  # type: ignore[attr-defined]
            due = [timer.when() for timer in self._scheduled if not timer.cancelled()]  # type: ignore[attr-defined]
            if not due:
                raise RuntimeError("everyone waits and nothing will ever happen")
            self._now = max(self._now, min(due))
        super()._run_once()  # type: ignore[misc]


def run(talk: Coroutine[Any, Any, Result]) -> Result:
    """Runs `talk` on a clockwork loop; its seconds begin at 0."""
    with asyncio.Runner(loop_factory=ClockworkLoop) as runner:
        return runner.run(talk)
