import logging
import sqlite3
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import event, inspect
from sqlalchemy.exc import DBAPIError, OperationalError

from bot.errors import StorageError
from bot.storage import StorageUnavailable, Store, VersionConflict, open_store
from bot.storage.database import Database, parse
from bot.storage.failures import speaking
from bot.storage.schema import METADATA
from tests.storage.chats import ADDRESS, CHANNEL, NOW, conversation_of, save

Opens = Callable[..., Store]


def said(url: str, tmp_path: Path, *, migrate: bool = True) -> str:
    """The sentence with which a database is refused."""
    with pytest.raises(StorageError) as caught:
        open_store(url, tmp_path / "key", migrate=migrate).close()
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert sentence.endswith(".")
    assert "sqlalchemy" not in "".join(traceback.format_exception(caught.value)).split("StorageError")[-1]
    return sentence


def run(url: str, statement: str) -> None:
    database = Database(parse(url))
    with database.writing() as connection:
        connection.exec_driver_sql(statement)
    database.close()


def tables(url: str) -> set[str]:
    database = Database(parse(url))
    with database.reading() as connection:
        names = set(inspect(connection).get_table_names())
    database.close()
    return names


def test_a_fresh_database_is_made_and_found_again(database_url: str, opened: Opens) -> None:
    save(opened(database_url), step="asking-region")
    assert conversation_of(opened(database_url)).step == "asking-region"
    assert conversation_of(opened(database_url, migrate=False)).step == "asking-region"
    assert tables(database_url) == {"alembic_version", *METADATA.tables}


def test_two_processes_may_open_a_fresh_database_together(database_url: str, tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        stores = list(pool.map(lambda _: open_store(database_url, tmp_path / "key"), range(4)))
    save(stores[0], step="asking-region")
    assert {conversation_of(store).step for store in stores} == {"asking-region"}
    for store in stores:
        store.close()


def test_without_migrating_an_older_schema_is_refused(database_url: str, tmp_path: Path) -> None:
    if database_url.startswith("sqlite"):
        (tmp_path / "data").mkdir()
    assert "imh-bot migrate" in said(database_url, tmp_path, migrate=False)
    assert tables(database_url) == set()


def test_a_schema_from_the_future_is_refused(database_url: str, opened: Opens, tmp_path: Path) -> None:
    opened(database_url).close()
    run(database_url, "UPDATE alembic_version SET version_num = '9999'")
    assert "9999" in said(database_url, tmp_path)


def test_the_database_of_another_program_is_left_alone(database_url: str, opened: Opens, tmp_path: Path) -> None:
    if database_url.startswith("sqlite"):
        (tmp_path / "data").mkdir()
    run(database_url, "CREATE TABLE contact (name TEXT)")
    assert "another program" in said(database_url, tmp_path)
    assert tables(database_url) == {"contact"}


def test_a_migration_that_fails_leaves_nothing_half_done(database_url: str, tmp_path: Path) -> None:
    if database_url.startswith("sqlite"):
        (tmp_path / "data").mkdir()
    run(database_url, "CREATE TABLE ix_erasure_erased_at (x INTEGER)")
    assert "it reports" in said(database_url, tmp_path)
    assert tables(database_url) == {"ix_erasure_erased_at"}


def test_the_settings_of_sqlite_hold_on_every_connection(sqlite_store: Store) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000, "secure_delete": 1}
    database = sqlite_store._database
    with database.reading() as first, database.writing() as second:
        for connection in (first, second):
            found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in wanted}
            assert found == wanted


def test_rebuilding_a_table_does_not_delete_what_refers_to_it(sqlite_store: Store) -> None:
    database = sqlite_store._database
    with database.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        connection.exec_driver_sql("CREATE TABLE child (parent REFERENCES parent (id) ON DELETE CASCADE)")
        connection.exec_driver_sql("INSERT INTO parent VALUES (1)")
        connection.exec_driver_sql("INSERT INTO child VALUES (1)")
    with database.rebuilding() as connection:
        connection.exec_driver_sql("DROP TABLE parent")
    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM child").scalar_one() == 1
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "sqlite:///file:try?mode=memory&uri=true"])
def test_a_database_in_memory_serves_all_threads(url: str, opened: Opens) -> None:
    store = opened(url)
    save(store, last_page=3)
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lambda _: conversation_of(store).last_page, range(12))) == {3}


@pytest.mark.parametrize(
    "url",
    [
        "",
        "imh.db",
        "sqlite://imh.db",
        "mysql://imh:hunter2@localhost/imh",
        "postgresql://imh:hunter2@localhost:port/imh",
        "sqlite+aiosqlite:///imh.db",
    ],
)
def test_a_malformed_url_is_refused_and_not_repeated(url: str, tmp_path: Path) -> None:
    sentence = said(url, tmp_path)
    assert "postgresql://user:password@host/database" in sentence
    assert "hunter2" not in sentence


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg", "postgresql+psycopg2"])
def test_every_way_to_write_postgresql_is_understood(scheme: str) -> None:
    assert parse(f"{scheme}://imh@localhost/imh").drivername == "postgresql+psycopg"


def test_a_server_that_does_not_answer_is_named_without_the_password(tmp_path: Path) -> None:
    url = "postgresql://imh:hunter2@127.0.0.1:1/helpers"
    with pytest.raises(StorageUnavailable) as caught:
        open_store(url, tmp_path / "key")
    assert str(caught.value) == "The database helpers on 127.0.0.1 cannot be used: it does not answer."
    assert "hunter2" not in "".join(traceback.format_exception(caught.value))


