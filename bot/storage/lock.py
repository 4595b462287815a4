"""One serving process for one SQLite database. `serving` holds it for as long as it runs.

The lock is SQLite's own, on a file beside the database: it works wherever SQLite does, and the operating system
releases it when a process dies. On PostgreSQL many replicas may answer, so there is nothing to lock.
"""

import sqlite3
from pathlib import Path
from types import TracebackType

from bot.errors import StorageError
from bot.storage.database import database_file, parse


class ProcessLock:
    """Held from `acquire` (or entering) to `release` (or leaving), by one process at a time."""

    def __init__(self, url: str) -> None:
        """`url` is the database's. Raises StorageError when it cannot be read."""
        self._database = database_file(parse(url))
        self._held: sqlite3.Connection | None = None

    def acquire(self) -> None:
        """Raises StorageError when another process holds the lock, or its file cannot be made."""
        if self._database is None:
            return
        path = self._database.with_name(self._database.name + ".lock")
        connection: sqlite3.Connection | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
            connection.execute("BEGIN EXCLUSIVE")
        except (sqlite3.Error, OSError) as error:
            if connection is not None:
                connection.close()
            raise StorageError(_refusal(error, self._database, path)) from None
        self._held = connection

    def release(self) -> None:
        if self._held is not None:
            self._held.close()
            self._held = None

    def __enter__(self) -> "ProcessLock":
        self.acquire()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _t: TracebackType | None
    ) -> None:
        self.release()


def _refusal(error: Exception, database: Path, path: Path) -> str:
    if getattr(error, "sqlite_errorname", "") == "SQLITE_BUSY":
        return f"Another process is already serving from {database}: stop it first, or everybody is answered twice."
    return f"The lock file {path} cannot be made; check that its folder may be written to."
