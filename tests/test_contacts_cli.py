"""Readers moved by CSV file: all or nothing, every wrong line named, and nobody who left comes back."""

import json
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot import cli
from bot.errors import UsageError
from bot.messaging import Contact
from bot.operations import contact_list
from bot.storage import Store, open_store
from tests.sample_base import copy_sample

HEADER = "chat_id,roles,region,language,opted_in_at\n"
THEN = datetime(2025, 6, 9, 10, tzinfo=UTC)
GOOD = "7700900001,parent;childcare,gb,en,2025-06-09T10:00:00Z\n7700900002,,,,2025-06-09\n"


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy_sample(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IMH_KNOWLEDGE", str(tmp_path / "knowledge"))
    return tmp_path


@pytest.fixture
def store(own_folder: Path) -> Iterator[Store]:
    store = open_store("sqlite:///data/imh-bot.db", own_folder / "data" / "secret.key")
    yield store
    store.close()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, ["contacts", *arguments])


def imported(text: str) -> dict[str, int]:
    Path("in.csv").write_text(text, encoding="utf-8")
    result = run("import", "in.csv", "--json")
    assert result.exit_code == 0, result.exception
    return dict(json.loads(result.output))


def refused(text: str | bytes) -> list[str]:
    Path("in.csv").write_bytes(text.encode() if isinstance(text, str) else text)
    result = run("import", "in.csv")
    assert isinstance(result.exception, UsageError), result.output
    return str(result.exception).splitlines()


def all_readers(store: Store) -> dict[str, Contact]:
    return {one.address: one for one in store.contacts("telegram").readers()}


def test_readers_come_with_what_they_agreed_to(store: Store) -> None:
    assert imported(HEADER + GOOD) == {"added": 2, "known": 0, "erased": 0}
    readers = all_readers(store)
    one = readers["7700900001"]
    assert (one.roles, one.region, one.language, one.opted_in_at) == (("parent", "childcare"), "gb", "en", THEN)
    assert dict(one.consents) == {"announcements": THEN, "region": THEN, "role": THEN}
    assert [what for what, _ in readers["7700900002"].consents] == ["announcements"]
    assert "2 were known already" in run("import", "in.csv").output


def test_what_somebody_said_to_this_bot_stands(store: Store) -> None:
    stopped = Contact("telegram", "7700900001", opted_out_at=THEN)
    with store.turn("telegram", "7700900001", THEN) as turn:
        turn.save(contact=stopped)
    assert imported(HEADER + GOOD) == {"added": 1, "known": 1, "erased": 0}
    assert set(all_readers(store)) == {"7700900002"}


def test_whoever_was_erased_does_not_come_back(store: Store) -> None:
    store.forget("telegram", "7700900001", datetime.now(UTC))
    assert imported(HEADER + GOOD) == {"added": 1, "known": 0, "erased": 1}
    assert "left out" in run("import", "in.csv").output


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("0123,,,,2025-06-09", "chat_id"),
        ("-1001234567890,,,,2025-06-09", "chat_id"),
        ("99999999999999999999,,,,2025-06-09", "chat_id"),
        ("9999999999999999,,,,2025-06-09", "chat_id"),
        ("7700900009,parnt,,,2025-06-09", "Nearest: parent"),
        ("7700900009,,mars,,2025-06-09", "region"),
        ("7700900009,,,xx,2025-06-09", "language"),
        ("7700900009,,,,", "opted_in_at"),
        ("7700900009,,,,yesterday", "opted_in_at"),
        ("7700900009,,,,2999-01-01", "future"),
        ("7700900009,,", "fields"),
        ("7700900001,,,,2025-06-09", "line 2"),
        ('"7700900009', "CSV"),
    ],
)
def test_one_wrong_line_and_nobody_is_imported(store: Store, line: str, named: str) -> None:
    told = refused(f"{HEADER}{GOOD}{line}\n")
    assert told[0].startswith("in.csv:4: ") or "in.csv:5: " in told[0]
    assert named in told[0]
    assert all_readers(store) == {}


def test_every_wrong_line_is_named_up_to_a_limit() -> None:
    told = refused(HEADER + "x,,,,\n" * 30)
    assert told[0].startswith("in.csv:2: ")
    assert told[-2] == "… and 40 more."


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ("", "columns"),
        ("id,name\n1,x\n", "columns"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"x" * (10 * 1024 * 1024 + 1), "10 MB"),
    ],
)
def test_a_file_that_is_no_list_is_one_sentence(given: str | bytes, named: str) -> None:
    assert named in refused(given)[0]


def test_a_file_that_is_not_there_is_one_sentence() -> None:
    assert "no-such.csv" in str(run("import", "no-such.csv").exception)


def test_a_region_and_a_language_as_apps_write_them(store: Store) -> None:
    imported(HEADER + "7700900001,PARENT,GB,en-GB,2025-06-09T11:00:00+01:00\n")
    one = all_readers(store)["7700900001"]
    assert (one.roles, one.region, one.language, one.opted_in_at) == (("parent",), "gb", "en", THEN)


def test_what_is_exported_can_be_imported(store: Store, own_folder: Path) -> None:
    imported(HEADER + GOOD)
    before = all_readers(store)
    assert json.loads(run("export", "out.csv", "--json").output) == {"written": 2}
    assert stat.S_IMODE((own_folder / "out.csv").stat().st_mode) == 0o600
    for address in before:
        store.forget("telegram", address, datetime(2025, 1, 1, tzinfo=UTC))
    store.sweep(datetime.now(UTC))
    assert imported((own_folder / "out.csv").read_text(encoding="utf-8"))["added"] == 2
    assert all_readers(store) == before


def test_an_export_overwrites_nothing(own_folder: Path) -> None:
    (own_folder / "out.csv").write_text("mine", encoding="utf-8")
    assert "there already" in str(run("export", "out.csv").exception)
    assert (own_folder / "out.csv").read_text(encoding="utf-8") == "mine"
    assert "cannot be written" in str(run("export", "no/such/folder.csv").exception)
    assert "0 readers" in run("export", "new.csv").output


def test_columns_are_the_same_both_ways() -> None:
    assert ",".join(contact_list.COLUMNS) + "\n" == HEADER
