"""Announcements in real processes: composed on the command line, sent by the worker or the serving bot, to the sandbox
over HTTP. And what assembly hands to the sender: whose night it is, the way out, whom to tell.
"""

import asyncio
import json
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

import pytest
from typer.testing import CliRunner

from bot import cli
from bot.assembly import announcing as wiring
from bot.broadcast.announcement import Announcement, Content
from bot.broadcast.broadcast import Broadcast
from bot.broadcast.states import BroadcastState, DeliveryState
from bot.conversation.payloads import parse
from bot.errors import BotError
from bot.messaging import Delivered, Reply, SendResult
from bot.sandbox.chats import Person
from bot.sandbox.faults import Fault, FaultKind
from bot.settings import Settings, load_settings
from bot.storage import StorageUnavailable
from tests.installation import Installation, installed, payloads
from tests.minds import sample_mind
from tests.sample_base import copy_sample


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


class Office:
    """An installation with three organisers and its commands."""

    def __init__(self, at: Installation) -> None:
        self.at = at
        self.people = [at.world.add_person(f"Organiser {name}", has_written=True) for name in "ABC"]
        self.author, self.second, self.manager = (str(person.id) for person in self.people)
        rights = ("compose", "approve", "manage")
        at.settings["IMH_ORGANISERS"] = ",".join(
            f"{person.id}:{right}" for person, right in zip(self.people, rights, strict=True)
        )
        at.settings["IMH_SENDS_PER_SECOND"] = "500"
        (at.folder / "text.md").write_text("**The week** begins: [see](https://example.org/)\n", encoding="utf-8")

    async def run(self, *arguments: str) -> tuple[int, str, str]:
        """A command, in this process to be quick: exit code, output and the sentence of what went wrong."""
        with pytest.MonkeyPatch.context() as patched:
            patched.chdir(self.at.folder)
            for name, value in self.at.environment().items():
                patched.setenv(name, value)
            done = await asyncio.to_thread(CliRunner().invoke, cli.app, list(arguments))
        return (2 if isinstance(done.exception, BotError) else done.exit_code), done.output, str(done.exception)

    async def told(self, *arguments: str) -> dict[str, Any]:
        code, said, complained = await self.run("broadcast", *arguments, "--json")
        assert code == 0, complained
        return dict(json.loads(said))

    async def readers(self, number: int, region: str = "") -> list[Person]:
        """Readers from another bot, as a file."""
        people = [self.at.world.add_person(f"Reader {one}", has_written=True) for one in range(number)]
        lines = [f"{person.id},parent,{region},en,2026-01-01T10:00:00Z" for person in people]
        text = "\n".join(["chat_id,roles,region,language,opted_in_at", *lines, ""])
        (self.at.folder / "readers.csv").write_text(text, encoding="utf-8")
        code, _, complained = await self.run("contacts", "import", "readers.csv")
        assert code == 0, complained
        return people

    async def sent(self, *more: str) -> str:
        """A new announcement, submitted, approved and on its way."""
        made = await self.told("new", "--file", "text.md", "--to", "everyone", "--as", self.author, *more)
        id = str(made["id"])
        await self.told("submit", id, "--as", self.author)
        await self.told("approve", id, "--as", self.second)
        await self.told("send", id, "--as", self.author)
        return id

    def received(self, people: Sequence[Person]) -> list[int]:
        return [sum(message.from_bot for message in self.at.world.sees(person)) for person in people]


@asynccontextmanager
async def office(tmp_path: Path, cache: Path) -> AsyncIterator[Office]:
    """Where no reader sleeps: every zone of the sample base is one in which it is noon now."""
    knowledge = copy_sample(tmp_path)
    regions = knowledge / "regions.yaml"
    noon = (12 - datetime.now(UTC).hour) % 24
    zone = f"Etc/GMT-{noon}" if 0 < noon <= 12 else f"Etc/GMT+{24 - noon}" if noon else "UTC"
    text = regions.read_text(encoding="utf-8")
    for zones in ("[Europe/London]", "[America/New_York, America/Los_Angeles]"):
        text = text.replace(zones, f"[{zone}]")
    regions.write_text(text, encoding="utf-8")
    settings = {"IMH_KNOWLEDGE": str(knowledge), "IMH_CACHE_DIR": str(cache)}
    async with installed(tmp_path, **settings) as installation:
        yield Office(installation)


