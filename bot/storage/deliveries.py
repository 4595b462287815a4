"""Rows of recipients: how each goes from state to state, as statements on a connection. `ledger` and `store` call it.

Every transition is one UPDATE that names the states it may start from, taken from the table in `bot.broadcast.states`;
a row that is in another state by then stays as it is. Rows are made once, by `snapshot`, and never deleted.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    Select,
    Update,
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal,
    null,
    select,
    type_coerce,
    update,
)

from bot.broadcast.broadcast import Claim, Recipient, Settled
from bot.broadcast.states import DELIVERY, OPEN, BroadcastState, DeliveryState, Event, following
from bot.storage import audience
from bot.storage.failures import expect_one
from bot.storage.schema import UtcDateTime, broadcast, contact
from bot.storage.schema import delivery as rows

NAMED_FOR = timedelta(days=90)
"""After an announcement has ended its deliveries say whose they were for this long."""
SWEPT_AT_ONCE = 20_000
ROUNDS = 8
"""A claim looks at this many batches at most before it lets others write."""
_PAGE = 1_000


def move(event: Event, *where: ColumnElement[bool]) -> Update:
    """The transition that an event makes, for the rows that match and are in a state that allows it."""
    (target,) = set(DELIVERY[event].values())
    # Equality where one state is allowed: a batch of parameters cannot stand beside a list of them.
    first, *others = sorted(DELIVERY[event])
    allowed = rows.c.state.in_([first, *others]) if others else rows.c.state == first
    return update(rows).where(allowed, *where).values(state=target.value)


def snapshot(connection: Connection, id: int, readers: ColumnElement[bool], now: datetime) -> int:
    """One row for each reader, in one statement; returns how many."""
    columns = {
        "broadcast_id": literal(id),
        "contact_id": contact.c.id,
        "state": literal(DeliveryState.QUEUED.value),
        "attempt": literal(0),
        "unspent": literal(0),
        "due_at": literal(now, UtcDateTime),
    }
    # In the order of the contacts, so that the index on them only grows at its end.
    read = select(*columns.values()).where(readers).order_by(contact.c.id)
    made = insert(rows).from_select(list(columns), read).execution_options(preserve_rowcount=True)
    return connection.execute(made).rowcount


def claim(
    connection: Connection,
    id: int,
    epoch: int,
    limit: int,
    now: datetime,
    *,
    readers: ColumnElement[bool],
    quiet: Mapping[str | None, datetime],
) -> list[Claim]:
    """Mark up to `limit` due rows as being sent. Those who are no longer `readers` are skipped, those in a region
    named in `quiet` wait until the time given there.
    """
    mine = rows.c.broadcast_id == id
    connection.execute(move(Event.DUE, mine, rows.c.due_at <= now))
    claims: list[Claim] = []
    for _ in range(ROUNDS):
        found = connection.execute(_candidates(mine, readers, now).limit(limit - len(claims))).all()
        left = [row.delivery_id for row in found if not row.reads]
        asleep = [row for row in found if row.reads and row.region in quiet]
        taken = [row for row in found if row.reads and row.region not in quiet]
        if left:
            connection.execute(move(Event.LEFT, rows.c.id.in_(left)))
        for region in {row.region for row in asleep}:
            sleepers = [row.delivery_id for row in asleep if row.region == region]
            connection.execute(update(rows).where(rows.c.id.in_(sleepers)).values(due_at=quiet[region]))
        mark = move(Event.CLAIMED, rows.c.id.in_([row.delivery_id for row in taken]))
        touched = connection.execute(mark.values(epoch=epoch, attempt=rows.c.attempt + 1)).rowcount
        expect_one(1 + touched - len(taken))
        claims += [_claim_of(row) for row in taken]
        if not found or len(claims) == limit:
            break
    return claims


def _candidates(mine: ColumnElement[bool], readers: ColumnElement[bool], now: datetime) -> Select[Any]:
    columns = (contact.c.address, contact.c.language, contact.c.roles, contact.c.region)
    its_contact = rows.outerjoin(contact, and_(contact.c.id == rows.c.contact_id))
    return (
        select(rows.c.id.label("delivery_id"), rows.c.contact_id, rows.c.attempt, rows.c.unspent, *columns)
        .add_columns(func.coalesce(readers, literal(False)).label("reads"))
        .select_from(its_contact)
        .where(mine, rows.c.state == DeliveryState.QUEUED.value, rows.c.due_at <= now)
        .order_by(rows.c.due_at, rows.c.id)
        .with_for_update(of=rows, skip_locked=True)
    )


def _claim_of(row: Any) -> Claim:
    return Claim(
        delivery_id=row.delivery_id,
        contact_id=row.contact_id,
        address=row.address,
        language=row.language,
        roles=tuple(row.roles),
        attempt=row.attempt + 1,
        unspent=row.unspent,
    )


def record(connection: Connection, epoch: int, outcomes: Iterable[Settled], now: datetime) -> int:
    """Settle claims of one epoch; returns how many rows changed. Raises NotAllowed for an event that settles nothing.

    A claim that became uncertain meanwhile is taken for sent where the answer was that it arrived; any other late
    outcome is dropped.
    """
    grouped: dict[Event, list[Settled]] = defaultdict(list)
    for outcome in outcomes:
        following(DeliveryState.SENDING, outcome.event)
        grouped[outcome.event].append(outcome)
    changed = 0
    for event, group in sorted(grouped.items()):
        touched = _settle(connection, event, epoch, group, now)
        if event is Event.ARRIVED and touched < len(group):
            touched += _settle(connection, Event.EVIDENCE, epoch, group, now)
        changed += touched
    _mark_unreachable(connection, grouped[Event.REFUSED_BY_READER], now)
    _move_house(connection, [outcome for group in grouped.values() for outcome in group], now)
    if grouped[Event.NOT_SENT] or grouped[Event.RELEASED]:
        _cancel_what_came_back(connection)
    return changed


def _settle(connection: Connection, event: Event, epoch: int, group: Sequence[Settled], now: datetime) -> int:
    as_list = bindparam("ids", type_=JSON(none_as_null=True))
    same_claim = (rows.c.id == bindparam("row"), rows.c.epoch == epoch, rows.c.attempt == bindparam("claim"))
    settle = move(event, *same_claim).values(
        # An erased contact's message ids are gone, and stay so.
        message_ids=case((rows.c.contact_id.is_(None), type_coerce(null(), JSON)), else_=as_list),
        error=bindparam("reason"),
        due_at=func.coalesce(bindparam("retry_at", type_=UtcDateTime), rows.c.due_at),
        unspent=rows.c.unspent + bindparam("unspent_now"),
        settled_at=now,
    )
    values = [
        {
            "row": one.delivery_id,
            "claim": one.attempt,
            "ids": list(one.message_ids) or None,
            "reason": one.error,
            "retry_at": one.retry_at,
            "unspent_now": int(not one.spent or event is Event.RELEASED),
        }
        for one in group
    ]
    return connection.execute(settle, values).rowcount


def _mark_unreachable(connection: Connection, refused: Sequence[Settled], now: datetime) -> None:
    for batch in _batches([one.delivery_id for one in refused]):
        blocked = select(rows.c.contact_id).where(
            rows.c.id.in_(batch), rows.c.state == DeliveryState.BLOCKED.value, rows.c.contact_id.is_not(None)
        )
        values = {"unreachable_since": now, "version": contact.c.version + 1}
        reachable = contact.c.unreachable_since.is_(None)
        connection.execute(update(contact).where(contact.c.id.in_(blocked), reachable).values(values))


def _move_house(connection: Connection, outcomes: Iterable[Settled], now: datetime) -> None:
    """A chat has a new address. Where another contact has it already, the old one can no longer be reached."""
    for outcome in outcomes:
        if outcome.migrated_to is None:
            continue
        its_contact = select(rows.c.contact_id).where(rows.c.id == outcome.delivery_id)
        moved = update(contact).where(contact.c.id == its_contact.scalar_subquery())
        other = contact.alias()
        is_taken = exists().where(other.c.channel == contact.c.channel, other.c.address == outcome.migrated_to)
        counted = {"version": contact.c.version + 1}
        if not connection.execute(moved.where(~is_taken).values(address=outcome.migrated_to, **counted)).rowcount:
            connection.execute(moved.where(is_taken).values(unreachable_since=now, **counted))


def _cancel_what_came_back(connection: Connection) -> None:
    """What was on its way when its announcement was cancelled, and was not sent, is not tried again either."""
    cancelled = select(broadcast.c.id).where(broadcast.c.state == BroadcastState.CANCELLED.value)
    connection.execute(move(Event.CANCEL, rows.c.broadcast_id.in_(cancelled)))


def lose_track(connection: Connection, epoch: int) -> int:
    """What an earlier epoch claimed and did not settle may have arrived."""
    # Named one by one, so that the index leads to them.
    of_any = rows.c.broadcast_id.in_(select(broadcast.c.id))
    return connection.execute(move(Event.LOST_TRACK, of_any, rows.c.epoch < epoch)).rowcount


def arrived(
    connection: Connection, reader: ColumnElement[bool], message_id: str, id: int | None, now: datetime
) -> bool:
    """Take an announcement's message, seen in a reader's chat, as evidence for their one uncertain delivery."""
    mine = rows.c.contact_id == select(contact.c.id).where(reader).scalar_subquery()
    if connection.scalar(select(exists().where(mine, audience.holds(rows.c.message_ids, message_id)))):
        return False
    doubted = [mine, rows.c.state == DeliveryState.UNCERTAIN.value]
    if id is not None:
        doubted.append(rows.c.broadcast_id == id)
    uncertain = connection.scalars(select(rows.c.id).where(*doubted).with_for_update()).all()
    if len(uncertain) != 1:
        return False
    seen = {"message_ids": [message_id], "settled_at": now, "error": None}
    return connection.execute(move(Event.EVIDENCE, rows.c.id == uncertain[0]).values(seen)).rowcount == 1


def send_again(connection: Connection, id: int, now: datetime, which: Collection[int] | DeliveryState) -> int:
    """Queue anew the deliveries with these numbers, or all in a state; those of erased contacts stay as they are."""
    again = move(Event.SEND_AGAIN, rows.c.broadcast_id == id, rows.c.contact_id.is_not(None))
    again = again.values(due_at=now, error=None)
    if isinstance(which, DeliveryState):
        return connection.execute(again.where(rows.c.state == which.value)).rowcount
    return sum(connection.execute(again.where(rows.c.id.in_(batch))).rowcount for batch in _batches(sorted(which)))


def tally(connection: Connection, id: int) -> dict[DeliveryState, int]:
    """Every state, 0 where no delivery is in it."""
    found = select(rows.c.state, func.count()).where(rows.c.broadcast_id == id).group_by(rows.c.state)
    counted = {DeliveryState(state): number for state, number in connection.execute(found)}
    return {state: counted.get(state, 0) for state in DeliveryState}


def open_ones(id: ColumnElement[int] | int) -> ColumnElement[bool]:
    """Rows of an announcement that are not settled yet."""
    return and_(rows.c.broadcast_id == id, rows.c.state.in_(sorted(OPEN)))


def next_due(connection: Connection, id: int) -> datetime | None:
    """When the first of the waiting rows is due."""
    waiting = (DeliveryState.QUEUED, DeliveryState.RETRY_WAIT)
    first = (
        select(func.min(rows.c.due_at)).where(rows.c.broadcast_id == id, rows.c.state == state.value)
        for state in waiting
    )
    return min((at for at in map(connection.scalar, first) if at is not None), default=None)


def span(connection: Connection, id: int) -> tuple[int, int]:
    """The first and the last number of an announcement's rows; (1, 0) where there are none."""
    ends = select(func.min(rows.c.id), func.max(rows.c.id)).where(rows.c.broadcast_id == id)
    first, last = connection.execute(ends).one()
    return first or 1, last or 0


