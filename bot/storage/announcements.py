"""Announcements themselves: drafts, the acts that lead from state to state, and who did what. `ledger` builds on it.

Each act is written in one transaction with a line of the audit, which holds no content. All methods block; times are
aware UTC and come from the caller; people are numeric ids of organisers.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, exists, insert, or_, select, update

from bot.broadcast.announcement import (
    Announcement,
    Audience,
    audience_of,
    audience_values,
    content_of,
    content_values,
)
from bot.broadcast.broadcast import Broadcast, Counted
from bot.broadcast.states import BROADCAST, Act, BroadcastState, Event, NotAllowed, after
from bot.errors import UsageError
from bot.storage import audience, deliveries
from bot.storage.database import Database
from bot.storage.failures import expect_one
from bot.storage.schema import audit
from bot.storage.schema import broadcast as rows

AUDIT_KEPT_FOR = timedelta(days=730)
_PEOPLE = (rows.c.composed_by, rows.c.submitted_by, rows.c.approved_by)
_MOST = 2**63 - 1
"""The largest number that a column can hold."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Who acts, when, and what they saw or say while doing so."""

    by: int | None
    """None: the sender itself."""
    now: datetime
    hash: str | None = None
    because: str | None = None
    counted: int | None = None
    undo_until: datetime | None = None
    alone: bool = False


class Announcements:
    """The announcements to readers on one channel."""

    def __init__(self, database: Database, channel: str) -> None:
        self._database = database
        self._channel = channel

    def create(self, announcement: Announcement, by: int, now: datetime, *, rehearsal: bool = False) -> int:
        """A new draft; returns its number. A `rehearsal` never goes to the public."""
        first = {"state": BroadcastState.DRAFT.value, "composed_by": by, "rehearsal": rehearsal, "version": 1}
        with self._database.writing() as connection:
            made = connection.execute(insert(rows).values(**first, **_values(announcement)))
            (id,) = made.inserted_primary_key or (0,)
            _note(connection, int(id), "create", Deed(by, now))
            return int(id)

    def get(self, id: int) -> Broadcast:
        """Raises UsageError when there is none."""
        with self._database.reading() as connection:
            return _read(connection, id)

    def list(self, states: Collection[BroadcastState] | None = None) -> Sequence[Broadcast]:
        """All, or those in some states, oldest first."""
        found = select(rows).order_by(rows.c.id)
        if states is not None:
            found = found.where(rows.c.state.in_(sorted(states)))
        with self._database.reading() as connection:
            return [_broadcast_of(row._asdict()) for row in connection.execute(found)]

    def edit(
        self, id: int, announcement: Announcement, by: int, now: datetime, *, version: int | None = None
    ) -> Broadcast:
        """Replace what is announced, and void whatever was approved. Raises NotAllowed once it has started, or where
        it is not the `version` that was seen any more.
        """
        with self._database.writing() as connection:
            before = _read(connection, id, locked=True)
            _unchanged(before, version)
            return change(connection, before, Act.EDIT, Deed(by, now), _VOID | _values(announcement))

    def act(
        self,
        id: int,
        act: Act,
        by: int | None,
        now: datetime,
        *,
        hash: str | None = None,
        because: str | None = None,
        counted: int | None = None,
        undo_until: datetime | None = None,
        alone: bool = False,
        version: int | None = None,
    ) -> Broadcast:
        """Lead an announcement on. Raises NotAllowed with the reason, UsageError when there is none.

        An approval needs the `hash` that the approver saw, and a second person unless the organiser is `alone`. Until
        `undo_until` nothing goes out. `version`: the one that was seen, where that matters. `counted`: readers shown on
        submitting and approving; `because`: why it paused by itself. Cancelling cancels what is queued, too. `edit`,
        `start` and sending again have methods of their own (ValueError).
        """
        if act not in _CONSEQUENCES:
            raise ValueError(f"“{act}” has a method of its own")
        deed = Deed(by, now, hash, because, counted, undo_until, alone)
        with self._database.writing() as connection:
            before = _read(connection, id, locked=True)
            _unchanged(before, version)
            after(before.state, act)
            done = change(connection, before, act, deed, _CONSEQUENCES[act](before, deed))
            if act is Act.CANCEL:
                connection.execute(deliveries.move(Event.CANCEL, deliveries.open_ones(id)))
            if act is Act.FINISH and connection.scalar(select(exists().where(deliveries.open_ones(id)))):
                raise NotAllowed("This announcement is not finished: some deliveries are still open.")
            return done

    def count(self, whom: Audience, now: datetime) -> Counted:
        """How many readers it has now, and why everybody else is left out."""
        with self._database.reading() as connection:
            found = connection.execute(audience.count(whom, self._channel, now)).mappings()
            return Counted(**{row["reason"]: row["readers"] for row in found})

    def due(self, now: datetime) -> Sequence[Broadcast]:
        """Scheduled ones whose time has come and which nobody can take back any more, oldest first."""
        return [one for one in self.list({BroadcastState.SCHEDULED}) if one.may_start(now)]


def change(
    connection: Connection,
    before: Broadcast,
    act: Act,
    deed: Deed,
    values: Mapping[str, Any],
    *,
    what: str | None = None,
    number: int | None = None,
) -> Broadcast:
    """One conditional UPDATE and a line of the audit, on `number` deliveries and under the name `what` if given.

    Raises NotAllowed, and VersionConflict if it changed meanwhile.
    """
    target = {"state": after(before.state, act).value, "version": before.version + 1}
    same = (rows.c.id == before.id, rows.c.state == before.state.value, rows.c.version == before.version)
    expect_one(connection.execute(update(rows).where(*same).values(**values, **target)).rowcount)
    _note(connection, before.id, what or act.value, deed, number)
    return _read(connection, before.id)


