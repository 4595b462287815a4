"""When a broadcast pauses by itself: better a person looks than a thousand readers get the same error. Pure."""

from collections import deque
from dataclasses import dataclass, field

WINDOW = 200
MOST_FAILED_SHARE = 0.05
EQUAL_REFUSALS = 20


@dataclass(slots=True)
class Health:
    """The last settled deliveries of one broadcast."""

    outcomes: deque[bool] = field(default_factory=lambda: deque(maxlen=WINDOW))
    """Whether each failed for good."""
    refusal: str | None = None
    equal: int = 0

    def note(self, *, failed: bool, refusal: str | None = None) -> str | None:
        """Take in one settled delivery; `refusal` is Telegram's reason for a 400. Gives why to pause, if so."""
        self.outcomes.append(failed)
        if refusal is None:
            self.refusal, self.equal = None, 0
        else:
            self.equal = self.equal + 1 if refusal == self.refusal else 1
            self.refusal = refusal
        if self.equal >= EQUAL_REFUSALS:
            return f"{EQUAL_REFUSALS} in a row were refused for the same reason"
        if len(self.outcomes) == WINDOW and sum(self.outcomes) > MOST_FAILED_SHARE * WINDOW:
            return f"more than {MOST_FAILED_SHARE:.0%} of the last {WINDOW} failed for good"
        return None
