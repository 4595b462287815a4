"""What the desk asked for last, as the step of a conversation: `desk-time:12:3` waits for the time of announcement 12,
shown in version 3.
"""

from dataclasses import dataclass
from enum import StrEnum


class Asks(StrEnum):
    MESSAGE = "desk-message"
    """The announcement itself; number 0: a new one."""
    MINE = "desk-mine"
    """The same once more, after it had raised an alarm."""
    TIME = "desk-time"
    NOTE = "desk-note"
    ALBUM = "desk-album"
    """More parts of an album; its name stands in place of the version."""
    DRAFTED = "desk-drafted"
    """Nothing, but a message has just become a draft: editing it edits the draft."""
    SHOWN = "desk-shown"
    """Nothing, but what was said last has been carried out."""


WAITING = frozenset({Asks.MESSAGE, Asks.MINE, Asks.TIME, Asks.NOTE})


@dataclass(frozen=True, slots=True)
class Step:
    asks: Asks
    id: int = 0
    rest: str = "0"
    """The version that was shown; of an album its name."""

    @property
    def version(self) -> int | None:
        return int(self.rest) or None

    def __str__(self) -> str:
        return f"{self.asks}:{self.id}:{self.rest}"


def step_of(said: str) -> Step | None:
    """None for every step that is not the desk's."""
    name, _, rest = said.partition(":")
    if name not in set(Asks):
        return None
    id, _, last = rest.partition(":")
    return Step(Asks(name), int(id or 0), last or "0")
