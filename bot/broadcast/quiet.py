"""Quiet hours: nobody's telephone sounds at night for an announcement. Pure; asked when recipients are listed.

A region may lie in several zones (the United States); then the hour must suit all of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

STEP = timedelta(minutes=15)
"""No zone's clock differs from UTC by anything finer."""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From one time of day to another, past midnight if `ends` is the earlier; the same twice: never quiet."""

    begins: time = time(21)
    ends: time = time(8)

    def hold(self, local: datetime) -> bool:
        """Whether it is quiet at a zone's own time."""
        at = local.time()
        if self.begins <= self.ends:
            return self.begins <= at < self.ends
        return at >= self.begins or at < self.ends


USUAL = QuietHours()


def earliest(now: datetime, zones: Sequence[str], quiet: QuietHours = USUAL) -> datetime:
    """The first moment from `now` (aware) on at which it is quiet in none of the IANA zones; aware UTC.

    Where no hour suits all of them it is the first that suits the first zone; without zones it is now.
    """
    now = now.astimezone(UTC)
    clocks = [ZoneInfo(zone) for zone in zones]
    for wanted in (clocks, clocks[:1]):
        for moment in _moments(now):
            if not any(quiet.hold(moment.astimezone(clock)) for clock in wanted):
                return moment
    return now


def _moments(now: datetime) -> Iterator[datetime]:
    """Now, and every quarter of an hour of the next day."""
    yield now
    first = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
    for step in range(1, 24 * 4 + 2):
        yield first + step * STEP
