"""A rule about skeletons: what `new` writes has the right shape and is still nothing to show anybody. Run by `check`.

Every line that a person must write begins with `MARK`; the base is refused while one is left.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from pydantic import BaseModel

from bot.knowledge.checks.finding import Base, Finding
from bot.knowledge.checks.numbers import texts_of

MARK = "✎"
"""Begins every placeholder of a skeleton, and no finished line."""
UNKNOWN_DAY = date.min
"""Stands in a skeleton where a person must write a day."""

_LEFT = "still holds the skeleton's words: write your own"


def skeletons(base: Base) -> Iterator[Finding]:
    """Placeholders that nobody has written over yet, each with its line."""
    known = base.knowledge
    groups: list[Mapping[str, BaseModel]] = [known.regions, known.helplines, known.weeks]
    for words in known.words.values():
        groups += [words.roles, words.topics]
        for key, phrase in words.phrases.items():
            if MARK in phrase:
                yield Finding(None, ("phrases", key), _LEFT, file=f"{words.language}/phrasebook.yaml")
    for language in known.languages.values():
        if MARK in language.name:
            yield Finding(language, ("name",), _LEFT)
    for id, alarms in known.alarms.items():
        for steps, text in texts_of(alarms.model_dump(mode="json"), ()):
            if MARK in text:
                yield Finding(None, steps, _LEFT, file=f"{id}/alarms.yaml")
    for group in groups:
        for entry in group.values():
            yield from _in(entry)


def _in(entry: BaseModel) -> Iterator[Finding]:
    for steps, text in texts_of(entry.model_dump(mode="json"), ()):
        if MARK in text or text == UNKNOWN_DAY.isoformat():
            yield Finding(entry, steps, _LEFT)
