"""Writes the commented skeleton of a new entry, for an editor to write over. Called by the command `new`.

A skeleton has the right shape and says nothing: every line that a person must write begins with the mark of
`checks.unfinished`, which refuses the base while one is left. Nothing that exists is ever overwritten, and nothing is
written unless all of it can be.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from bot.errors import KnowledgeError
from bot.knowledge import files
from bot.knowledge.files import Folder, read_folder, suggestion
from bot.knowledge.model import Week, basics
from bot.knowledge.phrases import Phrase
from bot.knowledge.skeleton_texts import ALARMS, HELPLINES, LISTED, PHRASEBOOK, ROLE, TOPIC, WEEK
from bot.knowledge.yaml_reader import Refused, read, shortened


class Kind(StrEnum):
    ROLE = "role"
    TOPIC = "topic"
    WEEK = "week"
    REGION = "region"
    LANGUAGE = "language"


_REGION_ID = r"^[a-z]{2}(?:-[a-z0-9]{1,8})?$"
_WEEK_ID = r"^([a-z0-9]+(?:-[a-z0-9]+)*)-([0-9]{4})$"

_FORMS: dict[Kind, tuple[str, str]] = {
    Kind.ROLE: (basics.SLUG, "small letters, digits and single hyphens, such as health-visitor"),
    Kind.TOPIC: (basics.SLUG, "small letters, digits and single hyphens, such as safe-sleep"),
    Kind.WEEK: (_WEEK_ID, "its series and its year, such as imhaw-2031"),
    Kind.REGION: (_REGION_ID, "a country's two small letters, and a part after a hyphen, such as fr or us-oh"),
    Kind.LANGUAGE: (basics.LANGUAGE_ID, "two or three small letters, such as fr"),
}
LONGEST_ID = 40
_LISTINGS = {Kind.ROLE: "roles.yaml", Kind.REGION: "regions.yaml", Kind.LANGUAGE: "languages.yaml"}


@dataclass(frozen=True, slots=True)
class Skeleton:
    """What `new` writes. `name` is relative to the knowledge folder; `appended` text goes to the end of its list."""

    name: str
    text: str
    appended: bool = False


def write_skeleton(root: Path, kind: Kind, id: str, today: date) -> Sequence[str]:
    """Write the skeleton of a new entry and return the names of the files written, relative to `root`.

    `today` becomes the day on which the entry's facts are gathered. Raises KnowledgeError, and then nothing is written,
    for an id of the wrong form, an id that exists, a file in the way, or a list that cannot be added to.
    """
    pattern, form = _FORMS[kind]
    if not re.fullmatch(pattern, id) or len(id) > LONGEST_ID:
        raise KnowledgeError(f'"{shortened(id)}" cannot be the id of a {kind}: it must be {form}')
    folder = read_folder(root)
    parts = _parts(folder, kind, id, today)
    for part in parts:
        if not part.appended and (root / part.name).exists():
            raise KnowledgeError(f"{part.name} exists already and was left as it is")
    texts = {part.name: _with_entry(root, part, id) if part.appended else part.text for part in parts}
    for name, text in texts.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8", newline="\n")
    return list(texts)


def _parts(folder: Folder, kind: Kind, id: str, today: date) -> list[Skeleton]:
    gaps = {"id": id, "today": today.isoformat(), "upper": id.upper()}
    listed = [Skeleton(_LISTINGS[kind], LISTED[kind.value].format(**gaps), appended=True)] if kind in _LISTINGS else []
    if kind is Kind.ROLE:
        return [*listed, *(Skeleton(f"{one}/roles/{id}.yaml", ROLE.format(**gaps)) for one in _offered(folder))]
    if kind is Kind.TOPIC:
        return [Skeleton(f"{one}/topics/{id}.yaml", TOPIC.format(**gaps)) for one in _offered(folder)]
    if kind is Kind.REGION:
        return [*listed, Skeleton(f"helplines/{id}.yaml", HELPLINES.format(**gaps))]
    if kind is Kind.LANGUAGE:
        phrases = "".join(f'  {phrase.value}: "{_placeholder(phrase)}"\n' for phrase in Phrase)
        return [
            *listed,
            Skeleton(f"{id}/alarms.yaml", ALARMS.format(**gaps)),
            Skeleton(f"{id}/phrasebook.yaml", PHRASEBOOK.format(**gaps) + phrases),
        ]
    return [_week(folder, id, gaps)]


def _placeholder(phrase: Phrase) -> str:
    gaps = " ".join(f"{{{gap}}}" for gap in sorted(phrase.gaps))
    return f"✎ Write this sentence, with {gaps}" if gaps else "✎ Write this sentence"


def _week(folder: Folder, id: str, gaps: dict[str, str]) -> Skeleton:
    series, year = id.rsplit("-", 1)
    listings = [parsed.value for parsed in folder.files if isinstance(parsed.value, files.SeriesListing)]
    known = {one.id: one for listing in listings for one in listing.series}
    if series not in known:
        raise KnowledgeError(f'series "{series}" does not exist in series.yaml{suggestion(series, known)}')
    editions = [parsed.value for parsed in folder.files if isinstance(parsed.value, Week)]
    taken = next((week.id for week in editions if (week.series, str(week.year)) == (series, year)), None)
    if taken is not None:
        raise KnowledgeError(f'week "{taken}" is the edition of {year} already')
    return Skeleton(f"weeks/{id}.yaml", WEEK.format(**gaps, series=series, year=year))


def _offered(folder: Folder) -> list[str]:
    """The languages in which a new entry needs words."""
    listings = [parsed.value for parsed in folder.files if isinstance(parsed.value, files.Languages)]
    offered = [language.id for listing in listings for language in listing.languages if language.offered]
    if not offered:
        raise KnowledgeError("languages.yaml must name an offered language before anything can be added")
    return offered


def _with_entry(root: Path, part: Skeleton, id: str) -> str:
    """The text of a list's file with the entry added at its end, comments kept. Read again to see that it took."""
    path = root / part.name
    try:
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        before = _ids(text)
    except (OSError, ValueError, Refused) as error:
        raise KnowledgeError(f"{part.name} cannot be added to: check the knowledge base first") from error
    if id in before:
        raise KnowledgeError(f'{part.name} has "{id}" already')
    indents = re.findall(r"^( *)- ", text, re.MULTILINE)
    indent = min(indents, key=len) if indents else "  "
    lines = (f"{indent}{line}" if line else line for line in part.text.splitlines())
    grown = text.rstrip("\n") + "\n" + "\n".join(lines) + "\n"
    try:
        grew = _ids(grown) == [*before, id]
    except (ValueError, Refused):
        grew = False
    if not grew:
        raise KnowledgeError(f'{part.name} is laid out so that "{id}" must be added by hand')
    return grown


def _ids(text: str) -> list[str]:
    """The ids in the one list of a file. Raises ValueError for any other file."""
    value = read(text.encode()).value
    entries = next(iter(value.values()), None) if isinstance(value, dict) else None
    if not isinstance(entries, list):
        raise ValueError("no list")
    return [str(entry["id"]) if isinstance(entry, dict) and "id" in entry else "" for entry in entries]
