"""Answer, offer or decline: every cut-off of the room stands in `CutOffs` and nowhere else.

A label without an entry is a rival: when it wins, the message is about something that the base cannot answer yet, so
nothing is answered; entries that are nearly as good are offered. Called by `EncoderMatcher`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.matching.matcher import Decision, DeclineKind

MOST_TARGETS = 3


@dataclass(frozen=True, slots=True)
class CutOffs:
    """Probabilities and shares of the best score at which the decision turns.

    Set on the messages of `calibration`: as many right answers as possible with at most 3 % of the messages in scope
    answered wrongly and 2 % of those out of scope answered at all. How many alternatives are shown hardly matters: any
    share up to 0.25 finds 94.7 to 95 % of the right ones. `python -m tests.cutoffs` shows what each would bring,
    `python -m tests.goals` the outcome on messages that set nothing.
    """

    answer_right: float = 0.8
    clinical_right: float = 0.82
    """The same for an entry whose words need a clinician's eye."""
    answer_ours: float = 0.6
    offer_ours: float = 0.13
    """Below this chance of being ours a message is declined."""
    offer_share: float = 0.2
    """An offered label has at least this share of the best label's score."""
    behind_rival_share: float = 0.35
    """The same where the best label is a rival without an entry."""
    mention_share: float = 0.25
    """An alternative beside an answer."""


CUT_OFFS = CutOffs()


@dataclass(frozen=True, slots=True)
class Ranked:
    """Labels by score, best first, and what is known of them."""

    scores: Sequence[tuple[str, float]]
    entries: Mapping[str, bool]
    """Labels that have an entry; True where it is clinical."""
    ours: float
    right: float
    kind: DeclineKind
    """What the message is if it is not ours."""


@dataclass(frozen=True, slots=True)
class Verdict:
    decision: Decision
    labels: tuple[str, ...] = ()
    kind: DeclineKind | None = None


def decide(ranked: Ranked, cut: CutOffs = CUT_OFFS) -> Verdict:
    """Takes at least one score. Labels in the verdict all have entries."""
    best, top = ranked.scores[0]
    if ranked.ours < cut.offer_ours:
        return Verdict(Decision.DECLINE, kind=ranked.kind)
    if best not in ranked.entries:
        near = _near(ranked, cut.behind_rival_share * top)
        return Verdict(Decision.OFFER, near) if near else Verdict(Decision.DECLINE, kind=DeclineKind.UNKNOWN)
    needed = cut.clinical_right if ranked.entries[best] else cut.answer_right
    if ranked.right >= needed and ranked.ours >= cut.answer_ours:
        return Verdict(Decision.ANSWER, _near(ranked, cut.mention_share * top))
    return Verdict(Decision.OFFER, _near(ranked, cut.offer_share * top))


def is_sure(ranked: Ranked, cut: CutOffs = CUT_OFFS) -> bool:
    """Whether the best label, with an entry or not, would be answered by an entry that is not clinical."""
    return ranked.right >= cut.answer_right and ranked.ours >= cut.answer_ours


def _near(ranked: Ranked, least: float) -> tuple[str, ...]:
    near = [label for label, score in ranked.scores if score >= least and label in ranked.entries]
    return tuple(near[:MOST_TARGETS])
