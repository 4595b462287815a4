"""An installation with organisers and readers, for tests of the desk: who is there, what they press, what goes out."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.assembly.announcing import stop_of
from bot.broadcast.announcement import Kind
from bot.broadcast.broadcast import Broadcast
from bot.channels.telegram.lane import Lane
from bot.channels.telegram.results import TOKEN_REFUSED
from bot.conversation.desk.model import Right
from bot.delivery import Runner, Sender
from bot.messaging import Contact
from bot.sandbox.chats import FIRST_PERSON
from bot.sandbox.http import serving
from bot.storage import Ledger
from tests.minds import real_mind
from tests.talk import Clock, Talk, Town, town

ALL = frozenset(Right)
LOOKS = 4000
"""How often the test looks whether a broadcast has come to its end before it gives up."""


@dataclass
class Room:
    """Ann and Ben are organisers with every right unless said otherwise; both have greeted the bot."""

    town: Town
    ann: Talk
    ben: Talk
    folder: Path
    """Where the database lies."""

    @property
    def ledger(self) -> Ledger:
        return self.town.house.store.ledger("telegram")

    @property
    def broadcast(self) -> Broadcast:
        """The newest announcement."""
        return self.ledger.list()[-1]

    def pass_time(self, **time: float) -> None:
        self.town.clock.now += timedelta(**time)

    async def reader(self, name: str = "Ray Pretend", *roles: str, **known: Any) -> Talk:
        """Somebody who agreed to be sent announcements."""
        talk = self.town.talk(name)
        await talk.says("/start")
        address, now = str(talk.person.id), self.town.clock()
        consents = tuple((what, now) for what in sorted({Kind.WEEK.value, *known.pop("consents", ())}))
        with self.town.house.store.turn("telegram", address, now) as turn:
            turn.save(contact=Contact("telegram", address, roles=roles, consents=consents, **known))
        talk.look_back()
        return talk

    async def draft(self, words: str = "The week begins on Monday.") -> Broadcast:
        """Ann's draft, its card on her table."""
        await self.ann.says("/announce")
        await self.ann.presses("desk:new")
        await self.ann.says(words)
        return self.broadcast

    async def approved(self, words: str = "The week begins on Monday.") -> Broadcast:
        """Ann asked and Ben approved; nobody can take it back any more."""
        await self.draft(words)
        await self.ann.presses("Ask for approval")
        await self.ben.presses("Approve")
        self.pass_time(seconds=31)
        return self.broadcast

    async def goes_out(self, state: str = "finished") -> None:
        """What is due is sent by the real sender over the loopback, until the newest broadcast is in this state."""
        known, clock = self.town.house.minds, self.town.clock
        async with serving(self.town.world) as root:
            lane = Lane(
                self.town.world.token, stop_of(lambda: known().knowledge, "en", self.town.bot.me.username), root
            )
            await lane.open()
            sender = Sender(
                self.ledger,
                lane.post,
                rate=1000.0,
                token_refused=TOKEN_REFUSED,
                tell=_nobody,
                asleep=lambda _: {},
                clock=clock,
                monotonic=asyncio.get_running_loop().time,
                sleep=_a_moment,
            )
            runner = Runner(self.ledger, sender, holder="test", tell=_nobody, clock=clock, sleep=_a_moment)
            running = asyncio.create_task(runner.run())
            for _ in range(LOOKS):
                if self.broadcast.state == state:
                    break
                await _a_moment(0)
            await runner.drain()
            await running
            await lane.close()
        assert self.broadcast.state == state


async def _a_moment(_seconds: float) -> None:
    await asyncio.sleep(0.001)


async def _nobody(_broadcast: Broadcast, _because: str) -> None:
    """Nobody is told."""


@asynccontextmanager
async def room(
    folder: Path, rights: Iterable[frozenset[Right]] = (ALL, ALL), clock: Clock | None = None
) -> AsyncIterator[Room]:
    """Organisers with these rights, Ann first."""
    organisers = {FIRST_PERSON + number: theirs for number, theirs in enumerate(rights)}
    async with town(real_mind, folder, clock, organisers) as one:
        ann, ben = one.talk("Ann Pretend"), one.talk("Ben Pretend")
        await ann.says("/start")
        await ben.says("/start")
        yield Room(one, ann, ben, folder)
