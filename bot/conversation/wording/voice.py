"""Who speaks to whom: the knowledge base, the words of a language, and the reader's role, region and day.

Every card is worded by one `Voice`; the conversation's `Scene` has one, and `review` makes its own to measure cards.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from bot.knowledge.desk_phrases import DeskPhrase
from bot.knowledge.model import Knowledge, Region, Words
from bot.knowledge.phrases import Phrase

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Voice:
    knowledge: Knowledge
    words: Words
    role: str | None
    region: str | None
    """None: not known, so the mixed short sets are shown and the card asks."""
    today: date
    named: frozenset[str] = frozenset()
    """Helplines that another message of this turn has named already."""

    def say(self, phrase: Phrase | DeskPhrase, **gaps: object) -> str:
        """The language's sentence for `phrase`, its gaps filled."""
        return self.words.phrases[phrase.value].format(**gaps)

    def pick(self, said: Mapping[str, T]) -> T:
        """What stands for the language in a `Said` or `Names`."""
        return self.words.pick(said)

    @property
    def place(self) -> Region | None:
        """The reader's region, where it is known."""
        return self.knowledge.regions.get(self.region or "")

    def emergency_number(self) -> str:
        """ "999" where the region is known; else the numbers of every region, each with its place."""
        phone = self.knowledge.helplines[self.place.emergency].phone if self.place else None
        return phone.spoken if phone else self.say(Phrase.EMERGENCY_ANYWHERE)

    def within(self) -> str:
        """ "in Scotland", or a phrase that says the region is not known yet."""
        return self.pick(self.place.within) if self.place else self.say(Phrase.WHERE_UNKNOWN)
