"""The real bot as a process of its own, against the stand-in Bot API over HTTP: what a user of a running bot meets.

What people meet is tried on the base that ships, what happens to the process on the small sample, which starts faster.
"""

import asyncio
import signal
import socket
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, func, inspect, select, table

from bot.sandbox.chats import Message, Person
from bot.sandbox.description import bot_api
from bot.sandbox.faults import Fault, FaultKind
from bot.sandbox.http import serving
from bot.storage import open_store
from tests.installation import Installation, Watched, installed, payloads
from tests.sample_base import copy_sample

UPDATE_KINDS = sorted(bot_api()["types"]["Update"]["fields"].keys() - {"update_id"})
ERASED = {"alembic_version": 1, "erasure": 1}
"""All that may be left after /forget: rows by table."""


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of vectors; shared, so that a start takes no longer than it must."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
async def small(tmp_path: Path, cache: Path) -> AsyncIterator[Installation]:
    """A bot that knows the sample base."""
    settings = {"IMH_KNOWLEDGE": str(copy_sample(tmp_path)), "IMH_CACHE_DIR": str(cache)}
    async with installed(tmp_path, **settings) as one:
        yield one


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
async def test_a_whole_life(request: pytest.FixtureRequest, tmp_path: Path, cache: Path, database: str) -> None:
    """/start, role, question, region, follow-up, edit, kill -9 between two messages, and /forget."""
    url: str | None = request.getfixturevalue("postgres_url") if database == "postgresql" else None
    async with installed(tmp_path, url, IMH_CACHE_DIR=str(cache)) as installation:
        await _lives(installation)


async def _lives(installation: Installation) -> None:
    world, parent = installation.world, installation.world.add_person("Robin Pretend")
    await installation.start()

    assert "machine" in await installation.told(parent, "/start")
    await installation.pressed(parent, "group:family")
    card = await installation.told(parent, "he screams every evening and i cant cope")
    assert "Scotland" not in card
    topic = await _topic(installation, parent)
    assert "Scotland" in await installation.pressed(parent, f"region:gb-sct:topic:{topic}")
    assert await installation.told(parent, "what else?")
    edited = next(m for m in world.sees(parent) if m.text.startswith("he screams"))
    before = len(world.sees(parent))
    await world.edits(parent, edited.id, "how do i get her to sleep at night")
    await installation.settled()
    assert installation.since(parent, before)

    await installation.told(parent, "crying all evening")
    assert await installation.kill(signal.SIGKILL) == -signal.SIGKILL
    before = len(world.sees(parent))
    await world.says(parent, "what else?")
    await world.says(parent, "and in Wales?")
    await installation.start()
    await installation.settled()
    answered = installation.since(parent, before + 2)
    assert "Wales" in answered, "what was said while the bot was dead is answered, from the state before"

    await installation.told(parent, "/forget")
    await installation.pressed(parent, "forget:yes")
    assert await installation.kill(signal.SIGTERM) == 0
    store = open_store(installation.database_url, installation.folder / "secret.key")
    assert store.holds_anything("telegram", str(parent.id)) == []
    store.close()
    assert _rows(installation.database_url) == ERASED
    assert installation.leaks() == set()


async def test_nothing_is_lost_when_killed_at_any_point(small: Installation) -> None:
    """Killed twice while ten messages wait: each is answered at least once."""
    world = small.world
    people = [world.add_person(f"Pretend {number}") for number in range(10)]
    for person in people:
        await world.says(person, "crying and colic")
    for answers in (2, 6):
        await small.start()
        await small.until(lambda answers=answers: _answered(world, people) >= answers)  # type: ignore[misc]
        await small.kill(signal.SIGKILL)
    await small.start()
    await small.settled()
    assert _answered(world, people) == len(people)


