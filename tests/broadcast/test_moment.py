"""Times to send at, in an organiser's words."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.broadcast.moment import LATEST, Moment, NoMoment, read_moment, zone_of

LONDON = "Europe/London"
NOW = datetime(2027, 6, 2, 11, 0, tzinfo=UTC)
"""A Wednesday; noon in London."""


@pytest.mark.parametrize(
    ("words", "local"),
    [
        ("Mon 9:30", "2027-06-07 09:30"),
        ("next Monday at 9.30", "2027-06-07 09:30"),
        ("wed 9:00", "2027-06-09 09:00"),
        ("Wednesday 13:00", "2027-06-02 13:00"),
        ("tomorrow 8am", "2027-06-03 08:00"),
        ("today at 12:30", "2027-06-02 12:30"),
        ("tonight 8 pm", "2027-06-02 20:00"),
        ("12am", "2027-06-03 00:00"),
        ("12:00pm", "2027-06-03 12:00"),
        ("11:00", "2027-06-03 11:00"),
        ("14:05", "2027-06-02 14:05"),
        ("9 June 10:00", "2027-06-09 10:00"),
        ("June 9th 10:00", "2027-06-09 10:00"),
        ("on 1st march 2028, 7:15am", "2028-03-01 07:15"),
        ("1 march 10:00", "2028-03-01 10:00"),
        ("2027-06-09 10:00", "2027-06-09 10:00"),
        ("2027-06-09T10:00", "2027-06-09 10:00"),
        ("9/6/2027 10:00", "2027-06-09 10:00"),
        ("in 2 hours", "2027-06-02 14:00"),
        ("in 90 min", "2027-06-02 13:30"),
        ("in 3 days", "2027-06-05 12:00"),
    ],
)
def test_a_time_said_in_words(words: str, local: str) -> None:
    moment = read_moment(words, LONDON, NOW)
    assert moment is not None
    assert f"{moment.local:%Y-%m-%d %H:%M}" == local
    assert moment.at.tzinfo is UTC


def test_now_is_no_time() -> None:
    assert read_moment("Now", LONDON, NOW) is None


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("today 9:00", "in the past"),
        ("2 June 2026 10:00", "in the past"),
        ("in 0 minutes", "in the past"),
        ("9 June 2029 10:00", "more than a year"),
        ("31 june 10:00", "no such day"),
        ("29 february 10:00", "no such day"),
        ("tomorrow 25:00", "no time of day"),
        ("tomorrow 9:75", "no time of day"),
        ("tomorrow 13pm", "no time of day"),
        ("tomorrow 9", "with its minutes"),
        ("when the baby sleeps", "can't read a time"),
        ("", "can't read a time"),
    ],
)
def test_what_names_no_time_is_refused_in_one_sentence(words: str, why: str) -> None:
    with pytest.raises(NoMoment, match=why):
        read_moment(words, LONDON, NOW)


def test_the_hour_that_the_clocks_skip_is_refused() -> None:
    with pytest.raises(NoMoment, match="does not exist"):
        read_moment("2027-03-28 01:30", LONDON, datetime(2027, 3, 1, tzinfo=UTC))


def test_of_the_hour_that_comes_twice_the_first_is_meant() -> None:
    moment = read_moment("2027-10-31 01:30", LONDON, NOW)
    assert moment == Moment(datetime(2027, 10, 31, 0, 30, tzinfo=UTC), LONDON, twice=True)


def test_a_span_runs_in_real_time_across_a_change_of_clocks() -> None:
    before = datetime(2027, 3, 28, 0, 30, tzinfo=UTC)
    moment = read_moment("in 2 hours", LONDON, before)
    assert moment is not None
    assert moment.at - before == timedelta(hours=2)
    assert f"{moment.local:%H:%M}" == "03:30"


@pytest.mark.parametrize("name", ["London", "Europe/Atlantis", "", "../etc/passwd", "Europe/London\0"])
def test_an_unknown_zone_is_refused(name: str) -> None:
    with pytest.raises(NoMoment, match="no time zone"):
        zone_of(name)


@given(st.text(max_size=60))
def test_no_words_raise_anything_else(words: str) -> None:
    try:
        moment = read_moment(words, LONDON, NOW)
    except NoMoment:
        return
    assert moment is None or NOW < moment.at <= NOW + LATEST


@given(
    st.sampled_from(sorted(available_timezones())),
    st.datetimes(datetime(2027, 6, 3), datetime(2028, 6, 1)),  # noqa: DTZ001 - on the zone's own clock
)
def test_what_is_read_stands_on_the_zones_clock(zone: str, wanted: datetime) -> None:
    wanted = wanted.replace(second=0, microsecond=0)
    try:
        moment = read_moment(f"{wanted:%Y-%m-%d %H:%M}", zone, NOW)
    except NoMoment:
        assert (
            wanted.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
            != wanted
        )
        return
    assert moment is not None
    assert moment.local.replace(tzinfo=None) == wanted
