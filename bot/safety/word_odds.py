"""How much the wording of a message speaks for danger: naive Bayes over runs of one to three words. Used by `learned`.

The encoder hears what is meant and mistakes "his cough is killing me" for danger; plain counts of who says "killing me"
how often know better. Counted anew whenever the knowledge base is loaded (about 0.3 s for 4,500 examples).
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from bot.safety.tape import END, pieces

LONGEST_RUN = 3
UNSEEN = 0.1
"""Added to every count (Lidstone smoothing)."""
FEWEST = 2
"""Examples that a run must stand in to count at all."""


class WordOdds:
    """Log odds of a message's words under dangerous against other examples."""

    def __init__(self, dangerous: Sequence[str], others: Sequence[str]) -> None:
        """Texts as cleaned for the encoder."""
        for_it, against = _counts(dangerous), _counts(others)
        many, few = len(dangerous) + 2 * UNSEEN, len(others) + 2 * UNSEEN
        self._odds = {
            run: math.log((for_it[run] + UNSEEN) / many) - math.log((against[run] + UNSEEN) / few)
            for run in {**for_it, **against}
            if for_it[run] + against[run] >= FEWEST
        }

    def of(self, text: str) -> float:
        """Above 0 for wording more usual among the dangerous, below for the others; 0.0 for wording never met.

        The sum over all runs is divided by the root of their number, as neighbouring runs say much the same.
        """
        runs = _runs(text)
        return sum(self._odds.get(run, 0.0) for run in runs) / math.sqrt(len(runs))


def _counts(texts: Iterable[str]) -> Counter[tuple[str, ...]]:
    return Counter(run for text in texts for run in _runs(text))


def _runs(text: str) -> set[tuple[str, ...]]:
    words = (END, *pieces(text), END)
    return {
        words[start : start + length]
        for length in range(1, LONGEST_RUN + 1)
        for start in range(len(words) - length + 1)
    }
