"""When an announcement goes out, as an organiser says it: "Mon 9:30", "tomorrow 8am", "9 June 10:00", "in 2 hours".

Days come before months, as in Britain and Ireland. The clock is that of an IANA zone; a time that the clocks skip is
refused, of one that comes twice the first is meant, and a past one is refused. Pure: the present is given.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.errors import BotError

EXAMPLES = "“Mon 9:30”, “tomorrow 8am”, “9 June 10:00”, “2027-06-09 10:00” or “in 2 hours”"
LATEST = timedelta(days=400)
"""Further ahead nobody plans; a typing slip in the year does."""
EARLIEST = timedelta(minutes=1)


class NoMoment(BotError):
    """Words that name no time to send at. The message says why, and how to say it."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A time on a zone's clock."""

    at: datetime
    """Aware UTC."""
    zone: str
    twice: bool = False
    """The clocks go back then and the time comes twice; the first is meant."""

    @property
    def local(self) -> datetime:
        return self.at.astimezone(zone_of(self.zone))


def zone_of(name: str) -> ZoneInfo:
    """An IANA zone. Raises NoMoment for an unknown one."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise NoMoment(f"“{name[:40]}” is no time zone: write it like Europe/London.") from None


def read_moment(words: str, zone: str, now: datetime) -> Moment | None:
    """What the words name on the zone's clock; None for "now". `now` is aware. Raises NoMoment with one sentence."""
    clock = zone_of(zone)
    said = " ".join(words.lower().replace(",", " ").split())
    if said in {"now", "straight away", "at once", "immediately"}:
        return None
    if found := _SPAN.fullmatch(said):
        # Spans run in real time, whatever the clocks do in between.
        span = timedelta(**{_UNITS[found["unit"]]: int(found["count"])})
        return _kept(Moment(now.astimezone(UTC) + span, zone), now)
    here = now.astimezone(clock)
    for pattern, day_of in _DAYS:
        if found := pattern.fullmatch(said):
            at = _time_of(found)
            day = _day(day_of, found, here, at)
            return _kept(_on_clock(datetime.combine(day, at), zone, clock), now)
    raise NoMoment(f"I can't read a time in that. Say it like {EXAMPLES}.")


_UNITS: Mapping[str, str] = {
    unit: name
    for name, units in (
        ("minutes", "m min mins minute minutes"),
        ("hours", "h hr hrs hour hours"),
        ("days", "day days"),
    )
    for unit in units.split()
}
_SPAN = re.compile(rf"in (?P<count>\d{{1,4}}) ?(?P<unit>{'|'.join(_UNITS)})")
_CLOCK = r"(?:at )?(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d\d))? ?(?P<half>am|pm)?"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]*"
DayOf = Callable[[re.Match[str], datetime, time], date]


def _next_time(_found: re.Match[str], here: datetime, at: time) -> date:
    return here.date() if at > here.time() else here.date() + timedelta(days=1)


def _today(found: re.Match[str], here: datetime, _at: time) -> date:
    return here.date() + timedelta(days={"today": 0, "tonight": 0, "tomorrow": 1}[found["day"]])


def _weekday(found: re.Match[str], here: datetime, at: time) -> date:
    ahead = (_WEEKDAYS.index(found["weekday"]) - here.weekday()) % 7
    passed = ahead == 0 and at <= here.time()
    return here.date() + timedelta(days=ahead + 7 * passed)


def _dated(found: re.Match[str], here: datetime, at: time) -> date:
    month = found.groupdict().get("month")
    number = _MONTHS.index(month) + 1 if month else int(found["number"])
    if found["year"]:
        return date(int(found["year"]), number, int(found["day"]))
    this_year = date(here.year, number, int(found["day"]))
    return this_year if datetime.combine(this_year, at) > here.replace(tzinfo=None) else _next_year(this_year)


def _next_year(day: date) -> date:
    return day.replace(year=day.year + 1)


_DAYS: tuple[tuple[re.Pattern[str], DayOf], ...] = (
    (re.compile(_CLOCK), _next_time),
    (re.compile(rf"(?P<day>today|tonight|tomorrow) {_CLOCK}"), _today),
    (re.compile(rf"(?:on |next |this )?(?P<weekday>{'|'.join(_WEEKDAYS)})[a-z]* {_CLOCK}"), _weekday),
    (re.compile(rf"(?:on )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)? {_MONTH}(?: (?P<year>20\d\d))? {_CLOCK}"), _dated),
    (re.compile(rf"(?:on )?{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: (?P<year>20\d\d))? {_CLOCK}"), _dated),
    (re.compile(rf"(?P<year>20\d\d)-(?P<number>\d\d)-(?P<day>\d\d)[ t]{_CLOCK}"), _dated),
    (re.compile(rf"(?P<day>\d{{1,2}})[/.](?P<number>\d{{1,2}})[/.](?P<year>20\d\d) {_CLOCK}"), _dated),
)


def _day(day_of: DayOf, found: re.Match[str], here: datetime, at: time) -> date:
    try:
        return day_of(found, here, at)
    except ValueError:
        raise NoMoment("There is no such day in the calendar.") from None


def _time_of(found: re.Match[str]) -> time:
    hour, minute, half = int(found["hour"]), int(found["minute"] or 0), found["half"]
    if half and not 1 <= hour <= 12:
        raise NoMoment(f"{hour} {half} is no time of day.")
    if half:
        hour = hour % 12 + 12 * (half == "pm")
    elif found["minute"] is None:
        raise NoMoment("Say the time of day with its minutes, such as 9:30, or as 9am.")
    try:
        return time(hour, minute)
    except ValueError:
        raise NoMoment(f"{hour}:{minute:02} is no time of day.") from None


def _on_clock(local: datetime, zone: str, clock: ZoneInfo) -> Moment:
    first, second = (local.replace(tzinfo=clock, fold=fold) for fold in (0, 1))
    at = first.astimezone(UTC)
    if at.astimezone(clock).replace(tzinfo=None) != local:
        raise NoMoment(f"{local:%H:%M} does not exist on that day in {zone}: the clocks go forward then.")
    return Moment(at, zone, twice=first.utcoffset() != second.utcoffset())


def _kept(moment: Moment, now: datetime) -> Moment:
    if moment.at < now + EARLIEST:
        raise NoMoment(f"{moment.local:%d.%m.%Y %H:%M} is in the past: choose a later time, or say “now”.")
    if moment.at > now + LATEST:
        raise NoMoment(f"{moment.local:%d.%m.%Y} is more than a year away: choose an earlier day.")
    return moment
