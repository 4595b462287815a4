"""Puts the files of a knowledge folder together into one frozen `Knowledge`. Called by `assembly` at start and reload.

Nothing half-right comes out: every problem of every file is gathered, each with file and line, and only a base without
one becomes a value. What is absent later was refused here, so the rest of the house does not check again.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Protocol, TypeVar
from zoneinfo import available_timezones

from pydantic import BaseModel

from bot.errors import KnowledgeError
from bot.knowledge import files, model
from bot.knowledge.check import Finding, findings
from bot.knowledge.examples import HELD_APART, read_examples
from bot.knowledge.files import Folder, ParsedFile, fits_language, nearest, read_folder, suggestion
from bot.knowledge.model import Knowledge, Words
from bot.knowledge.yaml_reader import Problem, Steps


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


Shape = TypeVar("Shape", bound=BaseModel)
Item = TypeVar("Item", bound=_Identified)


def load(root: Path) -> Knowledge:
    """The knowledge base in `root`. Raises `KnowledgeError` with every problem, one a line."""
    knowledge, problems = inspect(root)
    errors = [str(problem) for problem in problems if not problem.warning]
    if knowledge is None or errors:
        raise KnowledgeError("\n".join(errors))
    return knowledge


def inspect(root: Path, today: date | None = None) -> tuple[Knowledge | None, Sequence[Problem]]:
    """Like `load`, but returns every problem and warning, by file and line, each once.

    The value is None when a file has not its shape: rules across files would then only repeat that. Without `today`
    nothing is reported as overdue.
    """
    inspection = look_through(root, today)
    return inspection.knowledge, inspection.problems


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found in a folder. `place` turns a further finding about the same base into file and line."""

    knowledge: Knowledge | None
    problems: Sequence[Problem]
    place: Callable[[Finding], Problem]


