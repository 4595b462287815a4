"""The organisers' desk on the command line: who may what, what is refused before anything is sent, and its JSON."""

import asyncio
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot import cli
from bot.broadcast.announcement import LARGEST_FILE_BYTES
from bot.broadcast.broadcast import Claim
from bot.broadcast.states import Event
from bot.errors import BotError
from bot.messaging import Contact
from bot.sandbox.http import serving
from bot.sandbox.world import World
from bot.storage import Ledger, Store, open_store
from tests.sample_base import copy_sample
from tests.sandbox.asking import PNG
from tests.storage.announced import settled

AUTHOR, SECOND, MANAGER, STRANGER = "501", "502", "503", "999"
THEN = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy_sample(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IMH_KNOWLEDGE", str(tmp_path / "knowledge"))
    monkeypatch.setenv("IMH_ORGANISERS", f"{AUTHOR}:compose,{SECOND}:compose+approve,{MANAGER}:manage")
    (tmp_path / "text.md").write_text("**Hello** [you](https://example.org/)\n", encoding="utf-8")
    return tmp_path


@pytest.fixture(autouse=True)
def store(own_folder: Path) -> Iterator[Store]:
    """Three parents and one in childcare, one of the parents in the United States."""
    store = open_store("sqlite:///data/imh-bot.db", own_folder / "data" / "secret.key")
    for number, (role, region) in enumerate(
        [("parent", "gb"), ("parent", "us"), ("parent", "gb"), ("childcare", "gb")]
    ):
        one = Contact("telegram", f"770090000{number}", "en", (role,), region, (("announcements", THEN),), THEN)
        with store.turn("telegram", one.address, THEN) as turn:
            turn.save(contact=one)
    yield store
    store.close()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, ["broadcast", *arguments])


def told(*arguments: str) -> dict[str, object]:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.exception
    return dict(json.loads(result.output))


def refused(*arguments: str) -> str:
    result = run(*arguments)
    assert isinstance(result.exception, BotError), result.output
    said = str(result.exception)
    assert "\n" not in said
    return said


def new(*more: str, by: str = AUTHOR, to: str = "everyone") -> str:
    return str(told("new", "--file", "text.md", "--to", to, "--as", by, *more)["id"])


def not_new(*more: str, by: str = AUTHOR, to: str = "everyone") -> str:
    return refused("new", "--file", "text.md", "--to", to, "--as", by, *more)


def approved(*more: str) -> str:
    id = new(*more)
    told("submit", id, "--as", AUTHOR)
    told("approve", id, "--as", SECOND)
    return id


def started(store: Store) -> tuple[str, Ledger, int, list[Claim]]:
    """An announcement that is being sent, and all of it claimed."""
    id = approved()
    told("send", id, "--as", AUTHOR)
    ledger = store.ledger("telegram")
    epoch = ledger.take_lead("test", THEN)
    now = datetime.now(UTC)
    ledger.start(int(id), epoch, now)
    return id, ledger, epoch, list(ledger.claim(int(id), epoch, 100, now))


def test_from_draft_to_scheduled() -> None:
    id = new(to="parent,childcare")
    states = [told("preview", id)["status"]]
    states += [
        told(act, id, "--as", by)["status"] for act, by in (("submit", AUTHOR), ("approve", SECOND), ("send", AUTHOR))
    ]
    assert states == ["draft", "submitted", "approved", "scheduled"]
    shown = told("preview", id)
    assert shown["text"] == "Hello you"
    assert shown["would_reach"] == 4
    assert [one["type"] for one in shown["entities"]] == ["bold", "text_link"]  # type: ignore[attr-defined]
    assert set(shown) >= {"id", "status", "counts", "hash", "left_out", "audience"}
    assert "https://example.org/" in run("preview", id).output
    assert told("report", id)["recipients"] == []


