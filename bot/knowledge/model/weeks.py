"""Awareness weeks: the series that come every year and their editions, and the weeks and days of others. Part of
`model`.
"""

from collections.abc import Mapping
from datetime import date

from pydantic import Field

from bot.knowledge.model.basics import (
    Day,
    Entry,
    Hashtag,
    HttpsUrl,
    Names,
    ResourceId,
    Review,
    Said,
    Slug,
    Source,
    Status,
)


class Announcement(Entry):
    """A broadcast text of a week's plan: days from the week's first day, per role or for everyone."""

    id: Slug
    days_from_start: int
    title: Said
    texts: Mapping[Slug, Said]


class Event(Entry):
    title: Said
    on: Day
    url: HttpsUrl | None = None
    regions: tuple[Slug, ...] = ()


class DailyTopic(Entry):
    """What the organisers gave one day of a week to."""

    on: Day
    topic: Said


class Week(Entry):
    """One edition of an awareness week, whole: `knowledge/weeks/<id>.yaml`."""

    id: Slug
    series: Slug
    year: int
    name: Said
    starts: Day
    ends: Day
    regions: tuple[Slug, ...] = ()
    theme: Said | None = None
    hashtags: tuple[Hashtag, ...] = ()
    goal: Said | None = None
    happened: Names | None = None
    """What was done in it, a line each."""
    take_part: Names | None = None
    resources: tuple[ResourceId, ...] = ()
    events: tuple[Event, ...] = ()
    daily_topics: tuple[DailyTopic, ...] = ()
    pledge: Said | None = None
    announcements: tuple[Announcement, ...] = ()
    status: Status
    sources: tuple[Source, ...] = Field(min_length=1)
    review: Review

    def is_over(self, on: date) -> bool:
        return on > self.ends

    def is_running(self, on: date) -> bool:
        return self.starts <= on <= self.ends


class Series(Entry):
    """A week that comes every year (`knowledge/series.yaml`); its editions are `Week`s."""

    id: Slug
    name: Said
    also_called: Names
    about: Said
    month: int = Field(ge=1, le=12)
    official_page: ResourceId
    take_part: Names
    regions: tuple[Slug, ...] = ()
    sources: tuple[Source, ...] = Field(min_length=1)
    review: Review


class Statement(Entry):
    """Something said of an observance, with a status of its own: what nobody has confirmed is said to be so."""

    says: Said
    status: Status

    @property
    def is_confirmed(self) -> bool:
        return self.status.shows_number


class Held(Entry):
    """What is known of one year of an observance: its days, a theme or a remark, or both."""

    year: int
    starts: Day | None = None
    ends: Day | None = None
    """Left out for a single day."""
    note: Said | None = None


class Observance(Entry):
    """A week, day or month that others keep (`knowledge/observances.yaml`), with little more than when and whose."""

    id: Slug
    name: Said
    also_called: Names
    """What people call it. A message that holds one of these is told of this observance and no other."""
    about: Said
    organiser: Statement
    when: Statement
    """In words, as a source or its organisers put it. No date is ever worked out from them."""
    fixed: bool = False
    """Whether `when` names the same days each year, so that no year needs dates of its own."""
    month: int = Field(ge=1, le=12)
    """In which it ends: from then on people ask of next year."""
    held: tuple[Held, ...] = ()
    topic: Slug | None = None
    """The topic on what it is about, for a button."""
    resources: tuple[ResourceId, ...] = ()
    regions: tuple[Slug, ...] = ()
    """Where it is kept; empty: in many countries."""
    sources: tuple[Source, ...] = Field(min_length=1)
    review: Review
