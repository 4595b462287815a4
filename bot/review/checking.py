"""The whole check of a knowledge folder: the loader's problems, then what an editor should hear. Called by `check`."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.knowledge.checks.finding import Finding
from bot.knowledge.load import in_order, load, look_through
from bot.knowledge.model import Knowledge, Words
from bot.knowledge.yaml_reader import Problem
from bot.review import table
from bot.review.alike import too_alike
from bot.review.coverage import phases_without_action, regions_without_help
from bot.review.danger import unreadable_patterns
from bot.review.left_out import LeftOut
from bot.review.links import broken_links, links, visit
from bot.review.moved import Moved
from bot.review.plain_language import plain_language
from bot.review.rendering import Shown, cards
from bot.review.unused import long_labels, never_named, never_shown

RULES: tuple[Callable[[Knowledge, Words], Iterator[Finding]], ...] = (
    plain_language,
    too_alike,
    phases_without_action,
    regions_without_help,
    never_named,
)
"""Warnings about the words of one language. What must not be at all is refused by the loader."""


@dataclass(frozen=True, slots=True)
class Report:
    """What `check` prints: one line a problem, then what was looked at."""

    errors: Sequence[str]
    warnings: Sequence[str]
    looked_at: str
    shown: Shown | None = None
    """What the cards show; None while errors stand in the way of wording them."""
    moved: Moved | None = None

    def text(self) -> str:
        near = [str(self.moved)] if self.moved and not self.moved.far else []
        last = f"{len(self.errors)} errors, {len(self.warnings)} warnings. {self.looked_at}".rstrip()
        return "\n".join([*self.errors, *self.warnings, *near, last])


def check(
    folder: Path,
    today: date,
    *,
    visit_links: bool = False,
    moved: Callable[[Knowledge], Moved | None] = lambda _: None,
) -> Report:
    """Every problem of the folder as of `today`. Only with `visit_links` is anything asked of the network.

    `moved`: compares the base with an artefact; far apart, that is a warning.
    """
    inspection = look_through(folder, today)
    knowledge, problems = inspection.knowledge, list(inspection.problems)
    if knowledge is not None:
        problems += map(inspection.place, unreadable_patterns(knowledge))
    if knowledge is None or any(not problem.warning for problem in problems):
        return _report(in_order(problems), [], "Cards are worded once the errors are mended.")
    shown, unfit = Shown(), dict[str, None]()
    for words in knowledge.words.values():
        unfit |= dict.fromkeys(_worded(knowledge, words, today, shown))
        for rule in RULES:
            problems += map(inspection.place, rule(knowledge, words))
        problems += map(inspection.place, long_labels(words, shown))
    problems += map(inspection.place, never_shown(knowledge, shown))
    looked_at = f"{shown.cards} cards worded, all within Telegram's limits; {shown.sourced} with source and date."
    if visit_links:
        visits = visit(url for url, _, _ in links(knowledge))
        problems += map(inspection.place, broken_links(knowledge, visits))
        refused = sum(one.refused for one in visits)
        looked_at += f" {len(visits)} links visited; {refused} turn programs away and need a person."
    return _report(in_order(problems), list(unfit), "" if unfit else looked_at, shown, moved(knowledge))


def as_table(folder: Path, found: LeftOut | None = None) -> str:
    """The base as one table, a line an entry; `found` fills a column of it. Raises `KnowledgeError`."""
    knowledge = load(folder)
    tables = (
        table.text(list(table.rows(knowledge, words, found)), list(knowledge.roles))
        for words in knowledge.words.values()
    )
    return "\n\n".join(tables)


def _report(
    problems: Sequence[Problem],
    unfit: Sequence[str],
    looked_at: str,
    shown: Shown | None = None,
    moved: Moved | None = None,
) -> Report:
    warnings = [str(problem) for problem in problems if problem.warning]
    warnings += [f"warning: {moved}"] if moved and moved.far else []
    errors = [str(problem) for problem in problems if not problem.warning]
    return Report([*errors, *unfit], warnings, looked_at, shown, moved)


def _worded(knowledge: Knowledge, words: Words, today: date, shown: Shown) -> Iterator[str]:
    for card in cards(knowledge, words, today):
        shown.add(card)
        problem = card.problem()
        if problem is not None:
            yield f"{words.language}: {problem}"
