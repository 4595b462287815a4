"""Text as somebody writes it in a file: **bold**, *italic* or _italic_ and [links](https://…), as Telegram's entities.

Everything else stays as it is written; a backslash takes a mark its meaning. Offsets and lengths are in UTF-16 units,
as Telegram counts. Used by the command line; in the chat an organiser's own message carries its entities already.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.errors import UsageError

Entities = tuple[dict[str, Any], ...]
_STYLES = {"**": "bold", "*": "italic", "_": "italic"}
_TOKEN = re.compile(
    r"\\(?P<plain>[\\*_\[\]()])|(?P<mark>\*\*|\*|_)|(?P<link>\[)|(?P<label_end>\]\()|(?P<words>.)", re.DOTALL
)
_ADDRESS = re.compile(r"(?P<address>https://[^\s()<>]+(?:\([^\s()<>]*\)[^\s()<>]*)*)\)")


@dataclass(slots=True)
class _Open:
    """A mark that waits for its partner."""

    mark: str
    line: int
    offset: int


def read_marked(marked: str) -> tuple[str, Entities]:
    """The text without its marks, and its entities. Raises UsageError, with the line, for a mark without a partner."""
    return _Reader("\n".join(marked.strip().splitlines())).read()


class _Reader:
    def __init__(self, marked: str) -> None:
        self._marked = marked
        self._at = 0
        self._text = ""
        self._open: list[_Open] = []
        self._entities: list[dict[str, Any]] = []

    def read(self) -> tuple[str, Entities]:
        while self._at < len(self._marked):
            found = _TOKEN.match(self._marked, self._at)
            assert found is not None
            start, self._at = self._at, found.end()
            kind, said = found.lastgroup, found.group()
            if kind == "plain":
                self._text += found["plain"]
            elif kind == "mark" and self._marks(said, start):
                continue
            elif kind == "link" and "](" in self._rest_of_paragraph():
                self._begin("[", start)
            elif kind == "label_end" and any(one.mark == "[" for one in self._open):
                self._end_link(start)
            else:
                self._text += said
        if self._open:
            first = self._open[0]
            raise UsageError(
                f"Line {first.line}: “{first.mark}” is opened and never closed; put a backslash before it if it "
                "shall stand there itself."
            )
        return self._text, tuple(sorted(self._entities, key=lambda one: (one["offset"], -one["length"], one["type"])))

    def _marks(self, mark: str, start: int) -> bool:
        """Whether a star or an underscore opened or closed something; else it stands for itself, as in “2 * 3”."""
        before = self._marked[start - 1 : start]
        after = self._marked[self._at : self._at + 1]
        inner = mark == "_" and before.isalnum() and after.isalnum()
        if any(one.mark == mark for one in self._open) and not before.isspace() and not inner:
            opened = self._open.pop()
            if opened.mark != mark:
                raise UsageError(f"Line {opened.line}: “{opened.mark}” is not closed before “{mark}” is.")
            self._mark(_STYLES[mark], opened.offset)
            return True
        if after and not after.isspace() and not inner:
            self._begin(mark, start)
            return True
        return False

    def _begin(self, mark: str, start: int) -> None:
        self._open.append(_Open(mark, 1 + self._marked.count("\n", 0, start), _units(self._text)))

    def _end_link(self, start: int) -> None:
        opened = self._open.pop()
        line = 1 + self._marked.count("\n", 0, start)
        if opened.mark != "[":
            raise UsageError(f"Line {opened.line}: “{opened.mark}” is not closed before the link's words end.")
        found = _ADDRESS.match(self._marked, self._at)
        if found is None:
            raise UsageError(f"Line {line}: a link is written [words](https://…), without spaces in its address.")
        self._at = found.end()
        self._mark("text_link", opened.offset, url=found["address"])

    def _mark(self, kind: str, offset: int, **more: str) -> None:
        length = _units(self._text) - offset
        if length:
            self._entities.append({"type": kind, "offset": offset, "length": length, **more})

    def _rest_of_paragraph(self) -> str:
        return self._marked[self._at :].partition("\n\n")[0].partition("[")[0]


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def plain_lines(text: str, entities: Sequence[Any]) -> Iterator[str]:
    """The text for a terminal, with each link's address after its words."""
    raw = text.encode("utf-16-le")
    for one in sorted(entities, key=lambda one: one["offset"] + one["length"], reverse=True):
        if one["type"] == "text_link":
            end = 2 * (one["offset"] + one["length"])
            raw = raw[:end] + f" ({one['url']})".encode("utf-16-le") + raw[end:]
    yield from raw.decode("utf-16-le").split("\n")
