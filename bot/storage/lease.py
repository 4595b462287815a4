"""Which process sends announcements: one at a time, under an epoch that only grows. `ledger` calls it.

Whoever takes the lead gets the next epoch. What an earlier epoch had claimed and not settled may have arrived, so it
becomes uncertain; what comes in late from it counts as evidence only.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, or_, select, update

from bot.broadcast.states import NotAllowed
from bot.storage.database import inserting
from bot.storage.failures import LeadLost
from bot.storage.schema import lease

_SENDER = "sender"
_MINE = lease.c.name == _SENDER


def take(connection: Connection, holder: str, now: datetime, silent_for: timedelta | None) -> int:
    """The new epoch. Raises NotAllowed while another holder has renewed within `silent_for`."""
    first = {"name": _SENDER, "holder": holder, "epoch": 1, "renewed_at": now}
    free = None if silent_for is None else or_(lease.c.holder == holder, lease.c.renewed_at <= now - silent_for)
    upsert = inserting(connection, lease).values(first)
    taken = {"holder": holder, "epoch": lease.c.epoch + 1, "renewed_at": now}
    mine = upsert.on_conflict_do_update(index_elements=["name"], set_=taken, where=free).returning(lease.c.epoch)
    epoch = connection.scalar(mine)
    if epoch is None:
        raise NotAllowed("Another process sends announcements already: this one waits until it falls silent.")
    return int(epoch)


def keep(connection: Connection, epoch: int, now: datetime) -> bool:
    """Renew; False once somebody else leads."""
    renewed = update(lease).where(_MINE, lease.c.epoch == epoch).values(renewed_at=now)
    return connection.execute(renewed).rowcount == 1


def holds(connection: Connection, epoch: int) -> bool:
    return connection.scalar(select(lease.c.epoch).where(_MINE)) == epoch


def expect(connection: Connection, epoch: int) -> None:
    """Raises LeadLost unless `epoch` leads, and keeps it so until the transaction ends."""
    if connection.scalar(select(lease.c.epoch).where(_MINE).with_for_update(read=True)) != epoch:
        raise LeadLost