def test_one_object_with_counts_by_every_state(store: Store) -> None:
    id, ledger, epoch, claims = started(store)
    now = datetime.now(UTC)
    ledger.record(epoch, settled(claims[:1], Event.ARRIVED, message_ids=("7",)), now)
    ledger.record(epoch, settled(claims[1:2], Event.LOST_TRACK), now)
    ledger.record(epoch, settled(claims[2:3], Event.REFUSED, error="no"), now)
    ledger.record(epoch, settled(claims[3:], Event.REFUSED_BY_READER), now)
    counts = told("report", id)["counts"]
    assert isinstance(counts, dict)
    assert {state for state, number in counts.items() if number} == {"sent", "uncertain", "failed", "blocked"}
    recipients = told("report", id)["recipients"]
    assert isinstance(recipients, list)
    assert len(recipients) == 4
    assert set(recipients[0]) == {"chat_id", "state", "attempts", "error"}
    assert "recipients" in told("report", id, "--as", MANAGER)
    assert "recipients" not in told("report", id, "--as", STRANGER)
    assert "uncertain" in run("report", id, "--csv", "out.csv").output
    assert Path("out.csv").read_text(encoding="utf-8").splitlines()[0] == "chat_id,state,attempts,error"
    assert len(Path("out.csv").read_text(encoding="utf-8").splitlines()) == 5
    assert STRANGER in refused("report", id, "--csv", "other.csv", "--as", STRANGER)
    assert "there already" in refused("report", id, "--csv", "out.csv")

    assert "--all-uncertain" in refused("send-again", id, "--as", SECOND)
    assert told("send-again", id, "--all-uncertain", "--as", SECOND)["counts"]["queued"] == 1  # type: ignore[index]
    assert told("retry-failed", id, "--as", MANAGER)["counts"]["queued"] == 2  # type: ignore[index]
    assert "uncertain" in refused("send-again", id, "--all-uncertain", "--as", SECOND)
    assert "failed" in refused("retry-failed", id, "--as", SECOND)


@pytest.mark.parametrize(
    ("act", "by"),
    [
        ("submit", SECOND),
        ("approve", AUTHOR),
        ("approve", MANAGER),
        ("reject", MANAGER),
        ("send", MANAGER),
        ("schedule", MANAGER),
        ("cancel", STRANGER),
        ("retry-failed", AUTHOR),
    ],
)
def test_every_act_asks_for_its_permission(act: str, by: str, monkeypatch: pytest.MonkeyPatch) -> None:
    id = new()
    monkeypatch.setenv("IMH_ORGANISERS", f"{AUTHOR}:compose,{SECOND}:approve,{MANAGER}:manage")
    assert f"You ({by}) may not" in refused(act, id, "--as", by)


def test_anyone_with_a_permission_stops_and_going_on_needs_approval(store: Store) -> None:
    id, *_ = started(store)
    assert told("pause", id, "--as", MANAGER)["status"] == "paused"
    assert MANAGER in refused("resume", id, "--as", MANAGER)
    assert AUTHOR in refused("resume", id, "--as", AUTHOR)
    assert told("resume", id, "--as", SECOND)["status"] == "sending"
    assert told("pause", id, "--as", AUTHOR)["paused_because"] is None
    assert run("watch", id).output.count("paused") >= 1
    assert told("cancel", id, "--as", MANAGER)["status"] == "cancelled"
    assert told("watch", id)["status"] == "cancelled"
    assert "cancelled" in refused("resume", id, "--as", SECOND)


