"""Things that go wrong on demand: the knobs that tests and the try-out turn. Read by `World.call` before each method.

In-process a lost answer surfaces as `FaultTimeout` or `FaultDropped`, as a client would meet it: neither says whether
the message was delivered. Over HTTP (http.py) the answer is withheld or the connection closed.
"""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum


class FaultTimeout(Exception):
    """No answer came before the client's patience ended; whether the request took effect is unknown."""

    def __init__(self, release: asyncio.Event | None = None) -> None:
        super().__init__("no answer came in time")
        self.release = release
        """When set, http.py closes the connection that it keeps waiting."""


class FaultDropped(Exception):
    """The connection broke before an answer came; whether the request took effect is unknown."""

    def __init__(self) -> None:
        super().__init__("the connection was lost")


class FaultKind(StrEnum):
    TOO_MANY_REQUESTS = "429"
    SERVER_ERROR = "5xx"
    TIMEOUT_BEFORE = "timeout before delivery"
    TIMEOUT_AFTER = "timeout after delivery"
    DROPPED_BEFORE = "dropped before delivery"
    DROPPED_AFTER = "dropped after delivery"
    SLOW = "slow"
    UNREADABLE = "unreadable answer"
    """Delivered and answered 200 with a body that is not JSON."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong with one request."""

    kind: FaultKind
    retry_after_s: int = 1
    status: int = 502
    """HTTP status of `SERVER_ERROR`."""
    delay_s: float = 1.0
    """How long `SLOW` waits, unless `release` is given."""
    release: asyncio.Event | None = None
    """`SLOW` and the timeouts over HTTP wait for this event instead of the clock."""


@dataclass(slots=True)
class _Rule:
    fault: Fault
    due: Callable[[], bool]
    method: str | None
    chat: int | None
    left: int | None = field(default=None)

    def concerns(self, method: str, chat: int | None) -> bool:
        return self.method in (None, method) and self.chat in (None, chat) and self.left != 0


class Faults:
    """Rules in the order they were added; the first that concerns a request and is due decides.

    Every rule may be narrowed to a `method` (its exact name) and a `chat` (id). `getUpdates` is spared unless named,
    so that a rule for "everything" does not stop the bot from hearing.
    """

    def __init__(self, seed: int = 0) -> None:
        self._random = random.Random(seed)  # noqa: S311 - repeatable faults, nothing secret
        self._rules: list[_Rule] = []
        self.struck = 0
        """How many requests met a fault."""

    def next(self, fault: Fault, times: int = 1, *, method: str | None = None, chat: int | None = None) -> None:
        """The next `times` requests that the rule concerns meet the fault."""
        self._rules.append(_Rule(fault, lambda: True, method, chat, times))

    def every(self, nth: int, fault: Fault, *, method: str | None = None, chat: int | None = None) -> None:
        """Each `nth` request that the rule concerns meets the fault; 1 means all of them."""
        if nth < 1:
            raise ValueError("a fault can strike every first request at the most often")
        seen = 0

        def due() -> bool:
            nonlocal seen
            seen += 1
            return seen % nth == 0

        self._rules.append(_Rule(fault, due, method, chat))

    def chance(self, probability: float, fault: Fault, *, method: str | None = None, chat: int | None = None) -> None:
        """Each request that the rule concerns meets the fault with this probability, from 0 to 1."""
        if not 0 <= probability <= 1:
            raise ValueError("a probability lies between 0 and 1")
        self._rules.append(_Rule(fault, lambda: self._random.random() < probability, method, chat))

    def clear(self) -> None:
        """All is well again."""
        self._rules.clear()

    def pick(self, method: str, chat: int | None) -> Fault | None:
        """The fault that this request meets, None for none. Using up and counting happen here."""
        for rule in self._rules:
            if method == "getUpdates" and rule.method is None:
                continue
            if rule.concerns(method, chat) and rule.due():
                if rule.left is not None:
                    rule.left -= 1
                self.struck += 1
                return rule.fault
        return None