def look_through(root: Path, today: date | None = None) -> Inspection:
    """Like `inspect`, for those who have more to find in the base (`review`)."""
    folder = read_folder(root)
    assembler = _Assembler(folder, today)
    knowledge = None if folder.broken else assembler.assemble()
    return Inspection(knowledge, in_order(folder.problems), assembler.place)


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Each problem once, by file and line."""
    return sorted(set(problems), key=lambda problem: (problem.file, problem.line, problem.message))


@cache
def _zones() -> frozenset[str]:
    """The IANA time zones this machine knows; they do not change while it runs, and finding them takes a while."""
    return frozenset(available_timezones())


class _Assembler:
    """Collects entries by id; an id that stands twice, or not where its file says, is a problem."""

    def __init__(self, folder: Folder, today: date | None) -> None:
        self._folder = folder
        self._today = today
        self._places: dict[int, tuple[ParsedFile, Steps]] = {}
        """Where each entry stands, by the entry's identity; entries live as long as the assembler."""

    def assemble(self) -> Knowledge | None:
        languages = self._listed(files.Languages, lambda file: file.languages, "languages.yaml")
        knowledge = Knowledge(
            digest=self._folder.digest,
            languages=languages,
            regions=self._listed(files.Regions, lambda file: file.regions, "regions.yaml"),
            roles=self._listed(files.Roles, lambda file: file.roles, "roles.yaml"),
            helplines=self._listed(files.Helplines, lambda file: file.helplines),
            withdrawn=tuple(n for _, file in self._of(files.WithdrawnNumbers) for n in file.numbers),
            resources=self._listed(files.Resources, lambda file: file.resources),
            series=self._listed(files.SeriesListing, lambda file: file.series, "series.yaml"),
            weeks=self._named(model.Week),
            observances=self._listed(files.ObservanceListing, lambda file: file.observances),
            words={id: self._words(id) for id, language in languages.items() if language.offered},
            alarms={parsed.language: alarms for parsed, alarms in self._of(model.AlarmWords)},
        )
        self._unlisted_languages(languages)
        if self._folder.broken:
            return None
        for finding in findings(knowledge, nearest, _zones(), self._today):
            self._folder.problems.append(self.place(finding))
        return knowledge

    def _of(self, shape: type[Shape], language: str | None = None) -> Sequence[tuple[ParsedFile, Shape]]:
        return [
            (parsed, parsed.value)
            for parsed in self._folder.files
            if isinstance(parsed.value, shape) and language in {None, parsed.language}
        ]

    def _listed(
        self,
        shape: type[Shape],
        items: Callable[[Shape], Sequence[Item]],
        required: str | None = None,
        language: str | None = None,
    ) -> dict[str, Item]:
        """Entries of files that hold a list, by id, in the files' order."""
        listings = self._of(shape, language)
        if required is not None and not listings:
            self._folder.report(required, 1, "is missing")
        found: dict[str, Item] = {}
        for parsed, listing in listings:
            key = next(iter(shape.model_fields)) if len(shape.model_fields) == 1 else ""
            for index, item in enumerate(items(listing)):
                self._add(found, item, parsed, (key, index) if key else ())
        return found

    def _named(self, shape: type[Shape], language: str | None = None) -> dict[str, Shape]:
        """Entries that have a file of their own, named after their id."""
        found: dict[str, Shape] = {}
        for parsed, entry in self._of(shape, language):
            id = entry.id  # type: ignore[attr-defined]
            if id != parsed.stem:
                self._folder.report(parsed.name, parsed.document.line(("id",)), f'id "{id}" must be "{parsed.stem}"')
            self._add(found, entry, parsed, ())  # type: ignore[type-var]
        return found

    def _add(self, found: dict[str, Item], item: Item, parsed: ParsedFile, steps: Steps) -> None:
        if item.id in found:
            line = parsed.document.line((*steps, "id"))
            first = self._places[id(found[item.id])][0].name
            self._folder.report(parsed.name, line, f'id "{item.id}" stands twice; first in {first}')
            return
        found[item.id] = item
        self._places[id(item)] = (parsed, steps)

    def _words(self, language: str) -> Words:
        safety = {f"{language}/safety.yaml": file for _, file in self._of(files.Safety, language)}
        if not safety:
            self._folder.report(f"{language}/safety.yaml", 1, "is missing")
        phrases = [file for _, file in self._of(files.Phrasebook, language)]
        if not phrases:
            self._folder.report(f"{language}/phrasebook.yaml", 1, "is missing")
        follow_ups = [file.follow_ups for _, file in self._of(files.FollowUps, language)]
        examples = read_examples(self._folder, language)
        return Words(
            language=language,
            roles=self._named(model.RoleWords, language),
            topics=self._named(model.Topic, language),
            capabilities=self._listed(files.Capabilities, lambda f: f.capabilities, None, language),
            services=self._listed(files.Services, lambda f: f.services, f"{language}/services.yaml", language),
            urgent=self._part(language, "urgent", lambda f: f.urgent),
            cards=self._part(language, "cards", lambda f: f.cards),
            phrases={key: text for file in phrases for key, text in file.phrases.items()},
            follow_ups={kind: said for file in follow_ups for kind, said in file.items()},
            examples=examples.of(lambda writer: writer not in HELD_APART),
            watched=examples.of(lambda writer: writer in HELD_APART),
            style=next((style for _, style in self._of(model.Style, language)), None),
        )

    def _part(self, language: str, key: str, items: Callable[[files.Safety], Sequence[Item]]) -> Mapping[str, Item]:
        """One of the two lists of safety.yaml."""
        found: dict[str, Item] = {}
        for parsed, safety in self._of(files.Safety, language):
            for index, item in enumerate(items(safety)):
                self._add(found, item, parsed, (key, index))
        return found

    def _unlisted_languages(self, languages: Mapping[str, model.Language]) -> None:
        """Words in a folder of no listed language would never be read."""
        names = [*self._folder.tables, *(parsed.name for parsed in self._folder.files if fits_language(parsed.name))]
        for name in names:
            language = name.split("/")[0]
            if languages and language not in languages:
                hint = suggestion(language, languages)
                self._folder.report(name, 1, f'language "{language}" is not in languages.yaml{hint}')

    def place(self, finding: Finding) -> Problem:
        """Where a finding stands, by file and line."""
        if finding.entry is not None and id(finding.entry) in self._places:
            parsed, steps = self._places[id(finding.entry)]
            line = parsed.document.line((*steps, *finding.steps))
            return Problem(parsed.name, line, finding.message, finding.warning)
        file = finding.file or self._folder.root.name
        documents = [parsed.document for parsed in self._folder.files if parsed.name == file]
        line = documents[0].line(finding.steps) if documents else 1
        return Problem(file, line, finding.message, finding.warning)
