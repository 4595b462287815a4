"""Every query of the house. `service` loads and saves turns here, commands export and forget, `assembly` opens it.

A turn is read in one short transaction and written in another, so no lock is held while an answer is found. In between
somebody else may save the same chat: then the versions differ, nothing is written, and VersionConflict says so.
All methods block; call them in worker threads. All times are aware UTC and come from the caller.
"""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, delete, func, insert, select, text, update

from bot.conversation.model import KEPT_FOR, Conversation, Feedback, Verdict
from bot.messaging import Contact
from bot.storage import announcements, deliveries, rows, traces
from bot.storage.contacts import Contacts
from bot.storage.database import Database, inserting
from bot.storage.failures import expect_one
from bot.storage.ledger import Ledger
from bot.storage.schema import contact as contacts
from bot.storage.schema import conversation as conversations
from bot.storage.schema import erasure, feedback
from bot.storage.secret import SecretKey

ERASURES_KEPT_FOR = timedelta(days=60)
SMALLEST_GROUP = 8
"""A count below this is not shown: a few people can be told apart."""
_Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Swept:
    """How many rows had outlived their time."""

    conversations: int
    erasures: int
    deliveries: int = 0
    """Deliveries that no longer say whose they were."""
    acts: int = 0
    """Lines of the audit."""


@dataclass(frozen=True, slots=True)
class _Change:
    contact: Contact | None
    conversation: Conversation | None
    forget: bool
    feedback: Feedback | None


class StoredTurn:
    """What is known of a chat at the start of a turn, and what shall be saved at its end. Made by `Store.turn`."""

    def __init__(
        self, contact: Contact | None, conversation: Conversation, contact_version: int, conversation_version: int
    ) -> None:
        self.contact = contact
        self.conversation = conversation
        self.contact_version = contact_version
        self.conversation_version = conversation_version
        """Versions of the rows as they were read; 0 where there was none."""
        self.change: _Change | None = None

    def save(
        self,
        *,
        contact: Contact | None = None,
        conversation: Conversation | None = None,
        forget: bool = False,
        feedback: Feedback | None = None,
    ) -> None:
        """Say what to write when the turn ends; nothing is written before. None leaves a row as it is.

        `forget` erases the chat, and then neither contact nor conversation is saved whatever else is given. A contact
        with neither a consent nor an opt-out has no basis to be stored: its row is deleted or never made.
        """
        if contact is not None and self.contact is not None and _identity(contact) != _identity(self.contact):
            raise ValueError("a turn saves the contact of its own chat only")
        if conversation is not None and conversation.key != self.conversation.key:
            raise ValueError("a turn saves the conversation of its own chat only")
        self.change = _Change(contact, conversation, forget, feedback)


