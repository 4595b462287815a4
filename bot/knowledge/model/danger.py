"""What is said in danger: urgent signs, alarm cards, and the phrasings that raise them. Part of `model`."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from bot.knowledge.model.basics import DangerPattern, Entry, Line, Review, Slug, Source


class UrgentBlock(Entry):
    """Signs that something cannot wait. `now`: the emergency number. `today`: a doctor or urgent line the same day."""

    id: Slug
    title: Line
    now: tuple[Line, ...] = Field(min_length=1)
    today: tuple[Line, ...] = ()
    contacts: Slug
    """A block of services.yaml."""
    sources: tuple[Source, ...] = Field(min_length=1)
    review: Review


class AlarmCard(Entry):
    """The words of one family's card: at most 8 short lines, contacts apart."""

    id: Slug
    tier: Literal["1", "2"]
    """1: the emergency number first. 2: an urgent line today. A rule may raise a 2 to a 1."""
    opening: Line
    what_i_am: Line
    act: Line
    keep_safe: Line
    ask: Line
    contacts: Slug
    support_line: Line
    """The one line that stands beside an ordinary answer (tier 3)."""
    support_contacts: Slug


class Rule(Entry):
    """Danger phrasing of one family. `patterns` are written in the small language of `safety/patterns`.

    `tier` overrides the family's tier (a plan, means or act raises suicide to 1). Patterns that are not `sure` stand in
    harmless messages as well ("cut myself some slack"): they raise the card where the examples see any danger at all,
    and the support line where they see none. Of a sure one nine hits in ten are dangerous, and it raises the card
    whatever the examples say.
    """

    family: Slug
    tier: Literal["1", "2"] | None = None
    sure: bool = True
    patterns: tuple[DangerPattern, ...] = Field(min_length=1)


class AlarmWords(Entry):
    """`knowledge/<language>/alarms.yaml`: how danger is said in one language."""

    first_line: Line
    machine_drafted: bool = False
    """True until a speaker of the language has read it."""
    words: Mapping[str, tuple[Line, ...]] = {}
    """Word classes that patterns name in capitals."""
    rules: tuple[Rule, ...] = Field(min_length=1)
    softeners: tuple[DangerPattern, ...] = ()
    """Patterns (negation, past, training, definition …) that turn a card into a support line."""
