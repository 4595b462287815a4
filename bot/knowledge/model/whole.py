"""The whole base as one value, with the words and example messages of each language. Part of `model`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

from bot.knowledge.model.answers import Capability, Help, RoleListing, RoleWords, ServiceBlock, Topic
from bot.knowledge.model.danger import AlarmCard, AlarmWords, UrgentBlock
from bot.knowledge.model.facts import Helpline, Language, Region, Resource, WithdrawnNumber
from bot.knowledge.model.style import Style
from bot.knowledge.model.weeks import Observance, Series, Week

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TopicExample:
    topic: str
    also: tuple[str, ...]
    text: str
    writer: str = ""
    """Whose voice it is; learning holds one writer apart."""


AlarmLabel = Literal["CARD", "SUPPORT", "NONE"]
"""A full card, a support line beside an ordinary answer, or neither."""


@dataclass(frozen=True, slots=True)
class AlarmExample:
    label: AlarmLabel
    family: str
    text: str
    writer: str = ""


@dataclass(frozen=True, slots=True)
class ScopeExample:
    """A message that the knowledge base must not answer; `kind` says which sort of refusal it asks for."""

    kind: str
    text: str
    writer: str = ""


@dataclass(frozen=True, slots=True)
class RoleExample:
    role: str
    form: str
    text: str


@dataclass(frozen=True, slots=True)
class Examples:
    """Messages to learn from (`examples/*.tsv`). Topics named there need not have an entry yet."""

    topics: tuple[TopicExample, ...] = ()
    alarms: tuple[AlarmExample, ...] = ()
    scope: tuple[ScopeExample, ...] = ()
    roles: tuple[RoleExample, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """All words of one offered language, by id."""

    language: str
    roles: Mapping[str, RoleWords]
    topics: Mapping[str, Topic]
    capabilities: Mapping[str, Capability]
    services: Mapping[str, ServiceBlock]
    urgent: Mapping[str, UrgentBlock]
    cards: Mapping[str, AlarmCard]
    phrases: Mapping[str, str]
    """Sentences of the conversation by key (`phrases.Phrase`), with named gaps in braces."""
    follow_ups: Mapping[str, tuple[str, ...]]
    """Short wordings that lean on what was said before, by kind ("more", "again" …)."""
    examples: Examples
    style: Style | None = None
    """How this language is written; None where nobody has said."""

    def pick(self, said: Mapping[str, T]) -> T:
        """What stands for this language in a `Said` or `Names`, else its first language's."""
        return said[self.language] if self.language in said else next(iter(said.values()))


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The whole base. Swapped as one value when the files change."""

    digest: str
    """BLAKE2b of all files read; names the version."""
    languages: Mapping[str, Language]
    regions: Mapping[str, Region]
    roles: Mapping[str, RoleListing]
    helplines: Mapping[str, Helpline]
    withdrawn: tuple[WithdrawnNumber, ...]
    resources: Mapping[str, Resource]
    series: Mapping[str, Series]
    weeks: Mapping[str, Week]
    observances: Mapping[str, Observance]
    words: Mapping[str, Words]
    alarms: Mapping[str, AlarmWords]

    def lineage(self, region: str) -> tuple[str, ...]:
        """The region and its parents, nearest first. An unknown id stands alone."""
        chain: list[str] = []
        at: str | None = region
        while at is not None and at not in chain:
            chain.append(at)
            at = self.regions[at].parent if at in self.regions else None
        return tuple(chain)

    def serves(self, helpline: Helpline, region: str) -> bool:
        return not set(self.lineage(region)).isdisjoint(helpline.serves)

    def help_in(self, block: ServiceBlock, region: str | None) -> Help:
        """The block's words for a region: its own, else its parents', else `elsewhere`'s."""
        for at in (*self.lineage(region or "elsewhere"), "elsewhere"):
            if at in block.by_region:
                return block.by_region[at]
        return Help()
