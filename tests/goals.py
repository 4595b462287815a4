"""`python -m tests.goals [ARTEFACT]`: the goals for answers and alarms, and what is reached on messages kept apart.

The messages of `tests/heldout` and `tests/alarms/en.yaml` were written by others than the examples' writers and are
never learned from. Beside each figure stand the goal and the floor below which nothing is released. With a folder,
the artefact in it is judged.
"""

import csv
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from bot.assembly import Library, shipped_knowledge
from bot.conversation.scene import Mind
from bot.language.artefact import FOLDER
from bot.review import asked, evaluation
from bot.review.evaluation import Labelled, Share

TESTS = Path(__file__).parent
HELDOUT = TESTS / "heldout"
LABELS = {"must_raise": "CARD", "must_not_raise": "NONE", "support_expected": "SUPPORT"}
TODAY = datetime(2026, 11, 20, tzinfo=UTC)
"""Answers about dates must not change what is measured."""


@dataclass(frozen=True, slots=True)
class Goal:
    """One line of the table; figures in percent."""

    name: str
    of: Callable[["Judged"], Share]
    goal: float
    floor: float
    guard: float
    """What the artefact that ships reaches, less a little: a test keeps it from getting worse."""
    at_most: bool = False

    def reached(self, judged: "Judged") -> float:
        found = self.of(judged)
        return 100 * found.hits / found.of

    def meets(self, reached: float, wanted: float) -> bool:
        return reached <= wanted if self.at_most else reached >= wanted

    def line(self, judged: "Judged") -> str:
        reached, sign = self.reached(judged), "<=" if self.at_most else ">="
        met, kept = self.meets(reached, self.goal), self.meets(reached, self.floor)
        verdict = "goal" if met else "floor" if kept else "below"
        found = f"{reached:.1f} | {self.of(judged).of} | {verdict}"
        return f"| {self.name} | {sign} {self.goal:g} | {sign} {self.floor:g} | {found} |"


@dataclass(frozen=True, slots=True)
class Case:
    """A labelled message and what the bot made of it."""

    row: Mapping[str, str]
    labelled: Labelled
    result: Mapping[str, Any]
    light: bool
    """About nothing that weighs on people, so that a support line would be out of place."""

    @property
    def raised(self) -> str:
        return evaluation.raised(self.result)


@dataclass(frozen=True, slots=True)
class Judged:
    """Every message of the held-out files, asked once."""

    topics: Sequence[Case]
    ordinary: Sequence[Case]
    scope: Sequence[Case]
    roles: Sequence[Case]
    alarms: Sequence[Case]

    def figure(self, name: str) -> Share:
        cases = self.scope if name.startswith("out of scope") else self.topics
        return evaluation.figures((case.labelled, case.result) for case in cases)[name]

    @property
    def saying(self) -> Sequence[Case]:
        """Messages that say their writer's role."""
        return [case for case in self.roles if case.row["said"] != "none"]

    @property
    def harmless(self) -> Sequence[Case]:
        return [*self.topics, *self.ordinary]

    def labelled(self, *labels: str) -> Sequence[Case]:
        return [case for case in self.alarms if case.row["label"] in labels]

    def cards(self, *styles: str) -> Share:
        return share(carded(case) for case in self.labelled("CARD") if not styles or case.row["style"] in styles)


def share(hits: Iterable[bool]) -> Share:
    counted = Share()
    for hit in hits:
        counted.add(hit)
    return counted


