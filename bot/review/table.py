"""The knowledge base as one table, a line an entry: how it reads, what it has, who has checked it. For `check --table`.

Nothing here is judged: a dash means that there is nothing of the kind, and what is wrong stands in the check itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.knowledge.model import EVERYONE, Knowledge, Phase, Review, RoleWords, Source, Topic, Words
from bot.review.coverage import has_help
from bot.review.left_out import LeftOut, percent
from bot.review.plain_language import Grades, grades

NONE = "-"


@dataclass(frozen=True, slots=True)
class Row:
    """One entry. Grades are those of pages that parents read; `longest` is its longest sentence in words."""

    name: str
    pages: int
    average: float | None
    hardest: float | None
    longest: int
    phrasings: int | None
    found: float | None
    """Percent of its phrasings, with its examples, that come back to it when left out."""
    covered: str
    own: str
    help_in: str
    sources: int
    newest: date
    """The newest day that a source bears, or on which the entry was put together."""
    clinical: str

    def cells(self) -> tuple[str, ...]:
        grade = [NONE if one is None else f"{one:.1f}" for one in (self.average, self.hardest)]
        phrasings = NONE if self.phrasings is None else str(self.phrasings)
        found = NONE if self.found is None else f"{self.found:.1f}"
        counts = (str(self.pages), *grade, str(self.longest), phrasings, found)
        return (
            self.name,
            *counts,
            self.covered,
            self.help_in,
            str(self.sources),
            str(self.newest),
            self.clinical,
            self.own,
        )


HEADINGS = (
    "entry",
    "pages",
    "grade",
    "hardest",
    "longest",
    "phrasings",
    "found",
    "answers",
    "help in",
    "sources",
    "newest",
    "clinician",
    "own words for",
)
NUMBERS = frozenset({"pages", "grade", "hardest", "longest", "phrasings", "found", "sources"})
"""Columns that stand to the right."""


def rows(knowledge: Knowledge, words: Words, left_out: LeftOut | None = None) -> Iterator[Row]:
    """Topics, roles, weeks and the weeks and days of others, each in the order of its files."""
    found = grades(knowledge, words)
    nothing = Grades((), 0)
    back = left_out.entries if left_out and left_out.language == words.language else {}
    for topic in words.topics.values():
        name = f"topic:{topic.id}"
        yield _topic(knowledge, words, topic, found.get(name, nothing), percent(back.get(name)))
    for role in words.roles.values():
        yield _role(role, found.get(f"role:{role.id}", nothing))
    for week in knowledge.weeks.values():
        read = found.get(f"week:{week.id}", nothing)
        told = sum(len(announcement.texts) for announcement in week.announcements)
        covered = f"{told} announcements" if told else NONE
        yield _row(f"week:{week.id}", read, week.sources, week.review, covered=covered)
    for one in knowledge.observances.values():
        name = f"observance:{one.id}"
        called = len(words.pick(one.also_called))
        yield _row(name, found.get(name, nothing), one.sources, one.review, phrasings=called)


def _topic(knowledge: Knowledge, words: Words, topic: Topic, read: Grades, found: float | None) -> Row:
    own = [role for role in topic.answers if role != EVERYONE]
    offered = [region.id for region in knowledge.regions.values() if region.offered]
    helped = sum(has_help(knowledge, words, topic, region) for region in offered)
    return _row(
        f"topic:{topic.id}",
        read,
        topic.sources,
        topic.review,
        phrasings=len(topic.questions),
        found=found,
        covered=f"{1 + len(own)} of {1 + len(knowledge.roles)}",
        own=" ".join(own) or NONE,
        help_in=f"{helped} of {len(offered)}" if topic.services or topic.helplines else NONE,
    )


def _role(role: RoleWords, read: Grades) -> Row:
    counts = "+".join(str(len(role.actions.get(phase, ()))) for phase in Phase)
    covered = f"{counts} actions"
    return _row(f"role:{role.id}", read, role.sources, role.review, phrasings=len(role.also_called), covered=covered)


def _row(
    name: str,
    read: Grades,
    sources: Sequence[Source],
    review: Review,
    *,
    phrasings: int | None = None,
    found: float | None = None,
    covered: str = NONE,
    own: str = NONE,
    help_in: str = NONE,
) -> Row:
    days = [day for source in sources for day in (source.seen_on, source.checked_on) if day is not None]
    return Row(
        name=name,
        pages=len(read.pages),
        average=read.average if read.pages else None,
        hardest=read.hardest if read.pages else None,
        longest=read.longest,
        phrasings=phrasings,
        found=found,
        covered=covered,
        own=own,
        help_in=help_in,
        sources=len(sources),
        newest=max([*days, review.gathered_on]),
        clinical=review.clinical,
    )


def text(listed: Sequence[Row], roles: Sequence[str]) -> str:
    """The table in columns, then what it comes to. `roles`: the ids of those who may have words of their own."""
    cells = [HEADINGS, *(row.cells() for row in listed)]
    widths = [max(len(line[at]) for line in cells) for at in range(len(HEADINGS))]
    lines = ["  ".join(_set(cell, widths[at], HEADINGS[at]) for at, cell in enumerate(line)).rstrip() for line in cells]
    return "\n".join([*lines, "", *summary(listed, roles)])


def _set(cell: str, width: int, heading: str) -> str:
    return cell.rjust(width) if heading in NUMBERS else cell.ljust(width)


def summary(listed: Sequence[Row], roles: Sequence[str]) -> Iterator[str]:
    """What the table comes to, a line each."""
    found = [row for row in listed if row.found is not None]
    if found:
        worst = min(found, key=lambda row: row.found or 0)
        yield f"Found when left out: least {worst.found:.1f} %, {worst.name}; by nearness alone."
    graded = [row for row in listed if row.average is not None]
    if graded:
        average = sum(row.average or 0 for row in graded) / len(graded)
        hardest = max(graded, key=lambda row: row.hardest or 0)
        yield f"Reading grade: {average:.1f} on average; the hardest page {hardest.hardest:.1f}, in {hardest.name}."
    longest = max(listed, key=lambda row: row.longest, default=None)
    if longest is not None:
        yield f"Longest sentence: {longest.longest} words, in {longest.name}."
    clinical = _counted(row.clinical for row in listed)
    yield "Clinician: " + ", ".join(f"{count} {state}" for state, count in sorted(clinical.items())) + "."
    topics = [row for row in listed if row.name.startswith("topic:")]
    own = _counted(role for row in topics if row.own != NONE for role in row.own.split())
    counts = ", ".join(f"{role} {own.get(role, 0)}" for role in roles)
    yield f"Own words by role, of {len(topics)} topics: {counts}."


def _counted(listed: Iterator[str]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for one in listed:
        found[one] = found.get(one, 0) + 1
    return found
