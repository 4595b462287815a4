from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.conversation.model import Feedback, Verdict
from bot.storage import Store, VersionConflict
from tests.storage.chats import ADDRESS, ANNA, CHANNEL, NOW, contact_of, conversation_of, save, save_with


def contact_number(store: Store) -> int:
    number = store.export(CHANNEL, ADDRESS)["contact"]["id"]
    assert isinstance(number, int)
    return number


def remember(store: Store) -> int:
    save(store, contact=ANNA, roles=("parent",), last_target="topic:sleep")
    assert store.holds_anything(CHANNEL, ADDRESS) == ["contact.id", "contact.address", "conversation.key"]
    return contact_number(store)


def forget_in_a_turn(store: Store) -> None:
    with store.turn(CHANNEL, ADDRESS, NOW) as turn:
        turn.save(contact=turn.contact, conversation=turn.conversation.with_incoming("82"), forget=True)


def forget_by_command(store: Store) -> None:
    store.forget(CHANNEL, ADDRESS, NOW)


ways = pytest.mark.parametrize("forget", [forget_in_a_turn, forget_by_command])


@ways
def test_after_forgetting_no_row_names_the_chat(store: Store, forget: Callable[[Store], None]) -> None:
    number = remember(store)
    forget(store)
    assert store.holds_anything(CHANNEL, ADDRESS, number) == []
    assert store.export(CHANNEL, ADDRESS) == {"contact": None, "conversation": None, "deliveries": []}
    forget(store)
    assert store.holds_anything(CHANNEL, ADDRESS, number) == []


@ways
def test_the_mark_for_restores_is_left_once(store: Store, forget: Callable[[Store], None]) -> None:
    forget(store)
    forget(store)
    assert store.sweep(NOW.replace(year=2027)).erasures == 1


def test_the_turn_of_forgetting_saves_neither_contact_nor_conversation(store: Store) -> None:
    with store.turn(CHANNEL, ADDRESS, NOW) as turn:
        turn.save(
            contact=ANNA, conversation=turn.conversation, forget=True, feedback=Feedback("sleep", Verdict.HELPFUL)
        )
    store.mark_answered(CHANNEL, ADDRESS, "82")
    assert store.holds_anything(CHANNEL, ADDRESS) == []


def test_others_are_left_alone(store: Store) -> None:
    remember(store)
    store.forget(CHANNEL, "7700900124", NOW)
    assert contact_of(store) == ANNA


def test_a_turn_under_way_cannot_bring_back_what_was_forgotten(store: Store) -> None:
    number = remember(store)
    with pytest.raises(VersionConflict):
        save_with(store, lambda: forget_by_command(store), replace(ANNA, region="england"))
    assert store.holds_anything(CHANNEL, ADDRESS, number) == []


def test_nor_can_it_when_the_chat_has_begun_anew_meanwhile(store: Store) -> None:
    def begin_anew() -> None:
        forget_by_command(store)
        save(store)

    save(store, roles=("parent",))
    with pytest.raises(VersionConflict):
        save_with(store, begin_anew)
    assert conversation_of(store).roles == ()


def test_a_number_is_never_given_to_somebody_else(store: Store) -> None:
    number = remember(store)
    store.forget(CHANNEL, ADDRESS, NOW)
    save(store, contact=ANNA)
    assert contact_number(store) > number


def test_the_file_itself_holds_no_trace(sqlite_store: Store, sqlite_url: str) -> None:
    folder = Path(sqlite_url.removeprefix("sqlite:///")).parent

    def found() -> bool:
        sqlite_store.close()
        return any(ADDRESS.encode() in file.read_bytes() for file in folder.iterdir())

    remember(sqlite_store)
    assert found()
    sqlite_store.forget(CHANNEL, ADDRESS, NOW)
    assert not found()


TRACES = {
    "in a text": f"INSERT INTO note (words) VALUES ('written by {ADDRESS}, at night')",
    "in a name": f"INSERT INTO note (words) VALUES ('telegram-{ADDRESS}_1')",
    "in a list": f'INSERT INTO note (list) VALUES (\'["x", {{"to": "{ADDRESS}"}}]\')',
    "as a number": f"INSERT INTO note (number) VALUES ({ADDRESS})",
    "in bytes": f"INSERT INTO note (bytes) VALUES (CAST('to {ADDRESS}' AS BYTES))",
}
NOTE = """CREATE TABLE note (words TEXT, list JSON, number BIGINT, bytes BYTES, day DATE, contact_id BIGINT,
writer INTEGER REFERENCES contact (id))"""


@pytest.fixture
def extended(store: Store) -> Iterator[Store]:
    """A store whose database has a table that the code does not know."""
    _run(store, NOTE)
    yield store
    _run(store, "DROP TABLE note")


def _bytes(store: Store) -> str:
    return "BLOB" if store._database.is_sqlite else "BYTEA"


def _run(store: Store, statement: str) -> None:
    with store._database.writing() as connection:
        connection.exec_driver_sql(statement.replace("BYTES", _bytes(store)))


@pytest.mark.parametrize("where", TRACES)
def test_the_search_finds_a_trace_in_a_table_it_was_not_told_of(extended: Store, where: str) -> None:
    _run(extended, TRACES[where])
    (found,) = extended.holds_anything(CHANNEL, ADDRESS)
    assert found.startswith("note.")
    assert extended.holds_anything(CHANNEL, ADDRESS[:-1]) == []
    assert extended.holds_anything(CHANNEL, ADDRESS[1:]) == []


def test_the_search_finds_hashes_and_references(extended: Store) -> None:
    number = remember(extended)
    key = conversation_of(extended).key
    mark = extended._key.erasure(CHANNEL, ADDRESS)
    _run(extended, f"INSERT INTO note (words, contact_id, number) VALUES ('{key}', {number}, {number})")
    _run(extended, f"INSERT INTO note (words, writer) VALUES ('{mark}', {number})")
    assert set(extended.holds_anything(CHANNEL, ADDRESS)) == {
        "note.words", "note.contact_id", "note.writer", "contact.id", "contact.address", "conversation.key",
    }  # fmt: skip


def test_a_short_chat_id_is_not_found_inside_hashes_and_counts(extended: Store) -> None:
    save(extended, last_page=4)
    _run(extended, "INSERT INTO note (words, day) VALUES ('-77 and 477 and 770', '2026-07-07')")
    _run(extended, f"INSERT INTO note (words) VALUES ('of {'77' + 'a' * 62}')")
    assert extended.holds_anything(CHANNEL, "77") == []
    assert extended.holds_anything(CHANNEL, "-77") == ["note.words"]