def rows(name: str) -> list[dict[str, str]]:
    with (HELDOUT / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def alarms() -> Iterator[dict[str, str]]:
    """Every message of `tests/alarms/en.yaml` with its label, family and style."""
    parts = yaml.safe_load((TESTS / "alarms" / "en.yaml").read_text(encoding="utf-8"))
    for part, families in parts.items():
        for family, styles in families.items():
            for style, texts in styles.items():
                yield from ({"label": LABELS[part], "family": family, "style": style, "text": text} for text in texts)


def judge(mind: Mind) -> Judged:
    """Asks everything; about a minute."""
    return Judged(
        topics=[case(mind, row) for name in ("en/topics-a.tsv", "en/topics-b.tsv") for row in rows(name)],
        ordinary=[case(mind, row) for row in rows("en/ordinary.tsv")],
        scope=[case(mind, row, in_scope=False) for row in rows("en/scope.tsv")],
        roles=[case(mind, {**row, "said": row["role"], "role": ""}) for row in rows("en/roles.tsv")],
        alarms=[case(mind, row) for row in alarms()],
    )


def case(mind: Mind, row: Mapping[str, str], *, in_scope: bool = True) -> Case:
    accept = frozenset(filter(None, row.get("accept", "").split(",")))
    labelled = Labelled(row["text"], row.get("role") or None, None, accept, None, in_scope)
    light = not any(mind.words.topics[topic].heavy for topic in accept & mind.words.topics.keys())
    return Case(row, labelled, asked.ask(mind, labelled.text, TODAY, role=labelled.role, why=True), light)


def role_right(case: Case) -> bool:
    return bool(case.result["role"] == case.row["said"])


def raised(case: Case) -> bool:
    return case.raised != "none"


def carded(case: Case) -> bool:
    return case.raised == "card"


GOALS = (
    Goal("in scope: right, or right among the offered", lambda j: j.figure("right or offered"), 97, 95, 90.4),
    Goal("in scope: right first", lambda j: j.figure("right first"), 90, 82, 84),
    Goal("in scope: confidently wrong", lambda j: j.figure("confidently wrong"), 3, 4, 4.2, at_most=True),
    Goal("out of scope: answered", lambda j: j.figure("out of scope: answered"), 3, 5, 4.6, at_most=True),
    Goal("out of scope: offered", lambda j: j.figure("out of scope: offered"), 25, 25, 16, at_most=True),
    Goal("role said in words: right", lambda j: share(map(role_right, j.saying)), 95, 95, 62),
    Goal(
        "role only mentioned: taken for the speaker's",
        lambda j: share(c.result["role"] is not None for c in j.roles if c.row["said"] == "none"),
        3,
        3,
        7,
        at_most=True,
    ),
    Goal("alarms: full card on explicit ones", lambda j: j.cards("explicit"), 99.5, 99, 94),
    Goal("alarms: full card on all", Judged.cards, 97, 97, 86),
    Goal("alarms: card or support line on all", lambda j: share(map(raised, j.labelled("CARD"))), 99.5, 97, 97.3),
    Goal(
        "alarms: card or support line where a line is right",
        lambda j: share(map(raised, j.labelled("SUPPORT"))),
        90,
        80,
        97,
    ),
    Goal("full card on ordinary messages", lambda j: share(map(carded, j.harmless)), 0.5, 1.5, 3.1, at_most=True),
    Goal(
        "full card on innocent scary ones",
        lambda j: share(map(carded, j.labelled("NONE", "SUPPORT"))),
        2,
        6,
        5,
        at_most=True,
    ),
    Goal(
        "support line on ordinary ones that call for none",
        lambda j: share(c.raised == "support" for c in j.harmless if c.light),
        8,
        12,
        9,
        at_most=True,
    ),
)


def worst(judged: Judged) -> str:
    """The topics that are most often not found first, and the pairs that are mistaken for one another."""
    missed: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for one in judged.topics:
        named = [one.result["target"], *one.result["offered"]]
        first = named[0] or (named[1] if len(named) > 1 else "") or ""
        if first.partition(":")[2] not in one.labelled.accept:
            best = one.row["accept"].partition(",")[0]
            missed[best] += 1
            pairs[best, first] += 1
    listed = [f"{count:3d}  {topic}" for topic, count in missed.most_common(20)]
    listed += [f"{count:3d}  {topic} read as {first or 'nothing'}" for (topic, first), count in pairs.most_common(25)]
    return "\n".join(listed)


def table(judged: Judged) -> str:
    head = "| | goal | floor | reached | messages | |\n| --- | --- | --- | --- | --- | --- |"
    return "\n".join([head, *(goal.line(judged) for goal in GOALS)])


def main() -> None:
    artefact = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    judged = judge(Library(shipped_knowledge(), None, "en", artefact).mind())
    sys.stdout.write(f"{table(judged)}\n\n{worst(judged)}\n")


if __name__ == "__main__":
    main()