class Store:
    """The database of one installation."""

    def __init__(self, database: Database, key: SecretKey) -> None:
        self._database = database
        self._key = key

    @contextmanager
    def turn(self, channel: str, address: str, now: datetime) -> Iterator[StoredTurn]:
        """Load a chat, and at the end commit what the body gave to `save`. A body that raises saves nothing.

        Raises StorageUnavailable, and VersionConflict when the chat was saved elsewhere in between.
        """
        turn = self._load(channel, address, now)
        yield turn
        if turn.change is not None:
            with self._database.writing() as connection:
                self._apply(connection, turn, turn.change, (channel, address), now)

    def mark_answered(self, channel: str, address: str, update_id: str) -> None:
        """Note that the replies to an update were attempted: the small second commit of a turn.

        Does nothing when the conversation is gone (after /forget) or does not know the update.
        """
        mine = conversations.c.key == self._key.conversation(channel, address)
        with self._database.writing() as connection:
            row = _one(connection, select(conversations).where(mine).with_for_update())
            if row is None:
                return
            before = rows.conversation_of(row)
            after = before.with_answered(update_id)
            if after != before:
                values = rows.conversation_values(after) | {"version": before.version + 1}
                connection.execute(update(conversations).where(mine).values(values))

    def mark_reachable(self, channel: str, address: str, *, reachable: bool, now: datetime) -> None:
        """Note that a contact blocked the bot (the first time counts) or can be reached again."""
        unreachable = contacts.c.unreachable_since
        changes = unreachable.is_(None) if not reachable else unreachable.is_not(None)
        values = {unreachable: None if reachable else now, contacts.c.version: contacts.c.version + 1}
        with self._database.writing() as connection:
            connection.execute(update(contacts).where(_of_chat(channel, address), changes).values(values))

    def export(self, channel: str, address: str) -> dict[str, Any]:
        """All that is stored about a chat, ready for JSON: {"contact": {…} or None, "conversation": {…} or None,
        "deliveries": [{…} for each announcement that was meant for it]}.
        """
        with self._database.reading() as connection:
            contact, conversation = self._rows(connection, channel, address)
            sent = deliveries.of_contact(connection, contact["id"]) if contact else ()
        shown = [rows.readable(delivery) for delivery in sent]
        return {"contact": _shown(contact), "conversation": _shown(conversation), "deliveries": shown}

    def forget(self, channel: str, address: str, now: datetime) -> None:
        """Delete contact and conversation, and leave the erasure mark by which a restored backup erases again.

        Deliveries keep their state and no longer say whose they were. An organiser's number is taken out of the audit
        and the announcements; one of theirs that has not started goes back to draft.
        """
        with self._database.writing() as connection:
            self._erase(connection, channel, address, now)

    def holds_anything(self, channel: str, address: str, contact_id: int | None = None) -> list[str]:
        """Search every column of every table, as the database itself lists them, for traces of a chat.

        Returns "table.column" of each place that holds the chat id, the conversation's or the erasure's hash or the
        contact's number; `contact_id` is the number it had (`export` shows it) when its row is gone already. The
        erasure row's own hash is the one trace that may stay and is not listed.
        """
        hashes = (self._key.conversation(channel, address), self._key.erasure(channel, address))
        with self._database.reading() as connection:
            if contact_id is None:
                contact_id = connection.scalar(select(contacts.c.id).where(_of_chat(channel, address)))
            return traces.find(connection, traces.Traces(address, hashes, contact_id), allowed=erasure.c.hash)

    def sweep(self, now: datetime) -> Swept:
        """Delete conversations after a day of silence, erasure marks after 60 days and the audit after 24 months;
        90 days after an announcement has ended its deliveries no longer say whose they were.
        """
        with self._database.writing() as connection:
            silent = connection.execute(delete(conversations).where(conversations.c.expires_at <= now))
            old = connection.execute(delete(erasure).where(erasure.c.erased_at <= now - ERASURES_KEPT_FOR))
            acts = announcements.sweep(connection, now)
        unnamed = 0
        while True:
            # In pieces, so that whoever writes to the bot meanwhile is not kept waiting.
            with self._database.writing() as connection:
                taken = deliveries.sweep(connection, now)
            unnamed += taken
            if taken < deliveries.SWEPT_AT_ONCE:
                return Swept(silent.rowcount, old.rowcount, unnamed, acts)

    def feedback_counts(self) -> dict[tuple[str, Verdict], int]:
        """Verdicts per topic over all days; counts under `SMALLEST_GROUP` are left out."""
        count = func.sum(feedback.c.count)
        query = select(feedback.c.topic, feedback.c.verdict, count).group_by(feedback.c.topic, feedback.c.verdict)
        with self._database.reading() as connection:
            found = connection.execute(query.having(count >= SMALLEST_GROUP).order_by(*query.selected_columns[:2]))
            return {(topic, Verdict(verdict)): int(total) for topic, verdict, total in found}

    def ping(self) -> None:
        """Raises StorageUnavailable when the database does not answer."""
        with self._database.reading() as connection:
            connection.execute(text("SELECT 1"))

    def ledger(self, channel: str) -> Ledger:
        """The ledger of announcements to the readers on one channel, in the same database."""
        return Ledger(self._database, channel)

    def contacts(self, channel: str) -> Contacts:
        """All contacts on one channel at once, for moving house."""
        return Contacts(self._database, self._key, channel)

    def close(self) -> None:
        self._database.close()

    def _load(self, channel: str, address: str, now: datetime) -> StoredTurn:
        with self._database.reading() as connection:
            contact_row, row = self._rows(connection, channel, address)
        contact = rows.contact_of(contact_row) if contact_row else None
        fresh = Conversation(self._key.conversation(channel, address), expires_at=now + KEPT_FOR)
        conversation = rows.conversation_of(row) if row else fresh
        if conversation.expires_at <= now:
            conversation = fresh
        # The row of an expired conversation is still there until it is swept, so its version counts.
        return StoredTurn(
            contact, conversation, contact_row["version"] if contact_row else 0, row["version"] if row else 0
        )

    def _rows(self, connection: Connection, channel: str, address: str) -> tuple[_Row | None, _Row | None]:
        mine = conversations.c.key == self._key.conversation(channel, address)
        contact = _one(connection, select(contacts).where(_of_chat(channel, address)))
        return contact, _one(connection, select(conversations).where(mine))

    def _apply(
        self, connection: Connection, turn: StoredTurn, change: _Change, chat: tuple[str, str], now: datetime
    ) -> None:
        if change.forget:
            self._erase(connection, *chat, now)
        else:
            _save_contact(connection, turn, change.contact, chat)
            if change.conversation is not None:
                kept = replace(change.conversation, expires_at=now + KEPT_FOR)
                mine = {"key": kept.key}
                _write(connection, conversations, mine, rows.conversation_values(kept), turn.conversation_version)
        if change.feedback is not None:
            _count(connection, change.feedback, now)

    def _erase(self, connection: Connection, channel: str, address: str, now: datetime) -> None:
        _delete_contact(connection, _of_chat(channel, address))
        announcements.forget_organiser(connection, address)
        connection.execute(delete(conversations).where(conversations.c.key == self._key.conversation(channel, address)))
        mark = inserting(connection, erasure).values(hash=self._key.erasure(channel, address), erased_at=now)
        connection.execute(mark.on_conflict_do_update(index_elements=["hash"], set_={"erased_at": now}))


