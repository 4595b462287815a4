"""What goes wrong, drawn from a seed: the same chat meets the same faults in every run, whatever the timing. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import blake2b
from random import Random


class Fate(StrEnum):
    """What becomes of one request."""

    ANSWERED = "answered"
    BLOCKED = "blocked"
    """403: the reader has blocked the bot."""
    THROTTLED = "throttled"
    """429: not sent, and certainly so."""
    SILENT_SENT = "sent, never answered"
    SILENT = "not sent, never answered"
    DROPPED_SENT = "sent, connection dropped"
    DROPPED = "not sent, connection dropped"
    BAD_GATEWAY_SENT = "sent, answered 502"
    BAD_GATEWAY = "not sent, answered 502"


AMBIGUOUS = (
    Fate.SILENT_SENT,
    Fate.SILENT,
    Fate.DROPPED_SENT,
    Fate.DROPPED,
    Fate.BAD_GATEWAY_SENT,
    Fate.BAD_GATEWAY,
)
ARRIVES = frozenset({Fate.ANSWERED, Fate.SILENT_SENT, Fate.DROPPED_SENT, Fate.BAD_GATEWAY_SENT})
"""Fates of messages that the reader gets."""


@dataclass(frozen=True, slots=True)
class Faults:
    """Shares of requests (of chats for `blocked`), and of the time for `refusing`."""

    seed: int
    ambiguous: float = 0.05
    throttled: float = 0.001
    blocked: float = 0.03
    refusing: float = 0.2
    """While nobody listens, connections are refused: certainly not sent."""
    outage_s: float = 0.1
    _numbers: dict[str, int] = field(default_factory=dict)
    """Requests so far, by chat."""

    def fate(self, chat: str) -> Fate:
        """Of the next request for this chat."""
        number = self._numbers[chat] = self._numbers.get(chat, 0) + 1
        if self._drawn("chat", chat) < self.blocked:
            return Fate.BLOCKED
        drawn = self._drawn("request", chat, number)
        if drawn < self.ambiguous:
            return AMBIGUOUS[int(drawn / self.ambiguous * len(AMBIGUOUS))]
        return Fate.THROTTLED if drawn < self.ambiguous + self.throttled else Fate.ANSWERED

    def outages(self) -> Iterator[tuple[float, float]]:
        """Seconds to listen, then seconds not to, again and again."""
        drawn = Random(self.seed)
        while self.refusing:
            outage_s = self.outage_s * drawn.uniform(0.5, 1.5)
            yield self.outage_s * (1 / self.refusing - 1) * drawn.uniform(0.5, 1.5), outage_s

    def _drawn(self, *what: object) -> float:
        """Evenly between 0 and 1."""
        digest = blake2b(repr((self.seed, *what)).encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big") / 2**64


def calm(seed: int) -> Faults:
    """Nothing that leaves anybody in doubt."""
    return Faults(seed, ambiguous=0.0)
