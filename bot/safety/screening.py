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

CARD_FROM = 0.65
"""Chance of CARD from which the whole card is shown.

Chosen on messages of the writer held apart (`Words.watched`): 86 % of the dangerous had a card, 8 % of innocent scary
ones and 1.5 % of ordinary ones; at 0.75 it was 79, 6 and 1.3 %. `python -m tests.goals` measures the outcome on
messages that chose nothing.
"""

SUPPORT_FROM = 0.27
"""Chance of CARD or SUPPORT together from which a support line is shown."""
NAMED_FROM = 0.65
"""Cosine to the nearest dangerous example below which a support line by example names no danger: to somebody who is
only tired, "if you feel like hurting yourself" would be a fright."""
HARMLESS_BELOW = 0.03
"""Chance of CARD below which a rule that found something raises the support line and no card: head and examples both
take the message for harmless then ("he locked us out by mistake, two hours in the sunshine"). Of 1,100 dangerous
messages by other writers it took the card from 2 that had it, of 1,100 innocent scary ones from 30."""
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
        judged = self._learned.judge(reading.vectors)
        # A text that could not be read by its meaning is judged by its wording alone.
        harmless = bool(len(reading.vectors)) and judged.card < HARMLESS_BELOW
        found = [self._by_rule(hit, harmless=harmless) for hit in self._rules.find(reading.texts)]
        return _severest([*found, *self._by_example(judged, found)])

    def screen_words(self, text: str) -> Alarm | None:
        """By rules alone, without the encoder. Never raises; of a long text only beginning and end are read."""
        ends = (text,) if len(text) <= MOST_CHARACTERS else (text[:MOST_CHARACTERS], text[-MOST_CHARACTERS:])
        return _severest([self._by_rule(hit) for hit in self._rules.find(ends)])

    def _by_rule(self, hit: RuleHit, *, harmless: bool = False) -> Alarm:
        soft = hit.softened or (harmless and hit.language == self._language)
        tier: Tier = 3 if soft else hit.tier or self._tier(hit.family)
        softened = " (softened)" if soft else ""
        return Alarm(hit.family, tier, hit.language, (f"{hit.family}: {hit.pattern}{softened}",))

    def _by_example(self, judged: Judgement, rules: Sequence[Alarm]) -> Iterator[Alarm]:
        if judged.card + judged.support < SUPPORT_FROM:
            return
        tier = self._tier(judged.family) if judged.card >= CARD_FROM else 3
        # A danger said in another language is answered in it, whoever judges it the more severe.
        language = rules[0].language if rules else self._language
        because = f"like {judged.family} ({judged.nearest:.2f}): card {judged.card:.2f}, support {judged.support:.2f}"
        named = tier != 3 or judged.nearest >= NAMED_FROM
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