def test_a_database_that_the_server_does_not_have(postgres: str, tmp_path: Path) -> None:
    sentence = said(postgres.replace("/postgres?", "/nowhere?"), tmp_path)
    assert "no database" in sentence


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    assert "/proc/imh" in said("sqlite:////proc/imh/imh.db", tmp_path)


def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    assert "is a folder" in said(f"sqlite:///{tmp_path}", tmp_path)
    assert "is a folder" in said("sqlite:////", tmp_path)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "notes.db").write_bytes(b"shopping list " * 100)
    assert "not a SQLite database" in said(f"sqlite:///{tmp_path}/notes.db", tmp_path)
    assert (tmp_path / "notes.db").read_bytes() == b"shopping list " * 100


def test_a_read_only_database(sqlite_url: str, opened: Opens, tmp_path: Path) -> None:
    opened(sqlite_url).close()
    path = sqlite_url.removeprefix("sqlite:///")
    assert "read-only" in said(f"sqlite:///file:{path}?mode=ro&uri=true", tmp_path)


def test_a_key_that_cannot_be_used_closes_the_database_again(sqlite_url: str, tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"short")
    assert "32 bytes" in said(sqlite_url, tmp_path)


def test_a_disk_that_fills_up_is_said_and_what_was_saved_stays(sqlite_store: Store) -> None:
    save(sqlite_store, step="asking-region")
    sqlite_store.close()

    def fill(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA max_page_count=1").close()

    event.listen(sqlite_store._database.engine, "connect", fill)
    with pytest.raises(StorageUnavailable, match="disk is full"):
        save(sqlite_store, step="x" * 100_000)
    assert conversation_of(sqlite_store).step == "asking-region"


def test_a_file_that_vanishes_is_unavailable_and_never_made_anew(sqlite_store: Store, tmp_path: Path) -> None:
    sqlite_store.close()
    (tmp_path / "data").rename(tmp_path / "elsewhere")
    for use in (
        sqlite_store.ping,
        lambda: save(sqlite_store),
        lambda: sqlite_store.mark_answered(CHANNEL, ADDRESS, "81"),
    ):
        with pytest.raises(StorageUnavailable, match="cannot be opened"):
            use()
    (tmp_path / "elsewhere").rename(tmp_path / "data")
    sqlite_store.ping()


def test_a_server_that_goes_away_is_unavailable_until_it_is_back(
    postgres: str, postgres_url: str, opened: Opens, caplog: pytest.LogCaptureFixture
) -> None:
    store = opened(postgres_url)
    save(store, step="asking-region")
    name = parse(postgres_url).database
    with psycopg.connect(postgres, autocommit=True) as server:
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false".encode())
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        with caplog.at_level(logging.DEBUG), pytest.raises(StorageUnavailable):
            save(store)
        assert ADDRESS not in caplog.text
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true".encode())
    assert conversation_of(store).step == "asking-region"


def test_postgresql_gives_up_on_a_lock_and_a_slow_query(postgres_url: str, opened: Opens) -> None:
    database = opened(postgres_url)._database
    with database.reading() as connection:
        shown = [
            connection.exec_driver_sql(f"SHOW {name}").scalar_one() for name in ("lock_timeout", "statement_timeout")
        ]
    assert shown == ["5s", "10s"]
    slow = "SET LOCAL statement_timeout = 20; SELECT pg_sleep(5)"
    with pytest.raises(StorageUnavailable, match="too long"), database.writing() as connection:
        connection.exec_driver_sql(slow)


def test_more_threads_than_connections_is_said(monkeypatch: pytest.MonkeyPatch, opened: Opens) -> None:
    monkeypatch.setattr("bot.storage.database.BUSY_TIMEOUT_MS", 10)
    store = opened("sqlite://")
    with store._database.reading(), pytest.raises(StorageUnavailable, match="busy"):
        store.ping()


class Refused(Exception):
    """What a driver raises, with the code and the words it raises it with."""

    def __init__(self, words: str, sqlstate: str | None = None) -> None:
        super().__init__(words)
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("refusal", "meaning"),
    [
        (Refused('FATAL: password authentication failed for user "imh"'), "password is refused"),
        (Refused("", "28P01"), "password is refused"),
        (Refused("", "57P01"), "stopping or starting"),
        (Refused("", "53100"), "disk is full"),
        (Refused("Key (address)=(7700900123)", "22012"), "it reports 22012"),
        (Refused("7700900123"), "does not answer"),
    ],
)
def test_a_refusal_is_told_in_words_that_name_nobody(refusal: Refused, meaning: str) -> None:
    with pytest.raises(StorageUnavailable, match=meaning) as caught, speaking("helpers on localhost"):
        raise OperationalError("SELECT", {"address": ADDRESS}, refusal)
    assert ADDRESS not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("sqlstate", ["40001", "40P01"])
def test_a_lost_race_inside_the_server_is_a_conflict(sqlstate: str) -> None:
    with pytest.raises(VersionConflict), speaking("helpers on localhost"):
        raise DBAPIError("UPDATE", {}, Refused("deadlock detected", sqlstate))


def test_what_is_not_the_databases_fault_passes_as_it_is() -> None:
    with pytest.raises(KeyError), speaking("helpers on localhost"):
        raise KeyError(NOW)
