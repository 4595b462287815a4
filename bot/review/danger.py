"""Patterns of danger that cannot be read: each is an error with its file and line. Run by `checking`.

The screen refuses a base with one such pattern as a whole; here the editor hears of every one, and where it stands.
"""

from collections.abc import Iterator

from bot.knowledge.checks.finding import Finding
from bot.knowledge.model import AlarmWords, Knowledge
from bot.safety.patterns import Grammar, PatternError
from bot.safety.rules import RuleBook


def unreadable_patterns(knowledge: Knowledge) -> Iterator[Finding]:
    """Every pattern and softener of every language that the screen cannot read."""
    for language, alarms in knowledge.alarms.items():
        file = f"{language}/alarms.yaml"
        try:
            RuleBook({language: alarms})
        except PatternError as refusal:
            found = list(_one_by_one(alarms, file))
            yield from found or [Finding(None, ("words",), str(refusal), file=file)]


def _one_by_one(alarms: AlarmWords, file: str) -> Iterator[Finding]:
    try:
        grammar = Grammar(alarms.words)
    except PatternError as refusal:
        yield Finding(None, ("words",), str(refusal), file=file)
        return
    for at, rule in enumerate(alarms.rules):
        for which, text in enumerate(rule.patterns):
            try:
                grammar.pattern(text)
            except PatternError as refusal:
                yield Finding(None, ("rules", at, "patterns", which), str(refusal), file=file)
    for at, text in enumerate(alarms.softeners):
        try:
            grammar.softener(text)
        except PatternError as refusal:
            yield Finding(None, ("softeners", at), str(refusal), file=file)
