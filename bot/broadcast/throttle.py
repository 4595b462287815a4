"""How fast announcements go out: even pace, a halved one after Telegram asked for patience, and slow recovery. Pure:
time is given in seconds of any clock that only moves forward. Used by the sender.

The pace is the generic cell rate algorithm (ITU-T I.371): a send is due at a theoretical arrival time that moves on by
one interval each, so no second holds more than the rate and the burst, whatever the sends wait for.
"""

import math
from dataclasses import dataclass

BURST = 2
"""Sends that may stand right behind each other after a rest …"""
BURST_SHARE = 0.03
"""… or so much of a second's sends, where that is more: a busy machine wakes up late, and catches up."""
SLOWEST_SHARE = 1 / 32
RECOVERS_S = 60.0
"""After this long without another 429 a halved rate doubles again, until it is what was set."""
PARK_OVER_S = 300.0
"""A wait longer than this pauses the broadcast and tells the organiser."""


@dataclass(slots=True)
class Pace:
    """One lane's pace. Not shared between threads."""

    rate: float
    """Sends a second, as set."""
    share: float = 1.0
    """Of the rate, what is used now."""
    due: float = 0.0
    """Theoretical arrival time of the next send."""
    held_until: float = 0.0
    """Nothing is sent before this, because Telegram said so."""
    changed_at: float = 0.0

    @property
    def interval(self) -> float:
        return 1.0 / (self.rate * self.share)

    @property
    def _slack(self) -> float:
        # Of the rate as set: a slower one allows no larger burst.
        return (max(BURST, BURST_SHARE * self.rate) - 1) / self.rate

    def wait(self, now: float) -> float:
        """Seconds until the next send may begin; 0 when it may begin now."""
        return max(0.0, self.held_until - now, self.due - self._slack - now)

    def take(self, now: float) -> None:
        """A send begins."""
        self._recover(now)
        self.due = max(self.due, now) + self.interval

    def free(self, now: float, within: float) -> int:
        """How many sends may begin within so many seconds from now."""
        if self.held_until > now + within:
            return 0
        due = max(self.due, now, self.held_until)
        return max(0, math.floor((now + within - due + self._slack) / self.interval) + 1)

    def throttled(self, now: float, retry_after_s: float) -> bool:
        """Telegram asks to wait: hold the lane exactly that long and halve the rate. True: too long, park it.

        What comes back while the lane is held was sent before it: such a 429 may lengthen the hold, not halve again.
        """
        if now >= self.held_until:
            self.share = max(SLOWEST_SHARE, self.share / 2)
        self.held_until = max(self.held_until, now + retry_after_s)
        self.changed_at = self.held_until
        return retry_after_s > PARK_OVER_S

    def _recover(self, now: float) -> None:
        if self.share < 1.0 and now - self.changed_at >= RECOVERS_S:
            self.share = min(1.0, self.share * 2)
            self.changed_at = now