def test_watching_ends_with_what_it_watches(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    id, ledger, epoch, claims = started(store)

    def settle(_seconds: float) -> None:
        ledger.record(epoch, settled(claims, Event.ARRIVED, message_ids=("7",)), datetime.now(UTC))
        ledger.finish_if_done(int(id), epoch, datetime.now(UTC))

    monkeypatch.setattr(time, "sleep", settle)
    lines = run("watch", id).output.splitlines()
    assert ["sending" in lines[0], "finished" in lines[-1]] == [True, True]


def test_nobody_approves_their_own() -> None:
    id = new(by=SECOND)
    told("submit", id, "--as", SECOND)
    assert "Somebody else" in refused("approve", id, "--as", SECOND)


def test_alone_a_delay_stands_for_the_second_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMH_ORGANISERS", f"{AUTHOR}:compose+approve")
    id = new()
    told("submit", id, "--as", AUTHOR)
    shown = told("approve", id, "--as", AUTHOR)
    wait = datetime.fromisoformat(str(shown["not_before"])) - datetime.now(UTC)
    assert timedelta(minutes=9) < wait <= timedelta(minutes=10)
    assert told("send", id, "--as", AUTHOR)["status"] == "scheduled"
    assert "not before" in run("list").output
    assert told("cancel", id, "--as", AUTHOR)["status"] == "cancelled"


def test_an_approval_is_of_what_was_seen() -> None:
    id = new()
    told("submit", id, "--as", AUTHOR)
    assert "changed since" in refused("approve", id, "--as", SECOND, "--hash", "0" * 64)
    told("reject", id, "--as", SECOND)
    told("submit", id, "--as", AUTHOR)
    told("approve", id, "--as", SECOND, "--hash", str(told("preview", id)["hash"]))


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--to", "parnt"], "Nearest: parent"),
        (["--to", "everyon"], "Nearest: everyone"),
        (["--to", " , "], "to whom"),
        (["--to", "everyone,parent"], "everyone"),
        (["--region", "mars"], "region"),
        (["--language", "xx"], "language"),
        (["--kind", "weak"], "Nearest: week"),
        (["--language", "cy"], "Nobody would receive this. Left out: 4 read another language."),
        (["--kind", "events"], "agreed to another kind"),
        (["--at", "yesterday-ish"], "time"),
        (["--at", "2020-01-01 10:00"], "past"),
        (["--at", "Mon 9:30", "--zone", "Mars/Base"], "Europe/London"),
        (["--file", "no-such.md"], "no-such.md"),
        (["--as", STRANGER], "IMH_ORGANISERS"),
        (["--as", MANAGER], "may not compose"),
        (["--photo", "no-such.png"], "no-such.png"),
        (["--photo", "empty.png"], "empty"),
        (["--photo", "text.md", "--document", "text.md"], "one album"),
        (["--photo", "text.md"], "IMH_TOKEN"),
        (["--photo", "huge.png"], "50 MB"),
        (["--file", "long.md"], "4096"),
        (["--file", "caption.md", "--photo", "text.md"], "1024"),
        (["--file", "album.md", "--photo", "text.md", "--photo", "text.md"], "line that stops"),
        (["--file", "text.md", *["--photo", "text.md"] * 11], "at most 10"),
        (["--file", "blank.md"], "empty"),
        (["--file", "huge.png"], "too large"),
        (["--file", "broken.md"], "Line 1"),
        (["--file", "binary.md"], "UTF-8"),
    ],
    ids=lambda value: " ".join(value[:4]) if isinstance(value, list) else "",
)
def test_what_cannot_be_announced_is_said(own_folder: Path, arguments: list[str], named: str) -> None:
    texts = {"long": "💛" * 2049, "caption": "x" * 1025, "album": "x" * 1020, "blank": " \n", "broken": "**x"}
    for name, text in texts.items():
        (own_folder / f"{name}.md").write_text(text, encoding="utf-8")
    (own_folder / "binary.md").write_bytes(b"\xff\xfe")
    (own_folder / "empty.png").touch()
    with (own_folder / "huge.png").open("wb") as huge:
        huge.truncate(LARGEST_FILE_BYTES + 1)
    given = dict(zip(("--file", "--to", "--as"), ("text.md", "everyone", AUTHOR), strict=True))
    usual = [part for option, value in given.items() if option not in arguments for part in (option, value)]
    assert named in refused("new", *usual, *arguments)
    assert json.loads(run("list", "--json").output) == []


