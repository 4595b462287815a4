"""The matcher that runs: phrasings of one language's words against a reading's vectors. Built by `assembly` for each
language, anew when the knowledge base changes.
"""

import re
from collections.abc import Iterator, Sequence

import numpy as np

from bot.knowledge.model import Capability, Knowledge, RoleGroup, Topic, Words
from bot.language.encoder import Heads
from bot.language.reading import Reading
from bot.language.vectors import PhrasingVectors
from bot.matching.calibration import Signals, chance_ours, chance_right
from bot.matching.decision import MOST_TARGETS, Ranked, Verdict, decide, is_sure
from bot.matching.matcher import Decision, DeclineKind, Match
from bot.matching.ranking import OUTSIDE, Phrasing, Phrasings, Ridge, combine, softmax
from bot.matching.refusing import kind_of
from bot.matching.speaker import Speaker

OWN_ROLE = "role-actions"
"""The capability that becomes the role's own card when the role is known."""
SAID_LIFT = 1.4
"""A message that says its writer's role more often asks what that role can do."""
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")


class EncoderMatcher:
    """Implements `Matcher` with the tuned encoder's heads and local kernel ridge over the phrasings."""

    def __init__(self, words: Words, knowledge: Knowledge, heads: Heads, vectors: PhrasingVectors) -> None:
        """Raises ValueError when there is neither an entry nor an example to compare with."""
        self._words = words
        self._knowledge = knowledge
        self._heads = heads
        phrasings = list(_phrasings(words))
        if not phrasings:
            raise ValueError(f'language "{words.language}" has no phrasings to match with')
        self._phrasings = Phrasings(phrasings, vectors.of([phrasing.text for phrasing in phrasings]))
        self._broader = {topic.id: topic.part_of for topic in words.topics.values() if topic.part_of}
        self._entries = {topic.id: topic.review.clinical != "not-applicable" for topic in words.topics.values()}
        self._entries |= dict.fromkeys(words.capabilities, False)
        self.speaker = Speaker(words, knowledge, heads)

    def match(self, reading: Reading, *, role: str | None = None) -> Match:
        """Never raises for any reading; a role that has no words counts as unknown."""
        if reading.own == 0:
            return Match(Decision.DECLINE, kind=DeclineKind.UNKNOWN, because=("too long to be read",))
        said = self.speaker.said_roles(reading, known=role)
        role = said[0] if said else role
        scores, signals, ridge = self.weigh(reading, said=bool(said))
        ranked = Ranked(
            scores, self._entries, chance_ours(signals), chance_right(signals), kind_of(reading, ridge.kinds)
        )
        because = tuple(self._because(reading, ranked, ridge))
        if role and self._introduced(reading, role, said, ranked):
            return Match(Decision.ANSWER, (f"role:{role}",), because=(f"says who they are: {role}", *because))
        verdict = decide(ranked)
        targets = tuple(dict.fromkeys(self._targets(verdict, reading, role)))[:MOST_TARGETS]
        return Match(verdict.decision, targets, verdict.kind, because, ranked.right)

    def _introduced(self, reading: Reading, role: str, said: Sequence[str], ranked: Ranked) -> bool:
        """Whether the role's own card answers. Families come with a question ("im a single mum"): it goes first."""
        if not said:
            return False
        listing = self._knowledge.roles.get(role)
        first = listing is None or listing.group is RoleGroup.FAMILY
        alone = self.speaker.only_introduces(reading) and not (first and is_sure(ranked))
        return alone or self.speaker.asks_own_part(reading)

    def weigh(self, reading: Reading, *, said: bool) -> tuple[Sequence[tuple[str, float]], Signals, Ridge]:
        """Scores by label, best first, averaged over the windows of a long message, before anything is decided.

        `said`: whether the message says its writer's role. Takes a reading of at least one window.
        """
        vectors = reading.corrected_vectors
        chances = softmax(self._heads.topic_logits(vectors))
        ridges = [self._phrasings.ridge(vector) for vector in vectors]
        totals: dict[str, float] = {}
        for chance, ridge in zip(chances, ridges, strict=True):
            head = dict(zip(self._heads.topics, map(float, chance), strict=True))
            for label, score in combine(head, ridge.scores, self._broader).items():
                totals[label] = totals.get(label, 0.0) + score / len(ridges)
        if said and OWN_ROLE in totals:
            totals[OWN_ROLE] *= SAID_LIFT
        scores = sorted(totals.items(), key=lambda item: (-item[1], item[0]))
        clearest = max(ridges, key=lambda ridge: ridge.cosine)
        signals = Signals(
            top=scores[0][1],
            second=self._second(scores),
            inside=max((score for label, score in clearest.scores.items() if label != OUTSIDE), default=0.0),
            outside=clearest.scores.get(OUTSIDE, 0.0),
            scope=float(np.max(self._heads.scope_logits(vectors))),
        )
        return scores, signals, clearest

    def _second(self, scores: Sequence[tuple[str, float]]) -> float:
        best = scores[0][0]
        family = {best, self._broader.get(best, best)}
        return next(
            (score for label, score in scores[1:] if label not in family and self._broader.get(label) not in family),
            0.0,
        )

    def _targets(self, verdict: Verdict, reading: Reading, role: str | None) -> Iterator[str]:
        for place, label in enumerate(verdict.labels):
            edition = self._edition(label, reading) if place == 0 else None
            if edition:
                yield f"week:{edition}"
            if label == OWN_ROLE and role in self._words.roles:
                yield f"role:{role}"
            else:
                yield f"action:{label}" if label in self._words.capabilities else f"topic:{label}"

    def _edition(self, label: str, reading: Reading) -> str | None:
        """The edition of the label's week that the message names by its year, if the base has it."""
        topic = self._words.topics.get(label)
        years = {int(year) for year in _YEAR.findall(reading.corrected)}
        if topic is None or topic.week is None or len(years) != 1:
            return None
        series = topic.week.series
        weeks = (week for week in self._knowledge.weeks.values() if week.series == series and week.year in years)
        return min((week.id for week in weeks), default=None)

    def _because(self, reading: Reading, ranked: Ranked, ridge: Ridge) -> Iterator[str]:
        if reading.fixes:
            yield "read " + ", ".join(f'"{fix.was}" as "{fix.now}"' for fix in reading.fixes)
        yield f'nearest phrasing: "{ridge.nearest.text}" ({ridge.nearest.label}, cosine {ridge.cosine:.2f})'
        yield "scores: " + ", ".join(
            f"{label} {score:.2f}{'' if label in self._entries else ' (no entry)'}"
            for label, score in ranked.scores[:3]
        )
        yield f"chance that it is ours {ranked.ours:.2f}, that the first is right {ranked.right:.2f}"


def _phrasings(words: Words) -> Iterator[Phrasing]:
    """Example messages, curated questions and titles; the same text under one label once."""
    seen: set[tuple[str, str]] = set()
    entries: list[Topic | Capability] = [*words.topics.values(), *words.capabilities.values()]
    pairs = [(entry.id, text) for entry in entries for text in (entry.title, *entry.questions)]
    pairs += [(example.topic, example.text) for example in words.examples.topics]
    for pair in pairs:
        if pair not in seen:
            seen.add(pair)
            yield Phrasing(*pair)
    for outside in words.examples.scope:
        yield Phrasing(OUTSIDE, outside.text, outside.kind)
