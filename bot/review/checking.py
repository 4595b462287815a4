"""The whole check of a knowledge folder: the loader's problems, then what needs wording. Called by `check`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.knowledge.load import inspect
from bot.knowledge.model import Knowledge
from bot.review.rendering import cards


@dataclass(frozen=True, slots=True)
class Report:
    """What `check` prints: one line a problem, then what was looked at."""

    errors: Sequence[str]
    warnings: Sequence[str]
    looked_at: str

    def text(self) -> str:
        last = f"{len(self.errors)} errors, {len(self.warnings)} warnings. {self.looked_at}"
        return "\n".join([*self.errors, *self.warnings, last])


def check(folder: Path, today: date) -> Report:
    """Every problem of the folder as of `today`."""
    knowledge, problems = inspect(folder, today)
    errors = [str(problem) for problem in problems if not problem.warning]
    warnings = [str(problem) for problem in problems if problem.warning]
    if knowledge is None or errors:
        return Report(errors, warnings, "Cards are worded once the errors are mended.")
    counted, unfit = _worded(knowledge, today)
    return Report(unfit, warnings, f"{counted} cards worded, all within Telegram's limits." if not unfit else "")


def _worded(knowledge: Knowledge, today: date) -> tuple[int, list[str]]:
    counted, problems = 0, dict[str, None]()
    for words in knowledge.words.values():
        for card in cards(knowledge, words, today):
            counted += 1
            problem = card.problem()
            if problem is not None:
                problems[f"{words.language}: {problem}"] = None
    return counted, list(problems)
