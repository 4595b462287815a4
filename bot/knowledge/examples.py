"""Reads the example messages of a language (`<language>/examples/*.tsv`). Called by `load`.

Tab-separated UTF-8 with a header line; the columns are those of `COLUMNS`. A line with the wrong number of columns or
an unknown label is a problem with file and line, like everywhere in the knowledge base.
"""

from collections.abc import Iterator, Sequence
from typing import cast

from bot.knowledge.files import LARGEST_TABLE_BYTES, Folder
from bot.knowledge.model import AlarmExample, AlarmLabel, Examples, RoleExample, ScopeExample, TopicExample
from bot.knowledge.yaml_reader import Refused, decode, shortened

HELD_APART = frozenset({"v", "w"})
"""Writers whose messages are only watched (`Words.watched`)."""

COLUMNS = {
    "topics": ("topic", "also", "writer", "text"),
    "alarms": ("label", "family", "style", "writer", "text"),
    "scope": ("kind", "writer", "text"),
    "roles": ("role", "form", "writer", "text"),
}
LABELS = frozenset({"CARD", "SUPPORT", "NONE"})


def read_examples(folder: Folder, language: str) -> Examples:
    """All example messages of a language; a file that is absent holds none."""
    topics = tuple(
        TopicExample(topic, tuple(part.strip() for part in also.split(",") if part.strip()), text, writer)
        for topic, also, writer, text in _rows(folder, language, "topics")
    )
    alarms = tuple(
        AlarmExample(cast(AlarmLabel, label), family, text, writer)
        for label, family, _, writer, text in _rows(folder, language, "alarms")
    )
    scope = tuple(ScopeExample(kind, text, writer) for kind, writer, text in _rows(folder, language, "scope"))
    roles = tuple(
        RoleExample(role, form, text, writer) for role, form, writer, text in _rows(folder, language, "roles")
    )
    return Examples(topics, alarms, scope, roles)


def _rows(folder: Folder, language: str, kind: str) -> Iterator[Sequence[str]]:
    name, columns = f"{language}/examples/{kind}.tsv", COLUMNS[kind]
    data = folder.tables.get(name)
    if data is None:
        return
    try:
        lines = decode(data, LARGEST_TABLE_BYTES).split("\n")
    except Refused as refusal:
        folder.report(name, refusal.line, refusal.message)
        return
    if tuple(lines[0].rstrip("\r").split("\t")) != columns:
        folder.report(name, 1, f"must begin with the header {' '.join(columns)} (tabs between)")
        return
    for number, line in enumerate(lines[1:], start=2):
        row = line.rstrip("\r").split("\t")
        if row == [""]:
            continue
        if len(row) != len(columns) or not row[-1].strip():
            folder.report(name, number, f"needs {len(columns)} columns, the last with a text")
        elif kind == "alarms" and row[0] not in LABELS:
            folder.report(name, number, f'label "{shortened(row[0])}" is none of {", ".join(sorted(LABELS))}')
        else:
            yield row