async def test_killed_between_the_commit_and_the_reply(small: Installation) -> None:
    """Replies hang before and after they arrived: all are answered, the second twice, and a verdict counts once."""
    world, never = small.world, asyncio.Event()
    unheard, heard, judge = (world.add_person(f"{name} Pretend") for name in ("Unheard", "Heard", "Judging"))
    await small.start()
    await small.told(judge, "crying and colic")
    world.faults.next(Fault(FaultKind.TIMEOUT_BEFORE, release=never), method="sendMessage", chat=unheard.id)
    world.faults.next(Fault(FaultKind.TIMEOUT_AFTER, release=never), method="sendMessage", chat=heard.id)
    world.faults.next(Fault(FaultKind.TIMEOUT_BEFORE, release=never), method="answerCallbackQuery")
    for person in (unheard, heard):
        await world.says(person, "crying and colic")
    small.press(judge, "rate:helpful:crying-colic")
    await small.until(lambda: world.faults.struck == 3)
    await small.kill(signal.SIGKILL)
    assert _verdicts(small) == 1
    assert not world.presses_made()[-1].closed.is_set()
    await small.start()
    await small.settled()
    assert [len(_of_bot(world, person)) for person in (unheard, heard)] == [1, 2]
    assert world.presses_made()[-1].closed.is_set()
    assert _verdicts(small) == 1, "state is applied once, however often the update comes"


async def test_told_to_stop_it_finishes_what_is_in_hand(small: Installation) -> None:
    world, parent, go_on = small.world, small.world.add_person("Robin Pretend"), asyncio.Event()
    await small.start()
    world.faults.next(Fault(FaultKind.SLOW, release=go_on), method="sendMessage")
    await world.says(parent, "crying and colic")
    await small.until(lambda: world.faults.struck == 1)
    assert small.process is not None
    small.process.send_signal(signal.SIGTERM)
    await small.until(lambda: small.logged("Stopping"))
    go_on.set()
    assert await small.ended() == 0
    assert len(_of_bot(world, parent)) == 1
    assert world.updates.pending() == [], "answered and confirmed, so that the next start does not see it again"


async def test_one_bot_a_sqlite_database(small: Installation, tmp_path: Path) -> None:
    parent = small.world.add_person("Robin Pretend")
    await small.start()
    await small.told(parent, "/start")
    second = Installation(small.world, small.root, tmp_path, small.database_url, small.settings)
    await second.start()
    assert await second.ended() == 2
    assert len(second.lines) == 1
    assert "already serving" in second.log()
    assert await small.told(parent, "crying and colic")


async def test_whatever_goes_wrong_on_the_way_nobody_is_left_without_an_answer(small: Installation) -> None:
    """429, server errors, lost connections before and after delivery, unreadable answers, and somebody who blocked."""
    world, now = small.world, asyncio.Event()
    now.set()
    kinds = [kind for kind in FaultKind if kind is not FaultKind.SLOW]
    people = {kind: world.add_person(f"Pretend {kind.name}") for kind in kinds}
    gone = world.add_person("Gone Pretend")
    await small.start(IMH_LOG_LEVEL="debug")
    await small.told(gone, "/start")
    world.faults.next(Fault(FaultKind.DROPPED_BEFORE), method="getUpdates")
    for kind, person in people.items():
        world.faults.next(Fault(kind, release=now), method="sendMessage", chat=person.id)
        await world.says(person, "crying and colic whimpers")
    await world.says(gone, "crying and colic whimpers")
    world.blocks(gone)
    await small.settled()
    counts = {kind: len(_of_bot(world, person)) for kind, person in people.items()}
    assert all(counts.values()), counts
    assert {kind for kind, count in counts.items() if count > 1} <= {
        FaultKind.TIMEOUT_AFTER,
        FaultKind.DROPPED_AFTER,
        FaultKind.UNREADABLE,
    }, "what certainly did not arrive comes once"
    assert await small.kill(signal.SIGTERM) == 0
    assert small.leaks() == set()


