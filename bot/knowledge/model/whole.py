"""The whole base as one value, with the words and example messages of each language. Part of `model`."""

from collections.abc import Callable, Mapping
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
    writer: str = ""


@dataclass(frozen=True, slots=True)
class Examples:
    """Example messages (`examples/*.tsv`), each with who wrote it. Topics named there need not have an entry yet."""

    topics: tuple[TopicExample, ...] = ()
    alarms: tuple[AlarmExample, ...] = ()
    scope: tuple[ScopeExample, ...] = ()
    roles: tuple[RoleExample, ...] = ()

    def of(self, wanted: Callable[[str], bool]) -> "Examples":
        """Those whose writer is wanted."""
        return Examples(
            tuple(one for one in self.topics if wanted(one.writer)),
            tuple(one for one in self.alarms if wanted(one.writer)),
            tuple(one for one in self.scope if wanted(one.writer)),
            tuple(one for one in self.roles if wanted(one.writer)),
        )


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
    """What messages are compared with, and what is learned from."""
    watched: Examples = Examples()
    """Messages of the writers who are held apart: nothing is compared with them or learned from them. They show the
    learning when to stop and the cut-offs where to stand."""
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
