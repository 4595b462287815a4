"""Labelled messages asked and judged: the figures of `evaluate FILE…`, by topic, role and pair, and with slips.

Called by `cli`. `evaluation` defines right and wrong; here it is counted in parts. The chance that the first is right
is taken from the matcher's own answer, so a message that was settled without matching has none.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.conversation.scene import Mind
from bot.language.reading import Reading
from bot.matching.matcher import Match, Matcher
from bot.review import evaluation
from bot.review.asked import ask
from bot.review.evaluation import Labelled, Share
from bot.review.slips import slipped

BINS = 10
"""Of the chance, equally wide, for the calibration error (Naeini et al. 2015)."""
COLUMNS = ("right first", "right or offered", "confidently wrong")
PAIRS = 15
"""Pairs of entries that are shown; `--json` has all."""
SLIPS: Mapping[str, int] = {"as written": 0, "one slip": 1, "two slips": 2}
NOTHING = "nothing"
NO_ROLE = "no role given"


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled message and what the bot made of it."""

    labelled: Labelled
    result: Mapping[str, Any]
    """An object of `ask --json`."""
    chance: float | None
    """That the first is right, as the matcher sees it, 0 to 1; None where no entry was named or none was ranked."""

    @property
    def named(self) -> list[str]:
        return evaluation.named(self.labelled, self.result)

    @property
    def right_first(self) -> bool:
        return self.named[:1] != [] and self.named[0] in self.labelled.accept


class _Watched:
    """A matcher that remembers its last answer."""

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher
        self.last: Match | None = None

    def match(self, reading: Reading, *, role: str | None = None) -> Match:
        self.last = self._matcher.match(reading, role=role)
        return self.last


def judge(mind: Mind, messages: Iterable[Labelled], now: datetime, slips: int = 0) -> list[Judged]:
    """Asks every message, with that many slips put into it. Raises as `ask` does."""
    watched = _Watched(mind.matcher)
    watching = replace(mind, matcher=watched)
    judged = []
    for labelled in messages:
        watched.last = None
        text = slipped(labelled.text, slips)
        result = ask(watching, text, now, role=labelled.role, region=labelled.region)
        chance = watched.last.right if watched.last and evaluation.named(labelled, result) else None
        judged.append(Judged(labelled, result, chance))
    return judged


@dataclass(frozen=True, slots=True)
class Bin:
    """Messages whose chance lies in one tenth of 0 to 1."""

    count: int
    chance: float
    """Mean of the chances."""
    right: float
    """Share that was right first."""


def bins(judged: Iterable[Judged]) -> list[Bin]:
    """The tenths that hold a message, lowest first; only messages in scope that have a chance."""
    held: defaultdict[int, list[Judged]] = defaultdict(list)
    for one in with_chance(judged):
        held[min(BINS - 1, int((one.chance or 0.0) * BINS))].append(one)
    return [
        Bin(
            len(held[at]),
            sum(one.chance or 0.0 for one in held[at]) / len(held[at]),
            sum(one.right_first for one in held[at]) / len(held[at]),
        )
        for at in sorted(held)
    ]


def with_chance(judged: Iterable[Judged]) -> list[Judged]:
    """The messages in scope that calibration can look at."""
    return [one for one in judged if one.labelled.accept and one.chance is not None]


def calibration_error(listed: Sequence[Bin]) -> float | None:
    """Expected calibration error, 0 to 1: mean distance of chance and share over the bins, by their counts."""
    count = sum(one.count for one in listed)
    return sum(one.count * abs(one.chance - one.right) for one in listed) / count if count else None


def by_group(judged: Iterable[Judged], group: Callable[[Labelled], str]) -> dict[str, dict[str, Share]]:
    """`COLUMNS` of the messages in scope by group, the worst group first, then by name."""
    members: defaultdict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        if one.labelled.accept:
            members[group(one.labelled)].append(one)
    figures = {name: _figures(listed) for name, listed in members.items()}
    rows = {name: {column: shares[column] for column in COLUMNS} for name, shares in figures.items()}
    return dict(sorted(rows.items(), key=lambda row: (row[1][COLUMNS[0]].hits / row[1][COLUMNS[0]].of, row[0])))


