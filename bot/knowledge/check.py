"""Rules that hold across files: ids that must exist, links and numbers that must not. Called by `load`; pure.

Shapes are the schema's work; what needs matching or wording (lengths, confusing pairs) is `review`'s. The rules
stand in `checks/`, by what they are about; this is their list.
"""

from collections.abc import Callable, Collection, Iterator
from datetime import date

from bot.knowledge.checks import answers, buttons, facts, numbers, phones, spoken, unfinished
from bot.knowledge.checks.finding import ELSEWHERE, Base, Finding, Nearest
from bot.knowledge.checks.spoken import ALARM_FAMILIES, CAPABILITIES
from bot.knowledge.model import Knowledge, Words

__all__ = ["ALARM_FAMILIES", "CAPABILITIES", "ELSEWHERE", "RULES", "RULES_OF_WORDS", "Finding", "Nearest", "findings"]

RULES: tuple[Callable[[Base], Iterator[Finding]], ...] = (
    spoken.languages,
    facts.regions,
    facts.helplines,
    facts.resources,
    facts.weeks,
    facts.observances,
    phones.phones,
    numbers.withdrawn,
    numbers.overdue,
    unfinished.skeletons,
)
"""Rules about the base as a whole."""

RULES_OF_WORDS: tuple[Callable[[Base, Words], Iterator[Finding]], ...] = (
    answers.roles,
    answers.topics,
    answers.observances,
    answers.services,
    spoken.standing,
    spoken.safety,
    spoken.capabilities,
    spoken.phrases,
    buttons.payloads,
)
"""Rules about the words of one language, run for each that is offered."""


def findings(
    knowledge: Knowledge, nearest: Nearest, zones: Collection[str] = (), today: date | None = None
) -> Iterator[Finding]:
    """Every broken rule of the base, in no particular order.

    `zones` are the IANA time zones that exist (none given: zones are not looked at). Without `today`
    nothing is overdue.
    """
    base = Base(knowledge, nearest, zones, today)
    for rule in RULES:
        yield from rule(base)
    for rule_of_words in RULES_OF_WORDS:
        for words in knowledge.words.values():
            yield from rule_of_words(base, words)
