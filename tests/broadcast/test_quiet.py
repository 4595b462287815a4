"""Quiet hours in one zone and in several."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.broadcast.quiet import USUAL, QuietHours, earliest

LONDON, NEW_YORK, LOS_ANGELES = "Europe/London", "America/New_York", "America/Los_Angeles"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "zones", "expected"),
    [
        ("2027-06-02T11:00", (LONDON,), "2027-06-02T11:00"),
        ("2027-06-02T19:59", (LONDON,), "2027-06-02T19:59"),
        ("2027-06-02T20:00", (LONDON,), "2027-06-03T07:00"),
        ("2027-01-13T07:07", (LONDON,), "2027-01-13T08:00"),
        ("2027-06-02T13:00", (NEW_YORK, LOS_ANGELES), "2027-06-02T15:00"),
        ("2027-06-03T00:30", (NEW_YORK, LOS_ANGELES), "2027-06-03T00:30"),
        ("2027-06-03T01:00", (NEW_YORK, LOS_ANGELES), "2027-06-03T15:00"),
        ("2027-03-28T00:30", (LONDON,), "2027-03-28T07:00"),
        ("2027-06-02T23:00", (), "2027-06-02T23:00"),
    ],
)
def test_the_first_hour_that_suits_all(now: str, zones: tuple[str, ...], expected: str) -> None:
    assert earliest(at(now), zones) == at(expected)


def test_where_no_hour_suits_all_the_first_zone_counts() -> None:
    long_night = QuietHours(time(12), time(10))
    moment = earliest(at("2027-06-02T00:00"), (LONDON, "Asia/Tokyo"), long_night)
    assert moment == at("2027-06-02T09:00")


def test_hours_that_never_begin_are_never_quiet() -> None:
    never = QuietHours(time(9), time(9))
    assert earliest(at("2027-06-02T02:00"), (LONDON,), never) == at("2027-06-02T02:00")


def test_hours_within_one_day() -> None:
    assert QuietHours(time(13), time(15)).hold(at("2027-06-02T14:00"))
    assert not QuietHours(time(13), time(15)).hold(at("2027-06-02T15:00"))


@given(st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)))  # noqa: DTZ001 - made UTC below
def test_nobody_waits_longer_than_a_day_or_is_woken(now: datetime) -> None:
    moment = earliest(now.replace(tzinfo=UTC), (NEW_YORK, LOS_ANGELES))
    assert timedelta(0) <= moment - now.replace(tzinfo=UTC) <= timedelta(days=1)
    assert not any(USUAL.hold(moment.astimezone(ZoneInfo(zone))) for zone in (NEW_YORK, LOS_ANGELES))
