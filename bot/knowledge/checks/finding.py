"""What a rule returns when it is broken, and the looking up of ids that most rules need. Used by every rule."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date

from bot.knowledge.model import Knowledge

Nearest = Callable[[str, Collection[str]], str | None]
"""The known name most like the wanted one, or None."""
Steps = tuple[str | int, ...]

ELSEWHERE = "elsewhere"
"""The region of everyone whose own region the base does not know."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken rule. `entry` is the value it stands in, `steps` the way on; without an entry, `file` names the file."""

    entry: object | None
    steps: Steps
    message: str
    warning: bool = False
    file: str | None = None


@dataclass(frozen=True, slots=True)
class Base:
    """What the rules are given: the base, how to find the nearest name, the time zones there are, and the day."""

    knowledge: Knowledge
    nearest: Nearest
    zones: Collection[str] = ()
    """IANA names; empty where the machine has no time zone data, and then no zone is refused."""
    today: date | None = None
    """Without a day nothing is overdue."""

    def hint(self, wanted: str, known: Collection[str]) -> str:
        """ ". Nearest: …" or nothing, for the end of a message."""
        closest = self.nearest(wanted, known)
        return f". Nearest: {closest}" if closest else ""

    def missing(
        self, entry: object, steps: Steps, kind: str, wanted: str, known: Collection[str], *, file: str | None = None
    ) -> Iterator[Finding]:
        """A finding when `wanted` is not among the known ids."""
        if wanted not in known:
            message = f'{kind} "{wanted}" does not exist{self.hint(wanted, known)}'
            yield Finding(entry, steps, message, file=file)

    def all_missing(
        self, entry: object, steps: Steps, kind: str, wanted: Collection[str], known: Collection[str]
    ) -> Iterator[Finding]:
        """The same for a list of ids that stands at `steps`."""
        for index, one in enumerate(wanted):
            yield from self.missing(entry, (*steps, index), kind, one, known)
