"""The smallest shapes of the knowledge base: ids, lines of text, days, sources. Part of `model`."""

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

SLUG = r"^[a-z0-9]+(?:-[a-z0-9]+)*$"
HELPLINE_ID = r"^[A-Z]{2}(?:-[A-Z0-9]+)+$"
RESOURCE_ID = r"^[a-z0-9-]+\.[a-z0-9-]+$"
LANGUAGE_ID = r"^[a-z]{2,3}$"
ONE_LINE = r"^[^\s\x00-\x1f\x7f](?:[^\n\t\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f])?$"
WEB_ADDRESS = r"^https?://[^\s]+$"
HTTPS_ADDRESS = r"^https://[^\s]+$"
INTERNATIONAL = r"^\+[1-9][0-9 ]{4,24}[0-9]$"
DIGITS = r"^[0-9]{1,4}$"
HASHTAG = r"^#\w+$"
ZONE = r"^[A-Za-z]+(?:/[A-Za-z0-9_+-]+)*$"

Slug = Annotated[str, StringConstraints(pattern=SLUG, max_length=40)]
HelplineId = Annotated[str, StringConstraints(pattern=HELPLINE_ID, max_length=24)]
ResourceId = Annotated[str, StringConstraints(pattern=RESOURCE_ID, max_length=60)]
LanguageId = Annotated[str, StringConstraints(pattern=LANGUAGE_ID)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=ONE_LINE)]
DangerPattern = Annotated[str, StringConstraints(min_length=1, max_length=4000, pattern=ONE_LINE)]
"""A line of alarms.yaml, in the small language of `safety/patterns`; nobody is shown it, so it may be long."""
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=3000)]
"""Text of the phrasebook: it may run over several lines."""
Url = Annotated[str, StringConstraints(pattern=WEB_ADDRESS, max_length=500)]
HttpsUrl = Annotated[str, StringConstraints(pattern=HTTPS_ADDRESS, max_length=500)]
Hashtag = Annotated[str, StringConstraints(pattern=HASHTAG, max_length=100)]
Zone = Annotated[str, StringConstraints(pattern=ZONE, max_length=60)]
Said = Annotated[Mapping[LanguageId, Line], Field(min_length=1)]
Names = Annotated[Mapping[LanguageId, tuple[Line, ...]], Field(min_length=1)]

NOT_A_DAY = "not_a_day"
"""Type of the error for a date that is not written year-month-day."""


def _year_month_day(value: object) -> object:
    """Text must be written 2026-11-20: a bare number would otherwise count as seconds since 1970."""
    if isinstance(value, str) and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise PydanticCustomError(NOT_A_DAY, "not a day")
    return value


Day = Annotated[date, BeforeValidator(_year_month_day)]


class Entry(BaseModel):
    """Base of every shape: frozen, no unknown keys. Docstrings under its fields describe them in the JSON Schema."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Status(StrEnum):
    """How a fact was seen. A number is shown for the first three only; for the others the website alone."""

    OFFICIAL = "OFFICIAL"
    SECONDARY = "SECONDARY"
    DATASET = "DATASET"
    CODE = "CODE"
    GK = "GK"
    UNCONFIRMED = "UNCONFIRMED"

    @property
    def shows_number(self) -> bool:
        return self in {Status.OFFICIAL, Status.SECONDARY, Status.DATASET}


class Source(Entry):
    """Where a fact was seen. `name` is what a reader sees; `url` the address."""

    name: Line
    url: Url | None = None
    seen_on: Day | None = None
    """The date the source itself bears; null when it bears none."""
    checked_on: Day | None = None
    """The day a person read it on the live site; null when nobody has."""


class Review(Entry):
    """How far people have read an entry. `gathered_on`: the day its facts were put together from its sources."""

    gathered_on: Day
    clinical: Literal["not-applicable", "needed", "done"] = "not-applicable"
    reviewed_by: Line | None = None
