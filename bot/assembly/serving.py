"""The bot at work: knowledge and database, a channel, and the process that polls until it is told to stop."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from bot.assembly.announcing import CHANNEL, announcing, stop_of
from bot.assembly.connecting import await_unless, closing, on_signals, utc_now
from bot.assembly.minds import library, shipped_knowledge
from bot.channels.telegram.connect import TelegramBot, connect
from bot.conversation.commands import described
from bot.conversation.desk.model import Right
from bot.conversation.scene import Mind, Turn
from bot.conversation.wording.voice import Voice
from bot.errors import BotError
from bot.operations.handling import Handling
from bot.operations.polling import Poller
from bot.operations.reloading import Current, watch
from bot.ordering import Ordering
from bot.service import Service
from bot.settings import Settings
from bot.storage import ProcessLock, StorageUnavailable, Store, open_store

SWEEP_EVERY_S = 3600.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class House:
    """What every serving process has."""

    minds: Current[Mind]
    store: Store
    clock: Callable[[], datetime]
    organisers: Mapping[int, frozenset[Right]] = field(default_factory=dict)

    def service(self, bot: TelegramBot, noted: Callable[[Turn], None] = lambda _: None) -> Service:
        link = f"https://t.me/{bot.me.username}"
        bot.channel.stop = stop_of(lambda: self.minds().knowledge, self.minds().words.language, bot.me.username)
        ordering = Ordering(self.store.ledger(CHANNEL), self.organisers)
        return Service(self.store, self.minds, self.clock, bot_link=lambda: link, noted=noted, ordering=ordering)

    def commands(self) -> Mapping[str | None, list[tuple[str, str]]]:
        """The command menu of a channel, by language; None for everyone else."""
        mind = self.minds()
        listed = list(described(Voice(mind.knowledge, mind.words, None, None, self.clock().date())))
        return {None: listed, mind.words.language: listed}


@contextmanager
def house(settings: Settings, clock: Callable[[], datetime] = utc_now) -> Iterator[House]:
    """Knowledge and database, opened and closed again. One serving process a SQLite database."""
    with ProcessLock(settings.database_url):
        store = open_store(settings.database_url, settings.key_file())
        try:
            organisers = {id: frozenset(map(Right, theirs)) for id, theirs in settings.organisers.items()}
            yield House(Current(library(settings).mind), store, clock, organisers)
        finally:
            store.close()


@asynccontextmanager
async def running(
    house: House, connecting: "Callable[[], AbstractAsyncContextManager[TelegramBot]]"
) -> AsyncIterator["Running"]:
    """The bot at work behind a Bot API: polls until the block ends, then drains."""
    async with connecting() as bot:
        service = house.service(bot)
        handling = Handling(
            service.handle, service.answered, service.apologise, bot.deliver, not_a_try=(StorageUnavailable,)
        )
        poller = Poller(bot.get_updates, bot.parse, handling)
        await bot.set_commands(house.commands())
        polling = asyncio.create_task(poller.run())
        try:
            yield Running(bot, poller, polling)
        finally:
            poller.stop()
            await polling


@dataclass(frozen=True, slots=True)
class Running:
    bot: TelegramBot
    poller: Poller
    polling: "asyncio.Task[None]"


async def serve(settings: Settings, token: str) -> None:
    """The bot on Telegram (or the server set as IMH_API_BASE_URL), until SIGTERM or SIGINT."""
    with house(settings) as open_house:
        stop = asyncio.Event()
        on_signals(stop.set)
        tasks = [asyncio.create_task(_sweep(open_house, stop))]
        if settings.reload_knowledge:
            folder = settings.knowledge or shipped_knowledge()
            tasks.append(asyncio.create_task(watch(folder, open_house.minds, stop)))
        try:
            connecting = asyncio.create_task(connect(token, settings.api_base_url))
            if not await await_unless(stop, connecting):
                return
            bot = connecting.result()
            async with running(open_house, lambda: closing(bot)) as at_work, AsyncExitStack() as beside:
                if settings.organisers:
                    known = open_house.minds
                    await beside.enter_async_context(
                        announcing(settings, open_house.store, lambda: known().knowledge, bot, token)
                    )
                log.info("@%s is at work.", bot.me.username)
                if not await await_unless(stop, at_work.polling):
                    log.info("Stopping, once what is in hand is finished.")
                # Both drain at once: what is answered and what is announced each have their ten seconds.
                at_work.poller.stop()
        finally:
            stop.set()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _sweep(house: House, stop: asyncio.Event) -> None:
    """Every hour: what has outlived its time is deleted."""
    while not stop.is_set():
        with contextlib.suppress(BotError):
            await asyncio.to_thread(house.store.sweep, house.clock())
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), SWEEP_EVERY_S)
