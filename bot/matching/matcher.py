"""What a matcher is asked and what it answers. `conversation` knows this module and no other of the room."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.language.reading import Reading


class Decision(StrEnum):
    ANSWER = "answer"
    OFFER = "offer"
    DECLINE = "decline"


class DeclineKind(StrEnum):
    """Why there is no answer: who can answer instead depends on it."""

    MEDICINE = "medicine"
    DIAGNOSIS = "diagnosis"
    LEGAL = "legal"
    OFF_TOPIC = "off-topic"
    UNKNOWN = "unknown"
    """Perhaps ours, but nothing checked that says it."""
    OTHER_LANGUAGE = "other-language"
    GIBBERISH = "gibberish"
    INSULT = "insult"
    INJECTION = "injection"
    """Tries to change what the bot is or to get at its secrets; also commands of other bots."""


@dataclass(frozen=True, slots=True)
class Match:
    """`targets`, best first: on ANSWER the answer and at most two alternatives, on OFFER at most three, else none."""

    decision: Decision
    targets: tuple[str, ...] = ()
    """Such as "topic:sleep", "action:privacy", "week:imhaw-2025", "role:employer"."""
    kind: DeclineKind | None = None
    """Set exactly when declined."""
    because: tuple[str, ...] = ()
    """What was read, nearest phrasing, runner-up and probabilities, a line each; for `ask --why` alone."""
    right: float | None = None
    """Chance that the first is the right one, where labels were ranked; for the figures of `evaluate` alone."""


class Matcher(Protocol):
    """Finds what a message is about. Same reading and role, same match, on every machine."""

    def match(self, reading: Reading, *, role: str | None = None) -> Match: ...
