"""A search of the whole schema for what could name somebody: the proof that /forget left nothing. `store` calls it.

Tables and columns are read from the database, not from `schema`, so that one added later cannot be missed.
"""

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Text,
    cast,
    or_,
    select,
)

_CANNOT_NAME = (Boolean, Date, DateTime, Float)
"""Column types that hold no id of anybody."""


_HASH = re.compile(r"\b[0-9a-f]{64}\b")
"""A keyed hash: digits inside it that look like a chat id are chance."""


@dataclass(frozen=True, slots=True)
class Traces:
    """What could tell that somebody was here: the chat id, the hashes made of it, the contact's number (if known)."""

    address: str
    hashes: tuple[str, ...]
    contact_id: int | None

    def stand_in(self, value: str) -> bool:
        """Whether a text holds a hash, or the chat id in full: not as a part of a longer or a negative number."""
        if any(known in value for known in self.hashes):
            return True
        alone = rf"(?<!\d)(?<!(?<!\w)-){re.escape(self.address)}(?!\d)"
        return re.search(alone, _HASH.sub("", value)) is not None


def find(connection: Connection, traces: Traces, *, allowed: Column[str]) -> list[str]:
    """List "table.column" wherever a trace stands. The column `allowed` is left out."""
    schema = MetaData()
    schema.reflect(connection)
    return [
        f"{table.name}.{column.name}"
        for table in schema.sorted_tables
        for column in table.columns
        if (table.name, column.name) != (allowed.table.name, allowed.name) and _holds(connection, column, traces)
    ]


def _refers_to_contact(column: Column[Any]) -> bool:
    named = (column.table.name, column.name) == ("contact", "id") or column.name == "contact_id"
    return named or any(key.target_fullname == "contact.id" for key in column.foreign_keys)


def _holds(connection: Connection, column: Column[Any], traces: Traces) -> bool:
    if _refers_to_contact(column):
        return traces.contact_id is not None and _any(connection, column, column == traces.contact_id)
    if isinstance(column.type, _CANNOT_NAME):
        return False
    as_text = cast(column, Text)
    if isinstance(column.type, Integer):
        # As text: a chat id may be larger than the column can compare with.
        return _any(connection, column, as_text == traces.address)
    if isinstance(column.type, LargeBinary):
        values = (bytes(value).decode(errors="replace") for value in connection.scalars(select(column)) if value)
        return any(map(traces.stand_in, values))
    contained = or_(*(as_text.contains(word, autoescape=True) for word in (traces.address, *traces.hashes)))
    return any(map(traces.stand_in, connection.scalars(select(as_text).where(contained))))


def _any(connection: Connection, column: Column[Any], condition: ColumnElement[bool]) -> bool:
    return connection.execute(select(column).where(condition).limit(1)).first() is not None
