"""The real bot as a process of its own, against the stand-in Bot API over HTTP: what a user of a running bot meets."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.sandbox.chats import Message, Person
from bot.sandbox.files import Upload
from bot.sandbox.http import serving
from bot.sandbox.world import World
from bot.storage import open_store

PATIENCE_S = 60.0
CHECKOUT = Path(__file__).parent.parent


class Watched(World):
    """Tells whenever the bot did something: each request as it ends, and each confirmation as it comes in."""

    def __init__(self) -> None:
        super().__init__()
        self._changed = asyncio.Event()
        confirm = self.updates.confirm

        def confirmed(offset: int) -> None:
            confirm(offset)
            self._tell()

        # A confirmation comes with a question that then stays open for as long as the bot is willing to wait.
        self.updates.confirm = confirmed  # type: ignore[method-assign]

    async def call(
        self,
        method: str,
        params: Mapping[str, object],
        files: Mapping[str, Upload | bytes] | None = None,
        *,
        token: str | None = None,
    ) -> tuple[int, bytes]:
        try:
            return await super().call(method, params, files, token=token)
        finally:
            self._tell()

    async def changes(self) -> None:
        """Returns once something happened that had not happened before."""
        await self._changed.wait()

    def _tell(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()


@dataclass(slots=True)
class Installation:
    """A world served over HTTP, and the folder of the bot that lives behind it."""

    world: Watched
    root: str
    folder: Path
    cache: Path
    """Of vectors; shared, so that a start takes no longer than it must."""
    process: asyncio.subprocess.Process | None = None

    @property
    def database_url(self) -> str:
        return f"sqlite:///{self.folder}/bot.db"

    async def start(self, **settings: str) -> None:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("IMH_")},
            "IMH_PREPARED": "1",
            "IMH_TOKEN": self.world.token,
            "IMH_API_BASE_URL": self.root,
            "IMH_DATABASE_URL": self.database_url,
            "IMH_CACHE_DIR": str(self.cache),
            "PYTHONPATH": str(CHECKOUT),
            **settings,
        }
        with (self.folder / "log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", cwd=self.folder, env=environment, stderr=log
            )

    async def kill(self, how: signal.Signals) -> int:
        assert self.process is not None
        self.process.send_signal(how)
        return await asyncio.wait_for(self.process.wait(), PATIENCE_S)

    async def until(self, seen: Callable[[], bool]) -> None:
        """Wait for something to be true of the world; looks again whenever the bot did something."""
        async with asyncio.timeout(PATIENCE_S):
            while not seen():
                await self.world.changes()

    async def settled(self) -> None:
        """Everything that was said has been handled and acknowledged."""
        await self.until(lambda: not self.world.updates.pending())

    async def told(self, person: Person, words: str) -> str:
        """What the bot answers to `words`."""
        before = len(self.world.sees(person))
        await self.world.says(person, words)
        await self.settled()
        return self.since(person, before + 1)

    async def pressed(self, person: Person, payload: str) -> str:
        """What the bot says to the newest button with this payload; a card changed in place counts."""
        before = len(self.world.sees(person))
        card = next(m for m in reversed(self.world.sees(person)) if payload in payloads(m))
        self.world.press(person, card.id, payload)
        await self.settled()
        return "\n".join([self.since(person, before), *(m.text for m in self.world.sees(person) if m.id == card.id)])

    def since(self, person: Person, count: int) -> str:
        return "\n".join(message.text for message in self.world.sees(person)[count:] if message.from_bot)

    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
async def installation(tmp_path: Path, cache: Path) -> AsyncIterator[Installation]:
    world = Watched()
    async with serving(world) as root:
        one = Installation(world, root, tmp_path, cache)
        try:
            yield one
        finally:
            if one.process is not None and one.process.returncode is None:
                one.process.kill()
                await one.process.wait()


def payloads(message: Message) -> list[str]:
    return [button["callback_data"] for row in message.buttons for button in row if "callback_data" in button]


async def test_a_whole_life(installation: Installation) -> None:
    """/start, role, question, region, follow-up, edit, kill -9 between two messages, and /forget."""
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
    assert "Traceback" not in installation.log()
    assert world.token not in installation.log()
    assert "screams" not in installation.log()


async def test_nothing_is_lost_or_answered_twice_in_state_when_killed_at_any_point(installation: Installation) -> None:
    """Killed twice while ten messages wait: each is answered at least once."""
    world = installation.world
    people = [world.add_person(f"Pretend {number}") for number in range(10)]
    for person in people:
        await world.says(person, "how do i bond with my baby")
    for answers in (2, 6):
        await installation.start()
        await installation.until(lambda answers=answers: _answered(world, people) >= answers)  # type: ignore[misc]
        await installation.kill(signal.SIGKILL)
    await installation.start()
    await installation.settled()
    assert _answered(world, people) == len(people)


async def test_a_wrong_token_is_one_clear_sentence(installation: Installation) -> None:
    wrong = "7654321:yet-another-pretend-token-here"
    await installation.start(IMH_TOKEN=wrong)
    assert installation.process is not None
    assert await asyncio.wait_for(installation.process.wait(), PATIENCE_S) == 2
    said = installation.log().strip().splitlines()
    assert len(said) == 1
    assert "token" in said[0]
    assert wrong not in said[0]


def _answered(world: World, people: list[Person]) -> int:
    return sum(any(message.from_bot for message in world.sees(person)) for person in people)


async def _topic(installation: Installation, person: Person) -> str:
    """The topic of the newest card; where several were offered, the first of them is chosen."""
    newest = payloads(next(m for m in reversed(installation.world.sees(person)) if m.from_bot))
    offered = next((one for one in newest if one.startswith("topic:")), None)
    if offered is not None and not any(one.startswith("other:") for one in newest):
        await installation.pressed(person, offered)
        return offered.removeprefix("topic:")
    return next(one.removeprefix("other:") for one in newest if one.startswith("other:"))