@pytest.mark.parametrize("process", [["worker"], []], ids=["worker", "serving"])
async def test_from_a_text_to_every_reader_and_the_report(tmp_path: Path, cache: Path, process: list[str]) -> None:
    async with office(tmp_path, cache) as desk:
        readers = await desk.readers(30, "gb")
        gone = readers[0]
        desk.at.world.blocks(gone)
        await desk.at.start(*process)
        await desk.at.until(lambda: desk.at.logged("@"))
        id = await desk.sent()
        shown = await desk.told("watch", id)
        assert shown["status"] == "finished"
        # The serving bot hears at once who blocked it, the worker when it sends.
        left = len(process)
        assert {state: n for state, n in shown["counts"].items() if n} == {"sent": 29} | (
            {"blocked": 1} if left else {}
        )
        assert desk.received(readers) == [0, *[1] * 29]
        message = desk.at.world.sees(readers[1])[-1]
        assert message.text == "The week begins: see"
        assert [entity["type"] for entity in message.raw["entities"]] == ["bold", "text_link"]
        (way_out,) = payloads(message)
        assert parse(way_out) is not None
        report = await desk.told("report", id)
        assert len(report["recipients"]) == 29 + left
        assert [one["chat_id"] for one in report["recipients"] if one["state"] == "blocked"] == [str(gone.id)] * left
        assert await desk.at.kill(signal.SIGTERM) == 0
        assert desk.at.leaks() <= {person.name for person in readers}
        assert (await desk.told("preview", id))["left_out"]["unreachable"] == 1


async def test_told_to_stop_it_leaves_nothing_uncertain_and_the_next_one_goes_on(tmp_path: Path, cache: Path) -> None:
    async with office(tmp_path, cache) as desk:
        desk.at.settings["IMH_SENDS_PER_SECOND"] = "40"
        readers = await desk.readers(60, "gb")
        id = await desk.sent()
        await desk.at.start("worker")
        await desk.at.until(lambda: sum(desk.received(readers)) >= 5)
        assert await desk.at.kill(signal.SIGTERM) == 0
        stopped = await desk.told("report", id)
        assert stopped["status"] == "sending"
        assert stopped["counts"]["uncertain"] == stopped["counts"]["sending"] == 0
        assert stopped["counts"]["sent"] == sum(desk.received(readers)) < 60
        await desk.at.start("worker")
        assert (await desk.told("watch", id))["counts"]["sent"] == 60
        assert desk.received(readers) == [1] * 60
        assert await desk.at.kill(signal.SIGTERM) == 0


async def test_killed_in_the_middle_nobody_is_lost_or_written_to_twice(tmp_path: Path, cache: Path) -> None:
    async with office(tmp_path, cache) as desk:
        desk.at.settings["IMH_SENDS_PER_SECOND"] = "15"
        readers = await desk.readers(60, "gb")
        id = await desk.sent()
        for least in (3, 15):
            await desk.at.start("worker")
            await desk.at.until(lambda least=least: sum(desk.received(readers)) >= least)  # type: ignore[misc]
            await desk.at.kill(signal.SIGKILL)
        await desk.at.start("worker")
        counts = (await desk.told("watch", id))["counts"]
        assert counts["sent"] + counts["uncertain"] == 60
        assert max(desk.received(readers)) == 1
        assert sum(desk.received(readers)) >= counts["sent"]
        assert await desk.at.kill(signal.SIGTERM) == 0


async def test_what_goes_wrong_is_told_to_who_made_it(tmp_path: Path, cache: Path) -> None:
    async with office(tmp_path, cache) as desk:
        readers = await desk.readers(40, "gb")
        for person in readers:
            desk.at.world.faults.next(Fault(FaultKind.TOO_MANY_REQUESTS, retry_after_s=400), chat=person.id)
        id = await desk.sent()
        await desk.at.start("worker")
        shown = await desk.told("watch", id)
        while shown["status"] == "scheduled":
            shown = await desk.told("watch", id)
        assert shown["status"] == "paused"
        assert "400" in shown["paused_because"]
        await desk.at.until(lambda: desk.received(desk.people) == [1, 1, 0])
        assert desk.received(readers) == [0] * 40
        assert f"{id}" in desk.at.world.sees(desk.people[0])[-1].text
        assert await desk.at.kill(signal.SIGTERM) == 0


async def test_one_process_sends_from_a_sqlite_database(tmp_path: Path, cache: Path) -> None:
    async with office(tmp_path, cache) as desk:
        await desk.at.start("worker")
        await desk.at.until(lambda: desk.at.logged("sends announcements"))
        code, _, complained = await desk.run("worker")
        assert code == 2
        assert "already serving" in complained
        assert await desk.at.kill(signal.SIGTERM) == 0


async def test_a_worker_without_a_token_says_so(tmp_path: Path, cache: Path) -> None:
    async with office(tmp_path, cache) as desk:
        desk.at.settings["IMH_TOKEN"] = ""
        assert "IMH_TOKEN" in (await desk.run("worker"))[2]


