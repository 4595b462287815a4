"""A million readers: how long an announcement takes to start, and what stands beside it. In a process of its own."""

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TypeVar

from sqlalchemy import text

from bot.broadcast.broadcast import Settled
from bot.broadcast.states import Event
from bot.storage import Store, open_store
from tests.chaos import sending
from tests.chaos.campaign import TEXT
from tests.chaos.databases import FIRST_CHAT, scheduled
from tests.chaos.stand_in import PROCESSES

NUMBERS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {last})"
    " SELECT {columns} FROM n",
    "postgresql": "SELECT {columns} FROM generate_series(0, {last}) AS n(i)",
}
COLUMNS = """
'telegram', CAST({first} + i AS TEXT), 'en',
CAST(CASE i % 3 WHEN 0 THEN '["parent"]' WHEN 1 THEN '["midwife"]' ELSE '["health-visitor"]' END AS JSON),
CASE i % 4 WHEN 0 THEN 'england' WHEN 1 THEN 'scotland' WHEN 2 THEN 'wales' END,
CAST('[["announcements", "2026-06-10T09:00:00+00:00"], ["role", "2026-06-10T09:00:00+00:00"]]' AS JSON), 1
"""
BATCH = 500
Seconds = dict[str, float]
T = TypeVar("T")


def measured(url: str, folder: Path, readers: int) -> Seconds:
    """Seconds of each step, and how many MiB the process grew by."""
    ours, theirs = PROCESSES.Pipe()
    process = PROCESSES.Process(target=_main, args=(theirs, url, folder, readers), daemon=True)
    process.start()
    theirs.close()
    figures: Seconds = ours.recv()
    process.join()
    return figures


def _main(answer: Connection, url: str, folder: Path, readers: int) -> None:
    store = open_store(url, folder / "key")
    try:
        _fill(store, readers)
        answer.send(_steps(store))
    finally:
        store.close()


def _fill(store: Store, readers: int) -> None:
    with store._database.writing() as connection:
        kind = connection.dialect.name
        columns = COLUMNS if kind == "postgresql" else COLUMNS.replace("AS JSON)", "AS TEXT)")
        rows = NUMBERS[kind].format(last=readers - 1, columns=columns.format(first=FIRST_CHAT))
        connection.execute(
            text(f"INSERT INTO contact (channel, address, language, roles, region, consents, version) {rows}")
        )
    if kind == "postgresql":
        with store._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE contact"))


def _steps(store: Store) -> Seconds:
    ledger, now = store.ledger(sending.CHANNEL), datetime.now(UTC)
    figures: Seconds = {}

    @contextmanager
    def timed(step: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        figures[step] = time.monotonic() - began

    epoch = ledger.take_lead("measuring", now)
    id = scheduled(ledger, TEXT)
    before = _peak_mib()
    with timed("count the audience"):
        counted = ledger.count(TEXT.audience, now)
    with timed("start: the snapshot"):
        made = ledger.start(id, epoch, datetime.now(UTC))
    figures["rows"] = made
    figures["MiB that this took"] = _peak_mib() - before
    if made != counted.total:
        raise AssertionError(f"{made} rows for {counted.total} readers")
    with timed(f"claim {BATCH}"):
        claims = ledger.claim(id, epoch, BATCH, datetime.now(UTC))
    with timed(f"record {BATCH}"):
        ledger.record(epoch, [Settled(one.delivery_id, one.attempt, Event.ARRIVED, ("7",)) for one in claims], now)
    with timed("tally"):
        ledger.tally(id)
    with timed("report: all recipients"):
        figures["recipients"] = sum(1 for _ in ledger.recipients(id))
    with timed("take over"):
        ledger.take_lead("another", now)
    return figures


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