def test_the_same_twice_is_asked_about(store: Store) -> None:
    first = approved()
    assert f"Announcement {first}" in not_new()
    assert "--again" in not_new()
    assert new("--again") != first
    assert new(to="parent")
    told("cancel", first, "--as", SECOND)
    assert new()


def test_a_region_stands_for_what_lies_in_it_and_rules_narrow() -> None:
    assert told("preview", new("--region", "us"))["would_reach"] == 1
    assert told("preview", new("--region", "gb,us", to="parent"))["would_reach"] == 3
    shown = told("preview", new("--language", "en", "--region", "gb", to="childcare"))
    assert shown["would_reach"] == 1
    assert shown["left_out"]["other_role"] == 3  # type: ignore[index]


def test_a_time_is_part_of_the_approval() -> None:
    id = approved("--at", "in 2 days")
    assert "approved for" in refused("send", id, "--as", AUTHOR)
    assert told("schedule", id, "--as", AUTHOR)["status"] == "scheduled"
    assert "begins" in run("list").output
    assert told("schedule", id, "--as", AUTHOR, "--at", "in 3 days")["status"] == "draft"
    assert "still a draft" in refused("schedule", id, "--as", AUTHOR)
    at_once = approved("--again")
    assert "no time" in refused("schedule", at_once, "--as", AUTHOR)
    draft = new("--again")
    assert told("schedule", draft, "--as", AUTHOR, "--at", "in 3 days", "--zone", "UTC")["starts_at"] is not None
    assert told("schedule", draft, "--as", AUTHOR, "--at", "now")["starts_at"] is None


def test_readers_who_left_are_not_submitted_to_nobody(store: Store) -> None:
    id = new(to="childcare")
    store.forget("telegram", "7700900003", THEN)
    assert "Nobody" in refused("submit", id, "--as", AUTHOR)


def test_a_rehearsal_needs_no_readers_and_says_what_it_is() -> None:
    id = new("--rehearsal", "--language", "cy")
    assert told("submit", id, "--as", AUTHOR)["rehearsal"] is True
    assert told("approve", id, "--as", SECOND)["status"] == "approved"
    assert "rehearsal" in run("list").output


def test_an_announcement_that_is_not_there() -> None:
    for command in ("preview", "watch", "report"):
        assert "no announcement 77" in refused(command, "77")
    assert "no announcements yet" in run("list").output


def with_bot(monkeypatch: pytest.MonkeyPatch, world: World, *arguments: str) -> Result:
    """A command while the stand-in answers on the loopback."""

    async def both() -> Result:
        async with serving(world) as root:
            monkeypatch.setenv("IMH_TOKEN", world.token)
            monkeypatch.setenv("IMH_API_BASE_URL", root)
            return await asyncio.to_thread(run, *arguments)

    return asyncio.run(both())


def test_files_are_uploaded_once_to_whoever_composes(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    organiser = world.add_person("Olive Pretend", has_written=True)
    monkeypatch.setenv("IMH_ORGANISERS", f"{organiser.id}:compose,{SECOND}:approve")
    (own_folder / "a.png").write_bytes(PNG)
    command = ["new", "--file", "text.md", "--to", "everyone", "--as", str(organiser.id)]
    made = with_bot(monkeypatch, world, *command, "--photo", "a.png", "--photo", "a.png", "--json")
    assert made.exit_code == 0, made.exception
    assert [message.kind for message in world.sees(organiser)] == ["photo", "photo"]
    assert told("preview", str(json.loads(made.output)["id"]))["media"] == ["photo", "photo"]
    document = with_bot(monkeypatch, world, *command, "--document", "a.png", "--json")
    assert document.exit_code == 0, document.exception

    world.blocks(organiser)
    assert "/start" in str(with_bot(monkeypatch, world, *command, "--photo", "a.png").exception)
    assert len(json.loads(run("list", "--json").output)) == 2


def test_the_desk_is_opened_beside_a_store_in_use(store: Store) -> None:
    with store.turn("telegram", "7700900000", THEN) as turn:
        id = new()
        turn.save()
    assert told("preview", id)["status"] == "draft"
