"""The real bot as a process of its own, against the stand-in Bot API over HTTP. Used by the tests of the process and
by `python -m tests.measure`.
"""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.sandbox.chats import Message, Person
from bot.sandbox.files import Upload
from bot.sandbox.http import serving
from bot.sandbox.world import World

PATIENCE_S = 60.0
CHECKOUT = Path(__file__).parent.parent
LONGEST_LOG_LINE = 2**20
TELLING = 5
"""Words shorter than this stand in the log's own sentences, too."""


class Watched(World):
    """Tells whenever the bot did something: each request as it ends, and each confirmation as it comes in."""

    def __init__(self) -> None:
        super().__init__()
        self._changed = asyncio.Event()
        confirm = self.updates.confirm

        def confirmed(offset: int) -> None:
            confirm(offset)
            self.tell()

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
            self.tell()

    async def changes(self) -> None:
        """Returns once something happened that had not happened before."""
        await self._changed.wait()

    def tell(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()


@dataclass(slots=True)
class Installation:
    """A world served over HTTP, and the folder of the bot that lives behind it."""

    world: Watched
    root: str
    folder: Path
    database_url: str
    settings: dict[str, str] = field(default_factory=dict)
    process: asyncio.subprocess.Process | None = None
    lines: list[str] = field(default_factory=list)
    """What the bot has logged, over all its lives."""
    _listening: "asyncio.Task[None] | None" = None

    def environment(self, **settings: str) -> dict[str, str]:
        """What a process of this installation is given."""
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("IMH_")},
            "IMH_PREPARED": "1",
            "IMH_TOKEN": self.world.token,
            "IMH_API_BASE_URL": self.root,
            "IMH_DATABASE_URL": self.database_url,
            "IMH_SECRET_KEY_FILE": str(self.folder / "secret.key"),
            "PYTHONPATH": str(CHECKOUT),
            **self.settings,
            **settings,
        }

    async def start(self, *command: str, **settings: str) -> None:
        """The bot (or another command) starts; it is not waited for."""
        self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *command,
            cwd=self.folder,
            env=self.environment(**settings),
            stderr=asyncio.subprocess.PIPE,
            limit=LONGEST_LOG_LINE,
        )
        assert self.process.stderr is not None
        self._listening = asyncio.create_task(self._listen(self.process.stderr))

    async def ended(self) -> int:
        """The exit status, once the process is over and its log complete."""
        assert self.process is not None
        assert self._listening is not None
        async with asyncio.timeout(PATIENCE_S):
            await self._listening
            return await self.process.wait()

    async def kill(self, how: signal.Signals) -> int:
        assert self.process is not None
        self.process.send_signal(how)
        return await self.ended()

    async def until(self, seen: Callable[[], bool]) -> None:
        """Wait for something to be true of the world or the log; looks again whenever the bot did something."""
        async with asyncio.timeout(PATIENCE_S):
            while not seen():
                assert self.process is None or self.process.returncode is None, self.log()
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
        card = self.press(person, payload)
        await self.settled()
        return "\n".join([self.since(person, before), *(m.text for m in self.world.sees(person) if m.id == card.id)])

    def press(self, person: Person, payload: str) -> Message:
        """Presses the newest button with this payload; returns the message it stands under."""
        card = next(m for m in reversed(self.world.sees(person)) if payload in payloads(m))
        self.world.press(person, card.id, payload)
        return card

    def since(self, person: Person, count: int) -> str:
        return "\n".join(message.text for message in self.world.sees(person)[count:] if message.from_bot)

    def log(self) -> str:
        return "".join(self.lines)

    def logged(self, words: str) -> bool:
        return any(words in line for line in self.lines)

    def leaks(self) -> set[str]:
        """What of the token, of people and of their words stands in the log, and any traceback."""
        log = self.log()
        secrets = {self.world.token, self.world.token.partition(":")[2], "Traceback"}
        for person in self.world.people.values():
            secrets |= {str(person.id), person.name}
            said = " ".join(message.text for message in self.world.sees(person) if not message.from_bot)
            secrets |= {word for word in re.findall(r"\w+", said) if len(word) >= TELLING}
        told = {word.casefold() for word in re.findall(r"\w+", log)}
        return {one for one in secrets if one.casefold() in told or (not one.isalnum() and one in log)}

    async def _listen(self, stderr: asyncio.StreamReader) -> None:
        async for line in stderr:
            self.lines.append(line.decode())
            self.world.tell()
        self.world.tell()


def payloads(message: Message) -> list[str]:
    return [button["callback_data"] for row in message.buttons for button in row if "callback_data" in button]


@asynccontextmanager
async def installed(folder: Path, database_url: str | None = None, **settings: str) -> AsyncIterator[Installation]:
    """An installation whose bot has not started yet; whatever still runs at the end is killed."""
    world = Watched()
    async with serving(world) as root:
        one = Installation(world, root, folder, database_url or f"sqlite:///{folder}/bot.db", settings)
        try:
            yield one
        finally:
            if one.process is not None and one.process.returncode is None:
                await one.kill(signal.SIGKILL)
