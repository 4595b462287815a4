"""The pace of announcements, for any rate and any time between sends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.broadcast.throttle import BURST, BURST_SHARE, PARK_OVER_S, RECOVERS_S, SLOWEST_SHARE, Pace

RATES = st.floats(0.5, 1000)
GAPS_S = st.lists(st.floats(0, 3), min_size=1, max_size=150)
STARTS = st.floats(0, 1e6)


def burst(rate: float) -> float:
    return max(BURST, BURST_SHARE * rate)


def sends(pace: Pace, start: float, gaps_s: list[float]) -> list[float]:
    """When sends begin that are wanted so long after each other."""
    now, begun = start, []
    for gap in gaps_s:
        now += gap
        while (wait := pace.wait(now)) > 0:
            now += max(wait, 1e-9)
        pace.take(now)
        begun.append(now)
    return begun


@given(RATES, STARTS, GAPS_S)
def test_no_second_holds_more_than_the_rate_and_the_burst(rate: float, start: float, gaps_s: list[float]) -> None:
    begun = sends(Pace(rate), start, gaps_s)
    for first, at in enumerate(begun):
        assert sum(at <= other < at + 1 for other in begun[first:]) <= rate + burst(rate)


@given(RATES, STARTS, st.lists(st.booleans(), min_size=1, max_size=150))
def test_nor_does_it_after_429s(rate: float, start: float, refused: list[bool]) -> None:
    pace, now, begun = Pace(rate), start, []
    for is_refused in refused:
        while (wait := pace.wait(now)) > 0:
            now += max(wait, 1e-9)
        pace.take(now)
        begun.append(now)
        if is_refused:
            pace.throttled(now, 0.5)
            assert pace.wait(now) >= 0.499
            assert pace.free(now, 0.25) == 0
    for first, at in enumerate(begun):
        assert sum(at <= other < at + 1 for other in begun[first:]) <= rate + burst(rate)


@given(st.sampled_from([0.5, 1.0, 4.0, 25.0, 128.0]), st.integers(0, 8), st.sampled_from([0.25, 1.0, 2.0]))
def test_free_is_what_may_begin_in_that_time(rate: float, taken: int, within: float) -> None:
    pace, now = Pace(rate), 1024.0
    for _ in range(taken):
        now += pace.wait(now)
        pace.take(now)
    free, end, begun = pace.free(now, within), now + within, 0
    while (now := now + pace.wait(now)) <= end:
        pace.take(now)
        begun += 1
    assert free == begun


def test_after_a_rest_a_burst_and_then_even_pace() -> None:
    assert sends(Pace(4), 1000.0, [0.0] * 6) == [1000.0, 1000.0, 1000.25, 1000.5, 1000.75, 1001.0]


def test_a_429_holds_exactly_that_long_and_halves_the_rate_once() -> None:
    pace = Pace(20)
    pace.take(100.0)
    assert not pace.throttled(100.0, 7)
    # Others were in flight and are refused too.
    assert not pace.throttled(100.2, 7)
    assert not pace.throttled(100.3, 1)
    assert pace.wait(100.2) == pytest.approx(7)
    assert pace.share == 0.5
    assert pace.interval == pytest.approx(0.1)
    assert pace.free(100.3, 1) == 0


def test_the_rate_recovers_slowly_and_never_beyond_what_was_set() -> None:
    pace = Pace(20)
    now = 100.0
    for _ in range(9):
        pace.throttled(now, 1)
        now += 2
    assert pace.share == SLOWEST_SHARE
    shares = []
    for _ in range(7):
        now += RECOVERS_S
        pace.take(now)
        shares.append(pace.share)
    assert shares == [1 / 16, 1 / 8, 1 / 4, 1 / 2, 1, 1, 1]


def test_a_long_wait_parks_the_broadcast() -> None:
    assert not Pace(20).throttled(0.0, PARK_OVER_S)
    assert Pace(20).throttled(0.0, PARK_OVER_S + 1)
