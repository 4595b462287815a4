"""Strict YAML: text in, plain values and the line of every one of them out. Called by `load` alone.

Only block and flow mappings, sequences and plain scalars are taken, and every scalar stays text until the schema
converts it ("no" is a word here, not false). Anchors, aliases, tags, merge keys, second documents, duplicate keys, deep
nesting, invisible control characters and large files are refused: they are how a YAML file surprises its editor or
exhausts its reader.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import yaml

LARGEST_BYTES = 512 * 1024
DEEPEST = 12

Steps = tuple[str | int, ...]
Value = str | list["Value"] | dict[str, "Value"]

_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
"""Characters that no words need; written as escapes ("\\0") they would slip past the parser."""

_PLAINLY: Mapping[str, str] = {
    "mapping values are not allowed": 'a colon inside words: put the words in "quotation marks"',
    "cannot start any token": "a tab, or a sign such as @ or %, where words begin: use spaces, or put them in quotes",
    "could not find expected ':'": "a line without its colon, here or just above",
    "did not find expected key": "lines that do not stand in step: check the spaces at their beginning",
    "did not find expected '-' indicator": "lines that do not stand in step: check the spaces at their beginning",
    "<block end>": "lines that do not stand in step: check the spaces at their beginning",
    "block sequence entries are not allowed": "a list that begins on the line of its name: begin it on a new line",
    "unexpected end of stream": "a quotation mark that is never closed",
    "expected ',' or": "a bracket that is never closed, or a comma that is missing",
    "unknown escape character": "a \\ inside quotation marks: write it twice",
    "directive": "a line that begins with %: put the words in quotes",
}
"""What the parser's commonest complaints mean to somebody who writes words."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in the knowledge base, and where: `file` relative to its folder, `line` counted from 1."""

    file: str
    line: int
    message: str
    warning: bool = False

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {'warning: ' if self.warning else ''}{self.message}"


class Refused(Exception):
    """The text is not YAML of the strict kind; carries the line and one sentence."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


@dataclass(slots=True)
class Document:
    """The values of one file, and the line on which each stands, by path from the top."""

    value: Value
    lines: dict[Steps, int] = field(default_factory=dict)

    def line(self, path: Steps) -> int:
        """The line of the value at `path`, or of the nearest thing above it that exists."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


@dataclass(slots=True)
class _Open:
    """A mapping or sequence whose end has not been read yet."""

    value: list[Value] | dict[str, Value]
    path: Steps
    key: str | None = None


def shortened(text: str) -> str:
    """Words of a file as they are quoted in a message: one line, at most 60 characters."""
    line = " ".join(_UNSEEN.sub("?", text).split())
    return line if len(line) <= 60 else f"{line[:59]}…"


def decode(data: bytes, largest_bytes: int = LARGEST_BYTES) -> str:
    """UTF-8 text of at most `largest_bytes` without control characters, or `Refused`. A byte order mark is dropped."""
    if len(data) > largest_bytes:
        raise Refused(1, f"is larger than {largest_bytes // 1024} KiB")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(data[: error.start].count(b"\n") + 1, "is not UTF-8 text") from None
    unseen = _UNSEEN.search(text)
    if unseen:
        raise Refused(text.count("\n", 0, unseen.start()) + 1, _unseen(unseen.group()))
    return text


def read(data: bytes) -> Document:
    """Parse one file. Raises `Refused` at the first thing that is not strict YAML."""
    text = decode(data)
    builder = _Builder()
    try:
        for event in _events(text):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Refused(mark.line + 1 if mark else 1, _plainly(error.problem or error.context or "")) from None
    except (yaml.YAMLError, ValueError, OverflowError):
        # PyYAML's own parser, used where its C part is absent, lets an impossible escape out as a ValueError.
        raise Refused(1, "is not YAML") from None
    return builder.finish()


def _plainly(problem: str) -> str:
    for part, meaning in _PLAINLY.items():
        if part in problem:
            return f"is not YAML: {meaning}"
    return f"is not YAML: {shortened(problem)}"


def _unseen(character: str) -> str:
    return f"holds a character that cannot be seen (U+{ord(character):04X}): delete it"


def _events(text: str) -> Iterator[yaml.Event]:
    yield from yaml.parse(text, Loader=_Loader)


class _Builder:
    """Builds values from parser events with a stack of its own, so that nesting cannot exhaust Python's."""

    def __init__(self) -> None:
        self._open: list[_Open] = []
        self._document: Document | None = None
        self._lines: dict[Steps, int] = {}

    def take(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise Refused(line, "anchors and aliases (& and *) are not used here: write the words out")
        if getattr(event, "tag", None):
            raise Refused(line, "tags (!) are not used here")
        if isinstance(event, yaml.DocumentStartEvent) and self._document is not None:
            raise Refused(line, "holds more than one document (a second ---)")
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event.value, line)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._start({} if isinstance(event, yaml.MappingStartEvent) else [], line)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._end()

    def finish(self) -> Document:
        if self._document is None or self._document.value == "":
            raise Refused(1, "is empty")
        return self._document

    def _scalar(self, text: str, line: int) -> None:
        unseen = _UNSEEN.search(text)
        if unseen:
            raise Refused(line, _unseen(unseen.group()))
        parent = self._open[-1] if self._open else None
        if parent is not None and isinstance(parent.value, dict) and parent.key is None:
            self._key(parent, parent.value, text, line)
        else:
            self._place(text, line)

    def _key(self, parent: _Open, mapping: dict[str, Value], key: str, line: int) -> None:
        if key == "<<":
            raise Refused(line, "merge keys (<<) are not used here: write the words out")
        if key in mapping:
            raise Refused(line, f'key "{shortened(key)}" stands twice')
        parent.key = key
        self._lines[(*parent.path, key)] = line

    def _start(self, value: list[Value] | dict[str, Value], line: int) -> None:
        parent = self._open[-1] if self._open else None
        if parent is not None and isinstance(parent.value, dict) and parent.key is None:
            raise Refused(line, "a key must be a word")
        if len(self._open) >= DEEPEST:
            raise Refused(line, f"is nested deeper than {DEEPEST} levels")
        path = self._place(value, line)
        self._open.append(_Open(value, path))

    def _place(self, value: Value, line: int) -> Steps:
        if not self._open:
            self._lines[()] = line
            self._document = Document(value, self._lines)
            return ()
        parent = self._open[-1]
        if isinstance(parent.value, list):
            path: Steps = (*parent.path, len(parent.value))
            parent.value.append(value)
        else:
            assert parent.key is not None
            path = (*parent.path, parent.key)
            parent.value[parent.key] = value
            parent.key = None
        self._lines.setdefault(path, line)
        return path

    def _end(self) -> None:
        self._open.pop()
