"""Flood limits, as knobs. `World.call` asks before each sending method; a refusal is 429 with `retry_after`.

The figures of `TELEGRAM` are those of the Bots FAQ (core.telegram.org/bots/faq, "My bot is hitting limits"): about one
message a second in a chat, 20 a minute in a group, about 30 a second over all. Telegram lets short bursts
pass in a single chat, which is why no limit is on unless a world is given one.
"""

import math
from collections import defaultdict, deque
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.sandbox.refusals import too_many_requests


@dataclass(frozen=True, slots=True)
class Limits:
    """None switches a limit off."""

    overall_per_second: int | None = None
    per_chat_per_second: int | None = None
    group_per_minute: int | None = None


TELEGRAM = Limits(overall_per_second=30, per_chat_per_second=1, group_per_minute=20)


class Pace:
    """Counts what was sent in the last second and minute."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._sent: dict[int | None, deque[datetime]] = defaultdict(deque)

    def admit(self, chat_id: int, now: datetime, count: int = 1) -> None:
        """Counts `count` messages to `chat_id`, or raises `Refusal` 429 and counts nothing."""
        second, minute = timedelta(seconds=1), timedelta(minutes=1)
        rules: list[tuple[int | None, int | None, timedelta]] = [
            (None, self.limits.overall_per_second, second),
            (chat_id, self.limits.per_chat_per_second, second),
        ]
        if chat_id < 0:
            rules.append((chat_id, self.limits.group_per_minute, minute))
        for key, most, span in rules:
            self._refuse_above(key, most, span, now)
        for key in (None, chat_id):
            sent = self._sent[key]
            sent.extend([now] * count)
            while sent[0] <= now - minute:
                sent.popleft()

    def _refuse_above(self, key: int | None, most: int | None, span: timedelta, now: datetime) -> None:
        if most is None:
            return
        recent = [at for at in self._sent[key] if at > now - span]
        if len(recent) >= most:
            wait = recent[-most] + span - now
            raise too_many_requests(max(1, math.ceil(wait.total_seconds())))
