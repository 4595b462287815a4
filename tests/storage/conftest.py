"""Real databases for the storage tests: what takes `database_url` or `store` runs on SQLite and on PostgreSQL."""

from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from bot.storage import Store, open_store


@pytest.fixture(scope="session")
def shared_postgres_url(new_postgres_url: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """URL of a PostgreSQL database with our tables, for all tests that only need rows."""
    url = new_postgres_url()
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
        database.execute("TRUNCATE conversation, contact, erasure, feedback, broadcast, delivery, audit, lease")
    return opened(url)


@pytest.fixture
def sqlite_store(sqlite_url: str, opened: Callable[[str], Store]) -> Store:
    return opened(sqlite_url)
