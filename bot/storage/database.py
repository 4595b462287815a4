"""One database, SQLite or PostgreSQL, by its URL: how it is reached and how a transaction on it begins.

`opening` makes it, `store` and `traces` query through it. Calls block and belong in worker threads: SQLite is a C call
that blocks however it is wrapped, and with threads both databases share one code path without an async driver each.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from sqlalchemy import URL, Connection, Engine, QueuePool, Table, create_engine, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError

from bot.errors import StorageError
from bot.storage.failures import speaking

BUSY_TIMEOUT_MS = 5_000
"""How long to wait for another process that writes, and for a free connection."""
STATEMENT_TIMEOUT_MS = 10_000
"""PostgreSQL gives up on a statement after this; an update's deadline is no longer."""
_SQLITE_SETTINGS = (
    f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}",
    "PRAGMA journal_mode=WAL",
    # With NORMAL a power cut can undo a committed "sending" mark, and somebody is messaged twice.
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    # What /forget deletes is overwritten in the file, too.
    "PRAGMA secure_delete=ON",
)
_READS = "reads"
"""Execution option of a transaction that only reads."""


def parse(url: str) -> URL:
    """Read a database URL. Raises StorageError, in a sentence that does not repeat the URL (it may hold a password),
    and where a folder stands in place of the file.
    """
    try:
        parsed = make_url(url)
        if parsed.drivername.split("+")[0] in ("postgres", "postgresql"):
            return parsed.set(drivername="postgresql+psycopg")
    except (ArgumentError, ValueError):
        parsed = None
    if parsed is None or parsed.drivername not in ("sqlite", "sqlite+pysqlite") or parsed.host:
        raise StorageError(
            "The database URL cannot be read: write sqlite:///folder/file.db (three slashes, four for an absolute "
            "path) or postgresql://user:password@host/database."
        )
    file = database_file(parsed)
    if file is not None and file.is_dir():
        raise StorageError(f"The database {file} is a folder: name a file in the database URL.")
    return parsed


def database_file(url: URL) -> Path | None:
    """The file of a SQLite database; None for one in memory and for PostgreSQL."""
    name = url.database or ""
    if url.get_backend_name() != "sqlite" or name in ("", ":memory:") or url.query.get("mode") == "memory":
        return None
    return Path(unquote(name.removeprefix("file:"))) if name.startswith("file:") else Path(name)


def place(url: URL) -> str:
    """Where the database is, as it may be shown: never a user name or a password."""
    if url.get_backend_name() == "sqlite":
        return str(database_file(url) or "in memory")
    return f"{url.database} on {url.host or url.query.get('host') or 'localhost'}"


class Database:
    """An engine and the two ways to use it: `reading` and `writing`, each one transaction."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self.place = place(url)
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self.engine = _sqlite(url) if self.is_sqlite else _postgresql(url)
        self._reader = self.engine.execution_options(**{_READS: True})
        # SQLite allows one writer. Its busy handler sleeps and is not fair; a lock between our threads is both.
        self._one_writer = threading.Lock() if self.is_sqlite else nullcontext()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads and holds up nobody. Raises StorageUnavailable."""
        with speaking(self.place), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes, committed at the end. Raises StorageUnavailable or VersionConflict."""
        with speaking(self.place), self._one_writer, self.engine.begin() as connection:
            yield connection

    @contextmanager
    def rebuilding(self) -> Iterator[Connection]:
        """A writing transaction in which tables may be rebuilt: SQLite would otherwise delete what refers to them."""
        with speaking(self.place), self._one_writer, self.engine.connect() as connection:
            _enforce_foreign_keys(connection, False)
            try:
                with connection.begin():
                    yield connection
            finally:
                _enforce_foreign_keys(connection, True)

    def close(self) -> None:
        self.engine.dispose()


def inserting(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that can be told what to do when the row is there; each dialect has its own."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


def take_as_long_as_needed(connection: Connection) -> None:
    """For the rest of this transaction PostgreSQL does not give up on a statement: a million rows are written."""
    if connection.dialect.name != "sqlite":
        connection.execute(text("SET LOCAL statement_timeout = 0"))


def _sqlite(url: URL) -> Engine:
    # A database in memory lives in its one connection, which the threads take in turn.
    pool = {"pool_size": 8, "max_overflow": 24} if database_file(url) else {"pool_size": 1, "max_overflow": 0}
    engine = _engine(url, **pool, connect_args={"check_same_thread": False})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin)
    return engine


def _postgresql(url: URL) -> Engine:
    engine = _engine(url, pool_size=8, max_overflow=8, pool_pre_ping=True, connect_args={"connect_timeout": 5})
    event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _engine(url: URL, **options: Any) -> Engine:
    # Parameters are people's chat ids: they stay out of error messages.
    return create_engine(url, poolclass=QueuePool, pool_timeout=BUSY_TIMEOUT_MS / 1000, hide_parameters=True, **options)


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver's own BEGIN comes late and deferred: two read-modify-writes could both commit and one be lost.
    connection.isolation_level = None
    for setting in _SQLITE_SETTINGS:
        connection.execute(setting).close()


def _begin(connection: Connection) -> None:
    only_reads = connection.get_execution_options().get(_READS, False)
    connection.exec_driver_sql("BEGIN" if only_reads else "BEGIN IMMEDIATE")


def _prepare_postgresql(connection: Any, _record: object) -> None:
    # Outside a transaction, or the first rollback would undo the settings.
    connection.autocommit = True
    connection.execute(f"SET statement_timeout = {STATEMENT_TIMEOUT_MS}")
    connection.execute(f"SET lock_timeout = {BUSY_TIMEOUT_MS}")
    connection.autocommit = False


def _enforce_foreign_keys(connection: Connection, on: bool) -> None:
    driver = connection.connection.dbapi_connection
    if isinstance(driver, sqlite3.Connection):
        driver.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}").close()