def topic_of(labelled: Labelled) -> str:
    return labelled.topic or min(labelled.accept)


def role_of(labelled: Labelled) -> str:
    return labelled.role or NO_ROLE


def confusions(judged: Iterable[Judged]) -> list[tuple[str, str, int]]:
    """What was meant, what was named first instead (or `NOTHING`) and how often; the most frequent first."""
    pairs = Counter(
        (topic_of(one.labelled), one.named[0] if one.named else NOTHING)
        for one in judged
        if one.labelled.accept and not one.right_first
    )
    return sorted(((meant, first, count) for (meant, first), count in pairs.items()), key=lambda row: (-row[2], row))


@dataclass(frozen=True, slots=True)
class Report:
    """Every figure over a list of messages; `judged` by the names of `SLIPS`."""

    judged: Mapping[str, Sequence[Judged]]

    @property
    def as_written(self) -> Sequence[Judged]:
        return self.judged["as written"]

    def text(self) -> str:
        parts = [
            self._figures_table(),
            _group_table("topic, worst first", by_group(self.as_written, topic_of)),
            _group_table("role, worst first", by_group(self.as_written, role_of)),
            "\n".join(["most often mistaken", *self._mistaken()]),
        ]
        return "\n\n".join(parts)

    def as_json(self) -> dict[str, Any]:
        """The figures as written by row at the top, the rest under a key each."""
        tenths = bins(self.as_written)
        return {
            **evaluation.as_json(_figures(self.as_written)),
            "by_topic": _groups_json(by_group(self.as_written, topic_of)),
            "by_role": _groups_json(by_group(self.as_written, role_of)),
            "confusions": [
                {"meant": meant, "named": first, "messages": count}
                for meant, first, count in confusions(self.as_written)
            ],
            "calibration": {
                "error": calibration_error(tenths),
                "bins": [{"messages": one.count, "chance": one.chance, "right": one.right} for one in tenths],
            },
            "slips": {
                name: {
                    **evaluation.as_json(_figures(listed)),
                    "calibration error": calibration_error(bins(listed)),
                }
                for name, listed in self.judged.items()
                if SLIPS[name]
            },
        }

    def _figures_table(self) -> str:
        columns = {name: _figures(listed) for name, listed in self.judged.items()}
        lines = [f"{'':38s}" + "".join(f"{name:>20s}" for name in columns)]
        for row in evaluation.ROWS:
            cells = [f"{shares[row]!s:>20s}" for shares in columns.values()]
            lines += [f"{row:38s}{''.join(cells)}"]
        errors = [calibration_error(bins(listed)) for listed in self.judged.values()]
        label = f"calibration error ({BINS} bins)"
        last = ["-" if error is None else f"{100 * error:.1f} points" for error in errors]
        return "\n".join([*lines, f"{label:38s}" + "".join(f"{cell:>20s}" for cell in last)])

    def _mistaken(self) -> list[str]:
        return [f"{count:8d}  {meant}, read as {first}" for meant, first, count in confusions(self.as_written)[:PAIRS]]


def report(mind: Mind, messages: Sequence[Labelled], now: datetime) -> Report:
    """Asks every message three times: as written, with one slip, and with two. Raises as `ask` does."""
    return Report({name: judge(mind, messages, now, slips) for name, slips in SLIPS.items()})


def _figures(judged: Iterable[Judged]) -> dict[str, Share]:
    return evaluation.figures((one.labelled, one.result) for one in judged)


def _group_table(heading: str, rows: Mapping[str, Mapping[str, Share]]) -> str:
    lines = [f"{heading:38s}{'messages':>10s}" + "".join(f"{column:>20s}" for column in COLUMNS)]
    for name, shares in rows.items():
        cells = "".join(f"{100 * share.hits / share.of:18.1f} %" for share in shares.values())
        lines.append(f"{name:38s}{shares[COLUMNS[0]].of:10d}{cells}")
    return "\n".join(lines)


def _groups_json(rows: Mapping[str, Mapping[str, Share]]) -> dict[str, Any]:
    return {
        name: {"messages": shares[COLUMNS[0]].of} | {column: share.hits for column, share in shares.items()}
        for name, shares in rows.items()
    }
