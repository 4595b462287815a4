"""The files of a knowledge folder, read and parsed each on its own. Called by `load`.

Which shape a file has follows from its place (`SHAPES`). Every problem is kept with file and line, so that an editor
sees all of them at once.
"""

import hashlib
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError
from rapidfuzz import fuzz, process

from bot.knowledge import model
from bot.knowledge.model import basics
from bot.knowledge.sentences import explain
from bot.knowledge.yaml_reader import LARGEST_BYTES, Document, Problem, Refused, read

MOST_FILES = 2_000
LARGEST_TABLE_BYTES = 16 * 1024 * 1024


class _Listing(BaseModel):
    """A file that holds one list under one key."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Languages(_Listing):
    languages: tuple[model.Language, ...]


class Regions(_Listing):
    regions: tuple[model.Region, ...]


class Roles(_Listing):
    roles: tuple[model.RoleListing, ...]


class SeriesListing(_Listing):
    series: tuple[model.Series, ...]


class ObservanceListing(_Listing):
    observances: tuple[model.Observance, ...]


class WithdrawnNumbers(_Listing):
    numbers: tuple[model.WithdrawnNumber, ...]


class Helplines(_Listing):
    helplines: tuple[model.Helpline, ...]


class Resources(_Listing):
    resources: tuple[model.Resource, ...]


class Services(_Listing):
    services: tuple[model.ServiceBlock, ...]


class Capabilities(_Listing):
    capabilities: tuple[model.Capability, ...]


class Safety(_Listing):
    cards: tuple[model.AlarmCard, ...]
    urgent: tuple[model.UrgentBlock, ...]


class Phrasebook(_Listing):
    phrases: Mapping[str, basics.Sentence]


class FollowUps(_Listing):
    follow_ups: Mapping[str, tuple[model.Line, ...]]


SHAPES: Mapping[str, type[BaseModel]] = {
    "languages.yaml": Languages,
    "regions.yaml": Regions,
    "roles.yaml": Roles,
    "series.yaml": SeriesListing,
    "observances.yaml": ObservanceListing,
    "withdrawn-numbers.yaml": WithdrawnNumbers,
    "helplines/*.yaml": Helplines,
    "resources/*.yaml": Resources,
    "weeks/*.yaml": model.Week,
    "*/services.yaml": Services,
    "*/capabilities.yaml": Capabilities,
    "*/safety.yaml": Safety,
    "*/phrasebook.yaml": Phrasebook,
    "*/follow-ups.yaml": FollowUps,
    "*/style.yaml": model.Style,
    "*/alarms.yaml": model.AlarmWords,
    "*/roles/*.yaml": model.RoleWords,
    "*/topics/*.yaml": model.Topic,
}
"""Which shape a file has, by its place under the folder; the first pattern that fits counts."""

TABLES = ("topics", "alarms", "scope", "roles")
"""The example messages that a language may have, each `<language>/examples/<name>.tsv`."""


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """One YAML file that has its shape. `name` is its path under the folder, with forward slashes."""

    name: str
    document: Document
    value: BaseModel

    @property
    def stem(self) -> str:
        return Path(self.name).stem

    @property
    def language(self) -> str:
        """The first folder of the path, "" for files at the top."""
        return self.name.split("/")[0] if "/" in self.name else ""


@dataclass(slots=True)
class Folder:
    """Everything read from a knowledge folder, with what is wrong in it."""

    root: Path
    files: list[ParsedFile] = field(default_factory=list)
    tables: dict[str, bytes] = field(default_factory=dict)
    """Example files (TSV) by name, unparsed."""
    problems: list[Problem] = field(default_factory=list)
    digest: str = ""

    def report(self, file: str, line: int, message: str) -> None:
        self.problems.append(Problem(file, line, message))

    @property
    def broken(self) -> bool:
        return any(not problem.warning for problem in self.problems)


def nearest(wanted: str, known: Collection[str]) -> str | None:
    """The known name most like the wanted one, or None when none is alike (RapidFuzz ratio under 60 of 100)."""
    found = process.extractOne(wanted, sorted(known), scorer=fuzz.ratio, score_cutoff=60)
    return None if found is None else str(found[0])


def suggestion(wanted: str, known: Collection[str]) -> str:
    """ ". Nearest: …" or nothing, for the end of an error message."""
    closest = nearest(wanted, known)
    return f". Nearest: {closest}" if closest else ""


def alike(texts: Sequence[str], least: float) -> Iterator[tuple[int, int, float]]:
    """Pairs of texts that are nearly the same, as indices with how alike they are (RapidFuzz ratio, `least` to 100)."""
    scores = process.cdist(texts, texts, scorer=fuzz.ratio, score_cutoff=least)
    for first, second in zip(*scores.nonzero(), strict=True):
        if first < second:
            yield int(first), int(second), float(scores[first, second])


def read_folder(root: Path) -> Folder:
    """Read and parse every YAML file under `root`, and read the TSV files beside them."""
    folder = Folder(root)
    digest = hashlib.blake2b(digest_size=16)
    for path in _paths(folder):
        data = _bytes(folder, path)
        if data is None:
            continue
        name = _name(folder, path)
        digest.update(os.fsencode(name) + b"\0" + data + b"\0")
        if path.suffix == ".tsv":
            _keep_table(folder, name, data)
        else:
            _parse(folder, name, data)
    folder.digest = digest.hexdigest()
    return folder


def _name(folder: Folder, path: Path) -> str:
    """The path under the folder as it can be shown on any screen."""
    return os.fsencode(path.relative_to(folder.root).as_posix()).decode("utf-8", "backslashreplace")


def _paths(folder: Folder) -> list[Path]:
    """The YAML and TSV files, in order. Whatever an editor would take for one of them but is none is a problem."""
    if not folder.root.is_dir():
        folder.report(folder.root.name, 1, "is not a folder: the knowledge base is missing")
        return []
    home = folder.root.resolve()
    paths = []
    for path in sorted(folder.root.rglob("*")):
        if any(part.startswith(".") for part in path.relative_to(folder.root).parts):
            continue
        refusal = _refusal(path, home)
        if refusal is not None:
            folder.report(_name(folder, path), 1, refusal)
        elif path.suffix in {".yaml", ".tsv"}:
            paths.append(path)
    if len(paths) > MOST_FILES:
        folder.report(folder.root.name, 1, f"holds more than {MOST_FILES} files")
        return []
    return paths


def _refusal(path: Path, home: Path) -> str | None:
    """Why a path must not stand in the folder, or None. Hidden files have been left out before."""
    if path.is_symlink():
        if path.is_dir():
            return "is a link to a folder: put the files themselves here"
        if not path.exists():
            return "is a link that leads nowhere"
        if not path.resolve().is_relative_to(home):
            return "is a link that leads out of the knowledge base"
    if path.suffix == ".yml":
        return "must end in .yaml"
    if path.suffix in {".yaml", ".tsv"} and not path.is_file():
        return "is not a file"
    return None


def _bytes(folder: Folder, path: Path) -> bytes | None:
    largest = LARGEST_TABLE_BYTES if path.suffix == ".tsv" else LARGEST_BYTES
    try:
        with path.open("rb") as file:
            data = file.read(largest + 1)
    except OSError as error:
        folder.report(_name(folder, path), 1, f"cannot be read: {error.strerror}")
        return None
    if len(data) > largest:
        folder.report(_name(folder, path), 1, f"is larger than {largest // 1024} KiB")
        return None
    return data


def _keep_table(folder: Folder, name: str, data: bytes) -> None:
    parts = name.split("/")
    if len(parts) == 3 and parts[1] == "examples" and parts[2].removesuffix(".tsv") in TABLES:
        folder.tables[name] = data
        return
    known = [f"{parts[0]}/examples/{table}.tsv" for table in TABLES]
    folder.report(name, 1, f"is no table of example messages{suggestion(name, known)}")


def _pattern(name: str) -> str | None:
    """The pattern of `SHAPES` that a file's place fits."""
    return next((one for one in SHAPES if one.count("/") == name.count("/") and fnmatchcase(name, one)), None)


def fits_language(name: str) -> bool:
    """Whether a file's place is under a language's folder."""
    return (_pattern(name) or "").startswith("*/")


def _parse(folder: Folder, name: str, data: bytes) -> None:
    pattern = _pattern(name)
    if pattern is None:
        folder.report(name, 1, f"is no file of the knowledge base{suggestion(name, SHAPES)}")
        return
    shape = SHAPES[pattern]
    try:
        document = read(data)
    except Refused as refusal:
        folder.report(name, refusal.line, refusal.message)
        return
    try:
        value = shape.model_validate(document.value)
    except ValidationError as error:
        folder.problems.extend(explain(name, document, error, shape, suggestion))
        return
    folder.files.append(ParsedFile(name, document, value))