def _one(connection: Connection, query: Select[Any]) -> _Row | None:
    row = connection.execute(query).one_or_none()
    return row._asdict() if row else None


def _identity(contact: Contact) -> tuple[str, str]:
    return contact.channel, contact.address


def _of_chat(channel: str, address: str) -> ColumnElement[bool]:
    return (contacts.c.channel == channel) & (contacts.c.address == address)


def _shown(row: _Row | None) -> dict[str, Any] | None:
    """A row for its person: all of it but the hash and the version, which say nothing to anybody."""
    if row is None:
        return None
    return rows.readable({name: value for name, value in row.items() if name not in ("key", "version")})


def _save_contact(connection: Connection, turn: StoredTurn, contact: Contact | None, chat: tuple[str, str]) -> None:
    if contact is None or contact == turn.contact:
        return
    if _identity(contact) != chat:
        raise ValueError("a turn saves the contact of its own chat only")
    mine = {"channel": contact.channel, "address": contact.address}
    if contact.consents or contact.opted_out_at is not None:
        _write(connection, contacts, mine, rows.contact_values(contact), turn.contact_version)
    elif turn.contact is not None:
        current = contacts.c.version == turn.contact_version
        expect_one(_delete_contact(connection, _of_chat(*chat), current))


def _delete_contact(connection: Connection, *mine: ColumnElement[bool]) -> int:
    deliveries.detach(connection, select(contacts.c.id).where(*mine))
    return connection.execute(delete(contacts).where(*mine)).rowcount


def _write(
    connection: Connection, table: Table, mine: Mapping[str, str], values: Mapping[str, Any], version: int
) -> None:
    """Insert a row (version 0), or replace the one that still has `version`. Raises VersionConflict otherwise.

    A new row starts at a random version: one that was erased and made anew in between is not mistaken for the old one.
    """
    if version == 0:
        connection.execute(insert(table).values(**values, version=1 + secrets.randbits(48)))
        return
    current = [table.c.version == version, *(table.c[name] == value for name, value in mine.items())]
    expect_one(connection.execute(update(table).where(*current).values(**values, version=version + 1)).rowcount)


def _count(connection: Connection, said: Feedback, now: datetime) -> None:
    row = {"topic": said.topic, "verdict": said.verdict.value, "day": now.astimezone(UTC).date()}
    one = inserting(connection, feedback).values(**row, count=1)
    connection.execute(one.on_conflict_do_update(index_elements=list(row), set_={"count": feedback.c.count + 1}))
