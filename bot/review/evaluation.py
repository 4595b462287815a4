"""Figures over labelled messages. Called by `evaluate` through `breakdown`, and by whoever judges a new artefact; pure.

right first: an accepted entry at rank 1 (the target of an answer, the first of an offer). right or offered: accepted in
target or offered. confidently wrong: answered, and the target not accepted. A decline counts as not found.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.errors import UsageError
from bot.review.lines import BadLine, objects

Raised = Literal["card", "support", "none"]


@dataclass(frozen=True, slots=True)
class Labelled:
    """One line of an evaluation file."""

    text: str = field(repr=False)
    role: str | None
    region: str | None
    accept: frozenset[str]
    """Bare ids; empty when the line does not judge the answer."""
    alarm: Raised | None
    in_scope: bool
    topic: str | None = None
    """The first of `accept` as it was written: where a message is counted once, it is counted there."""


def read(name: str, lines: Iterable[bytes]) -> Iterator[Labelled]:
    """The labelled messages of a file. Raises `UsageError` with file and line at the first that cannot be used."""
    for line in objects(lines):
        if isinstance(line, BadLine):
            raise UsageError(f"{name}:{line.number}: {line.error}")
        try:
            yield parse(line.value)
        except UsageError as problem:
            raise UsageError(f"{name}:{line.number}: {problem}") from None


def parse(line: Mapping[str, Any]) -> Labelled:
    """A JSON object as `Labelled`. Raises `UsageError`."""
    text, accept, alarm = line.get("text"), line.get("accept", []), line.get("alarm")
    if not isinstance(text, str):
        raise UsageError('needs a "text"')
    if not isinstance(accept, list) or not all(isinstance(id, str) for id in accept):
        raise UsageError('"accept" must be a list of ids')
    if alarm not in {None, "card", "support", "none"}:
        raise UsageError('"alarm" must be card, support or none')
    for key in ("role", "region"):
        if not isinstance(line.get(key), str | None):
            raise UsageError(f'"{key}" must be an id')
    in_scope = line.get("in_scope", True)
    if not isinstance(in_scope, bool):
        raise UsageError('"in_scope" must be true or false')
    topic = accept[0] if accept else None
    return Labelled(text, line.get("role"), line.get("region"), frozenset(accept), alarm, in_scope, topic)


@dataclass(slots=True)
class Share:
    """A count out of a count."""

    hits: int = 0
    of: int = 0

    def add(self, hit: bool) -> None:
        self.hits += hit
        self.of += 1

    def __str__(self) -> str:
        return f"{100 * self.hits / self.of:5.1f} % of {self.of}" if self.of else "    - of 0"


ROWS = (
    "right first",
    "right or offered",
    "declined",
    "confidently wrong",
    "out of scope: answered",
    "out of scope: offered",
    "alarms: full card",
    "alarms: card or support line",
    "support wanted: card or support line",
    "no alarm: full card",
    "no alarm: support line",
)


def figures(judged: Iterable[tuple[Labelled, Mapping[str, Any]]]) -> dict[str, Share]:
    """Shares by name, in the order of `ROWS`. Each result is an object of `ask --json`."""
    shares = {row: Share() for row in ROWS}
    for labelled, result in judged:
        if labelled.accept:
            _judge_answer(shares, labelled, result)
        elif not labelled.in_scope:
            shares["out of scope: answered"].add(result["outcome"] == "answer")
            shares["out of scope: offered"].add(result["outcome"] == "offer")
        if labelled.alarm is not None:
            _judge_alarm(shares, labelled.alarm, raised(result))
    return shares


def raised(result: Mapping[str, Any]) -> Raised:
    """What a result shows: the full card, a support line, or neither."""
    if result["outcome"] == "alarm":
        return "card"
    return "support" if result["alarm"] else "none"


def table(shares: Mapping[str, Share]) -> str:
    return "\n".join(f"{name:38s}{share}" for name, share in shares.items())


def as_json(shares: Mapping[str, Share]) -> dict[str, dict[str, int]]:
    return {name: {"hits": share.hits, "of": share.of} for name, share in shares.items()}


def _bare(targets: Sequence[str | None]) -> list[str]:
    return [target.partition(":")[2] for target in targets if target]


def named(labelled: Labelled, result: Mapping[str, Any]) -> list[str]:
    """Bare ids that a result shows, best first; a finer entry counts as the accepted one that it is part of."""
    shown = _bare([result["target"], *result["offered"]])
    if result["outcome"] == "answer" and result["part_of"] and shown[0] not in labelled.accept:
        shown[0] = _bare([result["part_of"]])[0]
    return shown


def _judge_answer(shares: Mapping[str, Share], labelled: Labelled, result: Mapping[str, Any]) -> None:
    answered = result["outcome"] == "answer"
    shown = named(labelled, result)
    shares["right first"].add(bool(shown) and shown[0] in labelled.accept)
    shares["right or offered"].add(not labelled.accept.isdisjoint(shown))
    shares["declined"].add(result["outcome"] == "decline")
    shares["confidently wrong"].add(answered and shown[0] not in labelled.accept)


def _judge_alarm(shares: Mapping[str, Share], wanted: Raised, seen: Raised) -> None:
    if wanted == "card":
        shares["alarms: full card"].add(seen == "card")
        shares["alarms: card or support line"].add(seen != "none")
    elif wanted == "support":
        shares["support wanted: card or support line"].add(seen != "none")
    else:
        shares["no alarm: full card"].add(seen == "card")
        shares["no alarm: support line"].add(seen == "support")
