"""Rules about numbers: those that must not be shown, and those that nobody has looked at lately. Run by `check`."""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta

from pydantic import BaseModel

from bot.knowledge.checks.finding import Base, Finding, Steps
from bot.knowledge.model import Helpline

OVERDUE_AFTER = timedelta(days=90)
"""A helpline is to be looked at again this often. Past it number and date stay shown, and `check` warns."""

_PREFIXES = ("", "0", "44", "440", "0044", "353", "3530", "00353", "1", "001")
"""What may stand before the national digits: the trunk 0, or the country codes of the regions there are."""
_GROUP = re.compile(r"\d+")
_BETWEEN = re.compile(r"[^\w]{0,4}")
"""Spaces, hyphens, brackets, dots, slashes: what people put between the groups of one number."""


def withdrawn(base: Base) -> Iterator[Finding]:
    """No withdrawn number stands anywhere, however it is spaced."""
    banned = {
        prefix + digits_of(number.number).lstrip("0"): number.service
        for number in base.knowledge.withdrawn
        for prefix in _PREFIXES
    }
    for entry, file, steps, text in _texts(base):
        for service in sorted({banned[number] for number in numbers_in(text, banned)}):
            yield Finding(entry, steps, f"shows a number of {service} that must not be used", file=file)


def digits_of(text: str) -> str:
    """The decimal digits of a text, of any script, as 0 to 9."""
    return "".join(str(int(character)) for character in text if character.isdecimal())


def numbers_in(text: str, wanted: Collection[str]) -> Iterator[str]:
    """Those of the wanted digit strings that stand in the text, whatever separates their digits.

    A number is a run of whole groups of digits, so that "24/7 0808 …" hides nothing and "1234567" holds no "345".
    """
    longest = max(map(len, wanted), default=0)
    groups = list(_GROUP.finditer(text))
    for first in range(len(groups)):
        run = ""
        for at in range(first, len(groups)):
            if at > first and not _BETWEEN.fullmatch(text, groups[at - 1].end(), groups[at].start()):
                break
            run += digits_of(groups[at].group())
            if len(run) > longest:
                break
            if run in wanted:
                yield run


def _texts(base: Base) -> Iterator[tuple[object | None, str | None, Steps, str]]:
    """Every text that a reader may see, with the entry or file that it stands in and the steps to it."""
    known = base.knowledge
    groups: list[Mapping[str, BaseModel]] = [known.regions, known.helplines, known.resources, known.series, known.weeks]
    groups.append(known.observances)
    for words in known.words.values():
        groups += [words.roles, words.topics, words.capabilities, words.services, words.cards, words.urgent]
        for key, phrase in words.phrases.items():
            yield None, f"{words.language}/phrasebook.yaml", ("phrases", key), phrase
    for language, alarms in known.alarms.items():
        yield None, f"{language}/alarms.yaml", ("first_line",), alarms.first_line
    for group in groups:
        for entry in group.values():
            for steps, text in texts_of(entry.model_dump(mode="json"), ()):
                yield entry, None, steps, text


def texts_of(value: object, steps: Steps) -> Iterator[tuple[Steps, str]]:
    """The texts inside a value of mappings and lists, each with the steps to it."""
    if isinstance(value, str):
        yield steps, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from texts_of(inner, (*steps, str(key)))
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from texts_of(inner, (*steps, index))


def overdue(base: Base) -> Iterator[Finding]:
    """Warnings: numbers that readers see and nobody has looked at for longer than `OVERDUE_AFTER`."""
    if base.today is None:
        return
    for helpline in base.knowledge.helplines.values():
        if helpline.steady or not helpline.status.shows_number or not (helpline.phone or helpline.text):
            continue
        age = _age(helpline, base)
        if age is not None:
            yield Finding(helpline, (), f'helpline "{helpline.id}" {age}', warning=True)


def _age(helpline: Helpline, base: Base) -> str | None:
    days = [(day, key) for key in ("checked_on", "seen_on") if (day := getattr(helpline, key)) is not None]
    if not days or base.today is None:
        return "has no day on which its number was seen: look it up and write seen_on or checked_on"
    last, key = max(days)
    if last > base.today:
        return f"was {'checked' if key == 'checked_on' else 'seen'} on {last}, a day still to come"
    if base.today - last > OVERDUE_AFTER:
        verb = "checked" if key == "checked_on" else "seen"
        return f"was last {verb} on {last}, {(base.today - last).days} days ago: check it on the live site"
    return None