async def test_a_rehearsal_reaches_organisers_alone(tmp_path: Path, cache: Path) -> None:
    async with office(tmp_path, cache) as desk:
        public = await desk.readers(3, "gb")
        lines = [f"{person.id},,,,2026-01-01" for person in desk.people]
        text = "\n".join(["chat_id,roles,region,language,opted_in_at", *lines, ""])
        (tmp_path / "us.csv").write_text(text, encoding="utf-8")
        assert (await desk.run("contacts", "import", "us.csv"))[0] == 0
        await desk.at.start("worker")
        id = await desk.sent("--rehearsal")
        assert (await desk.told("watch", id))["counts"]["sent"] == 3
        assert desk.received(public) == [0] * 3
        # The first two made it, so they are told that it is finished, too.
        await desk.at.until(lambda: desk.received(desk.people) == [2, 2, 1])
        assert await desk.at.kill(signal.SIGTERM) == 0


# What the sender is handed


def test_it_is_night_somewhere_and_morning_comes_there() -> None:
    knowledge = sample_mind().knowledge
    at_night = wiring.asleep(knowledge, datetime(2026, 1, 10, 3, tzinfo=UTC))
    assert at_night["gb"] == at_night[None] == datetime(2026, 1, 10, 8, tzinfo=UTC)
    assert at_night["us"] == datetime(2026, 1, 10, 16, tzinfo=UTC), "eight in Los Angeles, eleven in New York"
    assert wiring.asleep(knowledge, datetime(2026, 1, 10, 17, tzinfo=UTC)) == {}


def test_the_way_out_is_named_in_the_readers_language_or_ours() -> None:
    stop = wiring.stop_of(lambda: sample_mind().knowledge, "en", "a_bot")
    assert stop.label("en-GB") == stop.label(None) == stop.label("cy") != ""
    assert parse(stop.payload) is not None
    assert stop.link.startswith("https://t.me/a_bot?start=")


@pytest.mark.parametrize(("url", "alike"), [("sqlite:///data/x.db", True), ("postgresql://host/x", False)])
def test_who_leads_has_a_name(url: str, alike: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind the lock of SQLite there is one; replicas on PostgreSQL are told apart."""
    monkeypatch.chdir(tmp_path)
    settings = load_settings(database_url=url)
    assert (wiring.holder(settings) == wiring.holder(settings)) is alike


class Telegram:
    """Notes whom it was to tell."""

    def __init__(self, answer: SendResult | Exception) -> None:
        self.answer = answer
        self.told: list[tuple[str, str]] = []

    async def send(self, address: str, reply: Reply) -> SendResult:
        self.told.append((address, reply.text))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.mark.parametrize("answer", [SendResult(Delivered.SENT), SendResult(Delivered.BLOCKED), OSError("secret")])
async def test_organisers_are_told_and_a_failure_to_tell_stops_nothing(
    answer: SendResult | Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.chdir(tmp_path)
    settings: Settings = load_settings(organisers="7:compose,8:approve,9:manage")
    broadcast = Broadcast(3, BroadcastState.PAUSED, Announcement(Content("Hello")), 7, approved_by=8, submitted_by=6)
    telegram = Telegram(answer)
    await wiring.tell_organisers(settings, lambda: sample_mind().knowledge, telegram, broadcast, "too many failed")  # type: ignore[arg-type]
    assert [address for address, _ in telegram.told] == ["7", "8"], "6 is an organiser no longer"
    assert all("3" in words and "Too many failed." in words for _, words in telegram.told)
    assert "secret" not in caplog.text


async def test_organisers_are_told_how_many_it_reached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings: Settings = load_settings(organisers="7:compose")
    broadcast = Broadcast(3, BroadcastState.FINISHED, Announcement(Content("Hello")), 7)
    telegram = Telegram(SendResult(Delivered.SENT))
    tallied = dict.fromkeys(DeliveryState, 0) | {DeliveryState.SENT: 40, DeliveryState.BLOCKED: 2}
    knowledge = sample_mind().knowledge
    for tally in (lambda _: tallied, _unreachable):
        ledger = SimpleNamespace(tally=tally)
        await wiring.tell_finished(settings, lambda: knowledge, telegram, ledger, broadcast)  # type: ignore[arg-type]
    assert [address for address, _ in telegram.told] == ["7"]
    assert "40" in telegram.told[0][1]
    assert "42" in telegram.told[0][1]


def _unreachable(_id: int) -> NoReturn:
    raise StorageUnavailable("the database")
