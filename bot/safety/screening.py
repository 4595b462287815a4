"""Is anybody in danger? `Screen` is asked about every message before anything else is done with it.

Built by `assembly` for each state of the knowledge base, asked by `conversation` (with a reading) and by `service`
(with bare words, when nothing else works). It keeps nothing and knows nobody.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.knowledge.model import AlarmCard, AlarmExample, AlarmWords
from bot.language.encoder import Heads, Vectors
from bot.language.reading import Reading
from bot.safety.learned import UNKNOWN, Judgement, Learned
from bot.safety.rules import RuleBook, RuleHit

MOST_CHARACTERS = 4096
"""A longer text is read at its beginning and end only, so much of each."""
OWN_LANGUAGE = "en"

SEVEREST_FIRST = (
    "medical-emergency-baby",
    "medical-emergency-parent",
    "harm-to-baby",
    "shaking",
    "psychosis",
    "suicide",
    "domestic-abuse-danger",
    "child-abuse",
    "self-harm",
    "abandonment",
    "general",
)
"""Which family speaks when several are equally urgent: the one where minutes count most."""

Tier = Literal[1, 2, 3]


@dataclass(frozen=True, slots=True)
class Alarm:
    """Somebody may be in danger. Tier 1: the emergency number first; 2: an urgent line today; 3: a support line."""

    family: str
    tier: Tier
    language: str
    """In which the danger was said."""
    because: tuple[str, ...] = ()
    """For `ask --why`: editors' patterns, families and chances; never the person's words."""


@dataclass(frozen=True, slots=True)
class CutOffs:
    """Every cut-off of the room. `python -m tests.cutoffs` shows what each would bring on messages that nothing was
    learned from; `python -m tests.goals` measures what these bring on others.
    """

    unsure: float = 0.2
    """Chance of CARD from which the words of a rule that is not sure raise the card."""
    card: float = 0.76
    """Chance of CARD from which the whole card is shown: the highest at which explicit messages lose nothing."""
    support: float = 0.28
    """Chance of CARD or SUPPORT together from which a support line is shown."""
    named: float = 0.78
    """Cosine to the nearest dangerous example below which a support line by example names no danger: to somebody who
    is only tired, "if you feel like hurting yourself" would be a fright. Of nine in ten who are low it is below."""


CUT_OFFS = CutOffs()


@dataclass(frozen=True, slots=True)
class Weighed:
    """What both layers make of one message, before anything is decided."""

    hits: Sequence[RuleHit]
    judged: Judgement
    read: bool
    """Whether it could be read by its meaning; if not, its wording alone judges."""


class Screen:
    """Rules and examples together; the most severe of what they find counts."""

    def __init__(
        self,
        alarms: Mapping[str, AlarmWords],
        cards: Mapping[str, AlarmCard],
        examples: Sequence[AlarmExample],
        vectors: Vectors,
        heads: Heads,
        *,
        language: str = OWN_LANGUAGE,
    ) -> None:
        """`alarms` by language, `cards` by family, `vectors` (n, 384) of `examples`, which are in `language`.

        Raises PatternError for a rule that cannot be read, ValueError when examples and vectors do not fit.
        """
        self._rules = RuleBook(alarms)
        self._learned = Learned(examples, vectors, heads)
        self._tiers: dict[str, Tier] = {family: 1 if card.tier == "1" else 2 for family, card in cards.items()}
        self._language = language

    @property
    def vocabulary(self) -> frozenset[str]:
        """Every word the rules of the screen's own language know, for spelling."""
        return self._rules.vocabulary(self._language)

    def screen(self, reading: Reading) -> Alarm | None:
        """The most severe alarm by rules or examples. Never raises for any reading."""
        return self.decide(self.weigh(reading))

    def weigh(self, reading: Reading) -> Weighed:
        """Never raises for any reading."""
        judged = self._learned.judge(reading.vectors)
        return Weighed(self._rules.find(reading.texts), judged, read=bool(len(reading.vectors)))

    def decide(self, weighed: Weighed, cut: CutOffs = CUT_OFFS) -> Alarm | None:
        """Sure wording counts whatever the examples make of it; what they find is added."""
        harmless = weighed.read and weighed.judged.card < cut.unsure
        found = [self._by_rule(hit, doubted=harmless and not hit.sure) for hit in weighed.hits]
        return _severest([*found, *self._by_example(weighed, cut)])

    def screen_words(self, text: str) -> Alarm | None:
        """By rules alone, without the encoder. Never raises; of a long text only beginning and end are read."""
        ends = (text,) if len(text) <= MOST_CHARACTERS else (text[:MOST_CHARACTERS], text[-MOST_CHARACTERS:])
        return _severest([self._by_rule(hit) for hit in self._rules.find(ends)])

    def _by_rule(self, hit: RuleHit, *, doubted: bool = False) -> Alarm:
        tier: Tier = 3 if hit.softened or doubted else hit.tier or self._tier(hit.family)
        lowered = " (softened)" if hit.softened else " (doubted)" if doubted else ""
        return Alarm(hit.family, tier, hit.language, (f"{hit.family}: {hit.pattern}{lowered}",))

    def _by_example(self, weighed: Weighed, cut: CutOffs) -> Iterator[Alarm]:
        judged, hits = weighed.judged, weighed.hits
        if judged.card + judged.support < cut.support:
            return
        tier = self._tier(judged.family) if judged.card >= cut.card else 3
        # A danger said in another language is answered in it, whoever judges it the more severe.
        language = hits[0].language if hits else self._language
        because = f"like {judged.family} ({judged.nearest:.2f}): card {judged.card:.2f}, support {judged.support:.2f}"
        named = tier != 3 or judged.nearest >= cut.named
        yield Alarm(judged.family if named else UNKNOWN, tier, language, (because,))

    def _tier(self, family: str) -> Tier:
        return self._tiers.get(family, 2)


def _severest(alarms: Sequence[Alarm]) -> Alarm | None:
    """The one of lowest tier, then of the family that comes first, then found first, with everybody's reasons."""
    if not alarms:
        return None
    first = min(alarms, key=lambda alarm: (alarm.tier, _rank(alarm.family)))
    reasons = dict.fromkeys([*first.because, *(reason for alarm in alarms for reason in alarm.because)])
    return Alarm(first.family, first.tier, first.language, tuple(reasons))


def _rank(family: str) -> int:
    return SEVEREST_FIRST.index(family) if family in SEVEREST_FIRST else len(SEVEREST_FIRST)