def read_to_change(connection: Connection, id: int) -> Broadcast:
    """Nobody else changes it until the transaction ends. Raises UsageError when there is none."""
    return _read(connection, id, locked=True)


def _unchanged(before: Broadcast, version: int | None) -> None:
    if version not in (None, before.version):
        raise NotAllowed("Somebody else changed this announcement meanwhile: look at it again.")


def check_approval(before: Broadcast) -> None:
    """Raises NotAllowed unless what stands there now is what was approved."""
    if not before.is_approved:
        raise NotAllowed("This announcement is not what was approved: submit it again.")


def forget_organiser(connection: Connection, address: str) -> None:
    """Take somebody's number out of announcements and audit. What has not started needs another person's hand again."""
    if not (address.isascii() and address.isdecimal()) or int(address) > _MOST:
        return
    number = int(address)
    waiting = [state.value for state in sorted(BROADCAST[Act.EDIT])]
    theirs = or_(*(column == number for column in _PEOPLE))
    draft = {"state": BroadcastState.DRAFT.value, "version": rows.c.version + 1}
    connection.execute(update(rows).where(theirs, rows.c.state.in_(waiting)).values(**_VOID, **draft))
    for column in _PEOPLE:
        connection.execute(update(rows).where(column == number).values({column: None}))
    connection.execute(update(audit).where(audit.c.by == number).values(by=None))


def sweep(connection: Connection, now: datetime) -> int:
    """Delete what the audit has kept for 24 months, and the organisers' numbers beside it; returns deleted lines."""
    before = now - AUDIT_KEPT_FOR
    nobody = dict.fromkeys((column.name for column in _PEOPLE), None)
    connection.execute(update(rows).where(rows.c.finished_at <= before).values(nobody))
    return connection.execute(delete(audit).where(audit.c.at <= before)).rowcount


def _submitted(_before: Broadcast, deed: Deed) -> Mapping[str, Any]:
    return {"submitted_by": deed.by, "submitted_at": deed.now, "counted": deed.counted}


def _approved(before: Broadcast, deed: Deed) -> Mapping[str, Any]:
    if before.lapsed(deed.now):
        raise NotAllowed("This request for approval has lapsed: return it to its author and submit it again.")
    if deed.hash != before.announcement.hash:
        raise NotAllowed("This announcement was changed since you saw it: look at it again.")
    if deed.by is None or (deed.by == before.submitted_by and not deed.alone):
        raise NotAllowed("Somebody else approves an announcement than who submitted it.")
    seen = {} if deed.counted is None else {"counted": deed.counted}
    given = {"approved_by": deed.by, "approved_at": deed.now, "approved_hash": deed.hash}
    return seen | given | {"undo_until": deed.undo_until}


def _scheduled(before: Broadcast, _deed: Deed) -> Mapping[str, Any]:
    check_approval(before)
    return {}


_VOID: dict[str, Any] = dict.fromkeys(
    ("submitted_by", "submitted_at", "approved_by", "approved_at", "approved_hash", "undo_until", "counted")
)
_CONSEQUENCES: Mapping[Act, Callable[[Broadcast, Deed], Mapping[str, Any]]] = {
    Act.SUBMIT: _submitted,
    Act.REJECT: lambda _before, _deed: _VOID,
    Act.APPROVE: _approved,
    Act.SCHEDULE: _scheduled,
    Act.PAUSE: lambda _before, deed: {"paused_because": deed.because},
    Act.RESUME: lambda _before, _deed: {"paused_because": None},
    Act.CANCEL: lambda _before, deed: {"finished_at": deed.now},
    Act.FINISH: lambda _before, deed: {"finished_at": deed.now},
    Act.CORRECT: lambda _before, _deed: {"finished_at": None},
    Act.RECALL: lambda _before, _deed: {"finished_at": None},
}
"""What an act writes beside the state."""


def _values(announcement: Announcement) -> dict[str, Any]:
    return {
        "content": content_values(announcement.content),
        "audience": audience_values(announcement.audience),
        "starts_at": announcement.starts_at,
        "zone": announcement.zone,
    }


def _read(connection: Connection, id: int, *, locked: bool = False) -> Broadcast:
    found = select(rows).where(rows.c.id == id)
    row = connection.execute(found.with_for_update() if locked else found).one_or_none() if 0 < id <= _MOST else None
    if row is None:
        raise UsageError(f"There is no announcement {id}.")
    return _broadcast_of(row._asdict())


def _broadcast_of(row: Mapping[str, Any]) -> Broadcast:
    announced = Announcement(content_of(row["content"]), audience_of(row["audience"]), row["starts_at"], row["zone"])
    same = {name: row[name] for name in _SAME}
    return Broadcast(state=BroadcastState(row["state"]), announcement=announced, **same)


_SAME = tuple(field.name for field in fields(Broadcast) if field.name not in ("state", "announcement"))


def _note(connection: Connection, id: int, what: str, deed: Deed, number: int | None = None) -> None:
    line = {"broadcast_id": id, "act": what, "by": deed.by, "at": deed.now, "deliveries": number}
    connection.execute(insert(audit).values(line))
