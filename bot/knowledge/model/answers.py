"""What answers look like: roles and their actions, topics, capabilities, where to turn. Part of `model`."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from bot.knowledge.model.basics import Entry, HelplineId, Line, ResourceId, Review, Slug, Source


class RoleGroup(StrEnum):
    FAMILY = "family"
    PRACTICE = "practice"
    POLICY = "policy"
    EMPLOYER = "employer"
    COMMUNITY = "community"


class RoleListing(Entry):
    id: Slug
    group: RoleGroup


class Phase(StrEnum):
    BEFORE = "before"
    DURING = "during"
    AFTER = "after"
    ALL_YEAR = "all_year"


class Action(Entry):
    """One thing somebody in a role can do."""

    id: Slug
    do: Line
    why: Line
    how: Line
    resources: tuple[ResourceId, ...] = ()


class RoleWords(Entry):
    """`knowledge/<language>/roles/<id>.yaml`."""

    id: Slug
    label: Line
    speaking: Line
    """How somebody picks it: "I'm a parent or carer"."""
    also_called: tuple[Line, ...] = Field(min_length=1)
    why: Line
    actions: Mapping[Phase, Annotated[tuple[Action, ...], Field(min_length=1)]]
    resources: tuple[ResourceId, ...] = ()
    sources: tuple[Source, ...] = Field(min_length=1)
    review: Review


EVERYONE = "everyone"
"""The key of the answer given to any role without words of its own."""


class Answer(Entry):
    """What one role hears about a topic: a warm first line, 3 to 5 pointers, then further ones, tap by tap."""

    opening: Line
    pointers: tuple[Line, ...] = Field(min_length=3, max_length=5)
    further: tuple[Annotated[tuple[Line, ...], Field(min_length=1, max_length=5)], ...] = ()


class WeekFacet(StrEnum):
    """What a topic shows from `weeks/`, worked out against today's date."""

    ABOUT = "about"
    DATES = "dates"
    THEME = "theme"
    HASHTAGS = "hashtags"
    TAKE_PART = "take-part"
    PREVIOUS = "previous"
    EVENTS = "events"
    RESOURCES = "resources"
    PLEDGE = "pledge"


class Facet(Entry):
    series: Slug
    shows: WeekFacet


class Topic(Entry):
    """`knowledge/<language>/topics/<id>.yaml`."""

    id: Slug
    title: Line
    part_of: Slug | None = None
    heavy: bool = False
    """Who asks is often low or frightened, so that a support line beside the answer may well be right."""
    questions: tuple[Line, ...] = Field(min_length=5)
    answers: Mapping[Slug, Answer]
    urgent: Slug | None = None
    """An urgent block of safety.yaml."""
    services: tuple[Slug, ...] = ()
    """Blocks of services.yaml, in the order shown."""
    helplines: tuple[HelplineId, ...] = ()
    """Shown where they serve the reader's region, before the blocks."""
    resources: tuple[ResourceId, ...] = ()
    near: tuple[Slug, ...] = ()
    week: Facet | None = None
    observances: tuple[Slug, ...] = ()
    """Weeks and days of others (observances.yaml) that the card lists with their time of year."""
    sources: tuple[Source, ...] = Field(min_length=1)
    review: Review


class Capability(Entry):
    """Something the bot does when asked in words (`action:ID`). Its doing is code; its words are here."""

    id: Slug
    title: Line
    questions: tuple[Line, ...] = Field(min_length=5)


class Help(Entry):
    """Where to turn in one region: people to ask, and helplines."""

    say: Line | None = None
    helplines: tuple[HelplineId, ...] = ()


class ServiceBlock(Entry):
    """Where to turn, by region. A region without words of its own takes its parent's; `elsewhere` is for all others."""

    id: Slug
    by_region: Mapping[Slug, Help]
    sources: tuple[Source, ...] = ()