def page(connection: Connection, id: int, after: int, last: int) -> list[Recipient]:
    """The next lines of a report, in the order of their numbers."""
    columns = (rows.c.id, contact.c.address, rows.c.state, rows.c.attempt - rows.c.unspent, rows.c.error)
    its_contact = rows.outerjoin(contact, and_(contact.c.id == rows.c.contact_id))
    # Read along the numbers: by the index on announcements each page would sort all of one's rows.
    mine = (rows.c.broadcast_id + 0 == id, rows.c.id.between(after + 1, last))
    found = connection.execute(select(*columns).select_from(its_contact).where(*mine).order_by(rows.c.id).limit(_PAGE))
    return [Recipient(row[0], row[1], DeliveryState(row[2]), row[3], row[4]) for row in found]


def of_contact(connection: Connection, contact_id: int) -> list[dict[str, Any]]:
    """What a contact was sent, or was to be sent, in the order of the announcements."""
    columns = (rows.c.broadcast_id, rows.c.state, rows.c.settled_at, rows.c.message_ids)
    found = select(*columns).where(rows.c.contact_id == contact_id).order_by(rows.c.broadcast_id)
    return [row._asdict() for row in connection.execute(found)]


def detach(connection: Connection, contacts: Select[tuple[int]]) -> None:
    """Contacts are about to be deleted: nothing more is sent to them, and no row says which were theirs."""
    theirs = rows.c.contact_id.in_(contacts)
    connection.execute(move(Event.LEFT, theirs))
    connection.execute(update(rows).where(theirs).values(contact_id=None, message_ids=None))


def sweep(connection: Connection, now: datetime) -> int:
    """Detach up to `SWEPT_AT_ONCE` deliveries of one announcement that ended long ago; returns how many."""
    old = select(broadcast.c.id).where(broadcast.c.finished_at <= now - NAMED_FOR, broadcast.c.unnamed_at.is_(None))
    id = connection.scalar(old.order_by(broadcast.c.id).limit(1))
    if id is None:
        return 0
    named = select(rows.c.id).where(rows.c.broadcast_id == id, rows.c.contact_id.is_not(None)).limit(SWEPT_AT_ONCE)
    unnamed = update(rows).where(rows.c.id.in_(named)).values(contact_id=None, message_ids=None)
    taken = connection.execute(unnamed).rowcount
    if taken < SWEPT_AT_ONCE:
        connection.execute(update(broadcast).where(broadcast.c.id == id).values(unnamed_at=now))
    return taken


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    # Databases take some ten thousand parameters at most.
    return (ids[at : at + _PAGE] for at in range(0, len(ids), _PAGE))
