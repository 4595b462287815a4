"""The real base checked once for all tests of this run: wording every card takes seconds."""

from datetime import date
from functools import cache

from bot.review.checking import Report, check
from bot.review.rendering import Shown
from tests.sample_base import KNOWLEDGE

TODAY = date(2026, 11, 20)


@cache
def report() -> Report:
    return check(KNOWLEDGE, TODAY)


def shown() -> Shown:
    found = report().shown
    assert found is not None
    return found