async def test_it_waits_for_the_network_and_survives_its_loss(tmp_path: Path, cache: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    settings = {"IMH_KNOWLEDGE": str(copy_sample(tmp_path)), "IMH_CACHE_DIR": str(cache)}
    world = Watched()
    parent = world.add_person("Robin Pretend")
    small = Installation(world, f"http://127.0.0.1:{port}", tmp_path, f"sqlite:///{tmp_path}/bot.db", settings)
    await small.start()
    try:
        await small.until(lambda: small.logged("cannot be reached"))
        async with serving(world, port=port):
            assert await small.told(parent, "crying and colic")
        await world.says(parent, "what else?")
        await small.until(lambda: small.logged("Asking again"))
        async with serving(world, port=port):
            await small.settled()
            assert await small.kill(signal.SIGTERM) == 0
    finally:
        if small.process is not None and small.process.returncode is None:
            await small.kill(signal.SIGKILL)
    assert len(_of_bot(world, parent)) == 2
    assert sum("Trying again until it answers" in line for line in small.lines) == 1
    assert small.leaks() == set()


async def test_it_can_be_told_to_stop_while_it_waits_for_the_network(small: Installation) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    await small.start(IMH_API_BASE_URL=f"http://127.0.0.1:{port}", IMH_RELOAD_KNOWLEDGE="false")
    await small.until(lambda: small.logged("cannot be reached"))
    assert await small.kill(signal.SIGTERM) == 0
    assert len(small.lines) == 1


async def test_a_base_that_breaks_while_the_bot_runs(small: Installation) -> None:
    """The last good one stays in use, the log says why by file and line, and the mended one is taken up."""
    parent = small.world.add_person("Robin Pretend")
    topic = small.folder / "knowledge" / "en" / "topics" / "crying-colic.yaml"
    good = topic.read_text(encoding="utf-8")
    await small.start()
    card = await small.told(parent, "crying and colic")
    topic.write_text(good.replace("title:", "titel:"), encoding="utf-8")
    await small.until(lambda: small.logged("crying-colic.yaml:"))
    assert "last good one" in small.log()
    assert await small.told(parent, "crying and colic") == card
    topic.write_text(good.replace("Crying and colic", "Crying, and colic too"), encoding="utf-8")
    await small.until(lambda: small.logged("is in use"))
    assert "Crying, and colic too" in await small.told(parent, "crying and colic")


async def test_a_megabyte_and_every_kind_of_update(small: Installation) -> None:
    world, parent = small.world, small.world.add_person("Robin Pretend", has_written=True)
    await small.start()
    said = await world.says(parent, "/start")
    await small.settled()
    press = {"message": {}, "from": parent.user(), "id": "1"}
    broken: list[dict[str, Any]] = [{}, {**said.raw, "text": ["broken"]}, press]
    for kind in UPDATE_KINDS:
        for content in broken:
            world.updates.push(kind, content)
    before = len(_of_bot(world, parent))
    world.inject({"message": {**said.raw, "text": "whimpering all evening " * 45_000, "entities": []}})
    await small.settled()
    assert len(_of_bot(world, parent)) == before + 1
    assert await small.told(parent, "crying and colic")
    assert await small.kill(signal.SIGTERM) == 0
    assert small.leaks() == set()


async def test_a_wrong_token_is_one_clear_sentence(small: Installation) -> None:
    wrong = "7654321:yet-another-pretend-token-here"
    await small.start(IMH_TOKEN=wrong)
    assert await small.ended() == 2
    assert len(small.lines) == 1
    assert "token" in small.lines[0]
    assert wrong not in small.lines[0]


def _of_bot(world: Watched, person: Person) -> list[Message]:
    return [message for message in world.sees(person) if message.from_bot]


def _answered(world: Watched, people: Sequence[Person]) -> int:
    return sum(bool(_of_bot(world, person)) for person in people)


def _verdicts(installation: Installation) -> int:
    with closing(sqlite3.connect(installation.folder / "bot.db")) as database:
        return int(database.execute("SELECT coalesce(sum(count), 0) FROM feedback").fetchone()[0])


def _rows(url: str) -> dict[str, int]:
    """How many rows each table of the database holds, those without any left out."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    try:
        with engine.connect() as connection:
            names = inspect(connection).get_table_names()
            counts = {name: connection.scalar(select(func.count()).select_from(table(name))) or 0 for name in names}
    finally:
        engine.dispose()
    return {name: count for name, count in counts.items() if count}


async def _topic(installation: Installation, person: Person) -> str:
    """The topic of the newest card; where several were offered, the first of them is chosen."""
    newest = payloads(next(m for m in reversed(installation.world.sees(person)) if m.from_bot))
    offered = next((one for one in newest if one.startswith("topic:")), None)
    if offered is not None and not any(one.startswith("other:") for one in newest):
        await installation.pressed(person, offered)
        return offered.removeprefix("topic:")
    return next(one.removeprefix("other:") for one in newest if one.startswith("other:"))
