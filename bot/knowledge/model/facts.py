"""What the facts of the knowledge base look like: languages, regions, helplines, links. Part of `model`."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from bot.knowledge.model.basics import (
    DIGITS,
    INTERNATIONAL,
    Day,
    Entry,
    HelplineId,
    HttpsUrl,
    LanguageId,
    Line,
    Names,
    ResourceId,
    Said,
    Slug,
    Source,
    Status,
    Zone,
)


class Language(Entry):
    """`offered` languages have a whole folder of words; the others only alarm phrases and a first line."""

    id: LanguageId
    name: Line
    offered: bool = False


class Calling(Entry):
    """How a country's telephone numbers are made, so that both forms of one can be held together."""

    code: Annotated[str, StringConstraints(pattern=DIGITS)]
    """The country's code, without the plus."""
    trunk: Annotated[str, StringConstraints(pattern=DIGITS)] | None = None
    """What is dialled first inside the country, and left out from abroad."""
    digits: tuple[int, ...] = Field(min_length=1)
    """How many digits may follow the code."""


class Region(Entry):
    id: Slug
    parent: Slug | None = None
    offered: bool = True
    zones: tuple[Zone, ...] = Field(min_length=1)
    """IANA time zones in use there."""
    calling: Calling | None = None
    """None: its parent's, and with none there its numbers are not looked at."""
    emergency: HelplineId
    name: Said
    within: Said
    """With its preposition, as in "in Scotland"."""
    also_called: Names


class Phone(Entry):
    """`spoken` as people write it locally; `international` with + and country code, null for short codes."""

    spoken: Line
    international: Annotated[str, StringConstraints(pattern=INTERNATIONAL)] | None = None


class TextLine(Entry):
    """A text service: the keyword to send (null when any words will do) and the number to send it to."""

    number: Line
    keyword: Line | None = None


class Helpline(Entry):
    """One service that people can reach, with the status that its number was seen in."""

    id: HelplineId
    name: Line
    serves: tuple[Slug, ...] = Field(min_length=1)
    """Regions; a parent region covers its children."""
    for_what: Said
    """A few words: whom or what it is for."""
    phone: Phone | None = None
    text: TextLine | None = None
    email: Line | None = None
    chat: bool = False
    website: HttpsUrl | None = None
    website_status: Status | None = None
    """Set when the address is weaker than the number."""
    hours: Said | None = None
    hours_confirmed: bool = False
    note: Said | None = None
    status: Status
    steady: bool = False
    """Emergency and national short numbers that never expire."""
    sources: tuple[Source, ...] = Field(min_length=1)
    seen_on: Day | None = None
    checked_on: Day | None = None


class WithdrawnNumber(Entry):
    """A number that must not be shown anywhere, however it is spaced."""

    number: Line
    service: Line
    why: Line


class ResourceKind(StrEnum):
    REPORT = "report"
    GUIDE = "guide"
    GUIDELINE = "guideline"
    TOOLKIT = "toolkit"
    CAMPAIGN = "campaign"
    FILM = "film"
    SERVICE = "service"
    RESEARCH = "research"
    TRAINING = "training"
    BRIEFING = "briefing"
    PAGE = "page"


class Resource(Entry):
    """A link, once. `reference` is its number in the list that the links were gathered from."""

    id: ResourceId
    title: Line
    kind: ResourceKind
    url: HttpsUrl
    regions: tuple[Slug, ...] = ()
    """Where it applies; empty: anywhere."""
    reference: Line | None = None
    about: Said
    archived: bool = False
    """Kept for the record; may be gone, so shown as old."""
    status: Status
    seen_on: Day | None = None
    checked_on: Day | None = None
