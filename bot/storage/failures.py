"""What can go wrong with a database, in words. Every query of the house runs inside `speaking`.

The driver's own message is never quoted: PostgreSQL's names the row (and so the chat id), a URL may hold a password.
The original exception is not chained either, because a logged traceback would print it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from bot.errors import StorageError

_CAUSES = (
    ("SQLITE_FULL", "the disk is full"),
    ("SQLITE_READONLY", "it is read-only"),
    ("SQLITE_BUSY", "another process is writing to it and does not finish"),
    ("SQLITE_CANTOPEN", "the file cannot be opened; check that its folder exists and may be written to"),
    ("SQLITE_NOTADB", "the file is not a SQLite database"),
    ("SQLITE_CORRUPT", "the file is damaged; restore a backup"),
    ("SQLITE_IOERR", "the disk reports an error"),
    ("28", "the user name or the password is refused"),
    ("3D000", "the server has no database of that name"),
    ("42501", "its user lacks a permission"),
    ("25006", "it is read-only"),
    ("53100", "the disk is full"),
    ("53300", "the server has too many connections"),
    ("55P03", "another session holds a lock and does not finish"),
    ("57014", "a query took too long"),
    ("57P", "the server is stopping or starting"),
)
"""How a code begins (SQLite's result code, PostgreSQL's SQLSTATE) and what it means."""

_REFUSALS = (
    ("password authentication failed", "the user name or the password is refused"),
    ("no password supplied", "the server asks for a password"),
    ("does not exist", "the server has no database or no user of that name"),
)
"""A refused PostgreSQL connection carries no SQLSTATE, only these words."""

_RACES = ("40001", "40P01")
"""PostgreSQL's serialization failure and deadlock: another writer came first."""


class StorageUnavailable(StorageError):
    """The database cannot be used right now. An alarm is still answered, from memory."""


class VersionConflict(StorageError):
    """Another turn of the same chat was saved in between; nothing of this one was. Load again and rerun it once."""

    def __init__(self) -> None:
        super().__init__("Something else changed this conversation at the same moment; nothing was saved.")


class LeadLost(StorageError):
    """Another sender has taken over: this one's epoch is over, and it may neither claim nor start anything."""

    def __init__(self) -> None:
        super().__init__("Another process sends announcements now; this one has stopped sending.")


def expect_one(touched: int) -> None:
    """Raises VersionConflict unless a conditional update touched the one row that it meant."""
    if touched != 1:
        raise VersionConflict


@contextmanager
def speaking(place: str) -> Iterator[None]:
    """Turn the driver's errors into ours. `place` is the file or server, without a password.

    Raises StorageUnavailable, and VersionConflict where another writer came first.
    """
    try:
        yield
    except IntegrityError:
        raise VersionConflict from None
    except PoolExhausted:
        raise StorageUnavailable(f"The database {place} cannot be used: all connections are busy.") from None
    except DBAPIError as error:
        code = _code(error)
        if code in _RACES:
            raise VersionConflict from None
        raise StorageUnavailable(f"The database {place} cannot be used: {_cause(code, error)}.") from None


def _code(error: DBAPIError) -> str:
    origin = error.orig
    return getattr(origin, "sqlite_errorname", None) or getattr(origin, "sqlstate", None) or ""


def _cause(code: str, error: DBAPIError) -> str:
    for beginning, meaning in _CAUSES:
        if code.startswith(beginning):
            return meaning
    if code:
        return f"it reports {code}"
    said = str(error.orig)
    return next((meaning for words, meaning in _REFUSALS if words in said), "it does not answer")
