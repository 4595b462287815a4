"""Turns raw scores into two probabilities: is a message ours at all, and is the best label the right one.

Two separate logistic calibrators, because one for both does worse. They are not fitted at load: the encoder was tuned
on the same examples, so leaving one out would flatter. The coefficients below come from messages that nothing was
learned from: those of the writers held apart (`Words.watched`) and tests/questions/en, each as it stands and once more
with one and with two slips of the keyboard, 5,382 in scope and 981 out of it (`python -m tests.cutoffs` fits them).
Both are logistic regressions by Newton's method: `RIGHT` on the messages in scope, whether the best label is accepted,
L2 penalty 1; `OURS` on all, those out of scope weighted to count as much as the others, L2 penalty 5; the biases go
unpenalised. Agreement of head and ridge, the cosine and the head's own chance as further features gained nothing.
Called by `EncoderMatcher`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Calibrator:
    """Logistic function of a few features."""

    bias: float
    weights: tuple[float, ...]

    def __call__(self, features: Sequence[float]) -> float:
        """Probability; one feature a weight."""
        total = self.bias + sum(weight * feature for weight, feature in zip(self.weights, features, strict=True))
        return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, total))))


@dataclass(frozen=True, slots=True)
class Signals:
    """What the calibrators look at."""

    top: float
    """Score of the best label (0 to 1 + RIDGE_SHARE)."""
    second: float
    """Score of the best label that is neither broader nor finer than it."""
    inside: float
    """Best ridge score of a label."""
    outside: float
    """Ridge score of the messages that are not for us."""
    scope: float
    """Logit of the scope head, above 0 when it takes the message for ours."""


OURS = Calibrator(bias=-1.61, weights=(0.55, 4.77, -5.14))
"""Of scope logit, best ridge score inside, ridge score outside."""
RIGHT = Calibrator(bias=-1.24, weights=(0.82, 1.26))
"""Of top score and its margin over the second."""
SCOPE_REACH = 6.0
"""The scope logit is held to plus and minus this: beyond it the head is only surer of itself, not right more often."""


def chance_ours(signals: Signals) -> float:
    scope = max(-SCOPE_REACH, min(SCOPE_REACH, signals.scope))
    return OURS((scope, signals.inside, signals.outside))


def chance_right(signals: Signals) -> float:
    return RIGHT((signals.top, signals.top - signals.second))
