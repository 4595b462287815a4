"""All contacts of a channel at once: for moving from an older bot, and away. `Store.contacts` makes it.

All methods block; times are aware UTC.
"""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from bot.broadcast.announcement import Kind
from bot.messaging import Contact
from bot.storage import audience, rows
from bot.storage.database import Database, inserting, take_as_long_as_needed
from bot.storage.schema import contact, erasure
from bot.storage.secret import SecretKey

_PAGE = 500


@dataclass(frozen=True, slots=True)
class Added:
    """What became of contacts that were given."""

    added: int
    known: int
    """Were there already: what they said to this bot stands, so they stay as they are."""
    erased: int
    """Had everything deleted not long ago, so they are left out."""


class Contacts:
    """The contacts on one channel."""

    def __init__(self, database: Database, key: SecretKey, channel: str) -> None:
        self._database = database
        self._key = key
        self._channel = channel

    def add(self, given: Sequence[Contact]) -> Added:
        """Add those who are new, in one transaction. Raises ValueError for contacts of another channel."""
        if any(one.channel != self._channel for one in given):
            raise ValueError("these contacts belong to another channel")
        added = erased = 0
        with self._database.writing() as connection:
            take_as_long_as_needed(connection)
            for at in range(0, len(given), _PAGE):
                page = given[at : at + _PAGE]
                hashes = {one.address: self._key.erasure(self._channel, one.address) for one in page}
                gone = set(connection.scalars(select(erasure.c.hash).where(erasure.c.hash.in_(hashes.values()))))
                allowed = [one for one in page if hashes[one.address] not in gone]
                erased += len(page) - len(allowed)
                added += _insert(connection, allowed)
        return Added(added, len(given) - erased - added, erased)

    def readers(self) -> Iterator[Contact]:
        """Whoever agreed to any kind of announcement and did not stop them, in the order in which they came."""
        agreed = audience.willing_to_any(tuple(Kind), self._channel)
        last = 0
        while True:
            found = select(contact).where(agreed, contact.c.id > last).order_by(contact.c.id).limit(_PAGE)
            with self._database.reading() as connection:
                page = [row._asdict() for row in connection.execute(found)]
            yield from map(rows.contact_of, page)
            if not page:
                return
            last = page[-1]["id"]


def _insert(connection: Connection, new: Sequence[Contact]) -> int:
    """Returns how many were not there yet."""
    if not new:
        return 0
    # As of every new row: one that was erased and made anew in between is not mistaken for the old one.
    values: list[Mapping[str, Any]] = [{**rows.contact_values(one), "version": 1 + secrets.randbits(48)} for one in new]
    fresh = inserting(connection, contact).values(values).on_conflict_do_nothing(index_elements=["channel", "address"])
    return len(connection.execute(fresh.returning(contact.c.id)).all())
