"""The only wiring: settings become a mind, a store, a service, a channel, and the processes made of them.

Every other module is handed what it needs; here is where it comes from. Called by `cli`.
"""

import asyncio
import contextlib
import logging
import os
import signal
import sys
import tempfile
import webbrowser
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from bot.channels.telegram.connect import TelegramBot, connect
from bot.channels.telegram.request import InProcessRequest
from bot.conversation.commands import described
from bot.conversation.scene import Mind, Turn
from bot.conversation.wording.voice import Voice
from bot.errors import BotError, SettingsError
from bot.knowledge.load import load
from bot.knowledge.model import AlarmExample, Knowledge, Words
from bot.language import texts
from bot.language.artefact import FOLDER as ARTEFACT
from bot.language.artefact import open_artefact, record
from bot.language.encoder import Encoder
from bot.language.reading import Reader
from bot.language.spelling import Speller, common_words
from bot.language.vectors import PhrasingVectors, build_vectors
from bot.matching.encoder_matcher import EncoderMatcher
from bot.operations.handling import Handling
from bot.operations.polling import Poller
from bot.operations.reloading import Current, watch
from bot.safety.screening import Screen
from bot.sandbox.http import serving
from bot.sandbox.page import open_page, page_app
from bot.sandbox.personas import Cast
from bot.sandbox.terminal import chat_here, sample_talk, until_confirmed
from bot.sandbox.world import World
from bot.service import Service
from bot.settings import Settings
from bot.storage import ProcessLock, StorageUnavailable, Store, open_store

if TYPE_CHECKING:
    from bot.learning.tuning import Plan
    from bot.review.left_out import LeftOut
    from bot.review.moved import Moved

SWEEP_EVERY_S = 3600.0
USUAL_PORT = 8765
BOT_NAME = "Infant mental health guide"
TAKEN = "Port {port} on this machine cannot be used ({why}); choose another with --port."
PAGE_IS_OPEN = "The try-out is open: {address}\nNothing leaves this machine. Ctrl-C ends it."
SANDBOX_IS_OPEN = (
    "The stand-in Bot API is open: {root}\nIts chat page: {address}\n"
    "Start the bot with IMH_API_BASE_URL={root} and IMH_TOKEN={token} (a pretend token). Ctrl-C ends it."
)
ABOUT = "A try-out on this machine, with pretend people and a database that is thrown away at the end."

log = logging.getLogger(__name__)


def utc_now() -> datetime:
    return datetime.now(UTC)


def shipped_knowledge() -> Path:
    """The knowledge base beside the code in a checkout, inside the package in a wheel."""
    package = Path(__file__).parent
    inside = package / "_knowledge"
    return inside if inside.is_dir() else package.parent / "knowledge"


class Library:
    """Builds minds from a knowledge folder. The encoder is loaded once and outlives every reload."""

    def __init__(self, folder: Path, cache: Path | None, language: str, artefact: Path = ARTEFACT) -> None:
        self.folder = folder
        self._artefact = artefact
        self._cache = cache
        self._language = language

    @cached_property
    def _encoder(self) -> Encoder:
        return Encoder(open_artefact(self._artefact))

    @cached_property
    def vectors(self) -> PhrasingVectors:
        return PhrasingVectors(self._encoder, open_artefact(self._artefact), self._cache)

    def ship_vectors(self) -> int:
        """Encode every phrasing of the base into the artefact, so that no start has to. Returns how many there are."""
        phrasings = texts.phrasings(self.knowledge().words[self._language])
        artefact = open_artefact(self._artefact)
        build_vectors(phrasings, artefact.path("vectors.npz"), self._encoder)
        record(artefact.folder, "vectors.npz")
        return len(set(phrasings))

    def learn(self, out: Path | None, plan: "Plan", today: date, report: Callable[[str], None]) -> None:
        """Tune the encoder on the base's examples and write a whole new artefact."""
        from bot.learning.examples import gather
        from bot.learning.learn import learn

        words = self.knowledge().words[self._language]
        learn(gather(words), texts.phrasings(words), out or self._artefact, plan=plan, today=today, report=report)

    def left_out(self) -> "LeftOut":
        """Every phrasing of the base ranked with itself left out; half a minute. Raises as `knowledge` does."""
        from bot.review.left_out import left_out

        return left_out(self.knowledge().words[self._language], self.vectors.of)

    def moved(self, knowledge: Knowledge) -> "Moved | None":
        """A base against the artefact; None where it lacks the language."""
        from bot.learning.examples import gather
        from bot.review.moved import Taught, moved

        if self._language not in knowledge.words:
            return None
        words = knowledge.words[self._language]
        lessons, artefact = gather(words), open_artefact(self._artefact)
        teaches = Taught(len(lessons.learned), lessons.digest)
        return moved(words, artefact, self._encoder.heads.topics, self.vectors, teaches)

    def knowledge(self, folder: Path | None = None) -> Knowledge:
        """The present state of its folder or another. Raises `KnowledgeError`; `SettingsError` without the language."""
        knowledge = load(folder or self.folder)
        if self._language not in knowledge.words:
            known = ", ".join(sorted(knowledge.words))
            raise SettingsError(
                f'IMH_LANGUAGE: the knowledge base has no words in "{self._language}", only in {known}.'
            )
        return knowledge

    def mind(self, folder: Path | None = None) -> Mind:
        """A mind of what `knowledge` gives. Raises as it does."""
        knowledge = self.knowledge(folder)
        words = knowledge.words[self._language]
        matcher = EncoderMatcher(words, knowledge, self._encoder.heads, self.vectors)
        screen = self._screen(knowledge, words)
        ours = [*texts.names_and_questions(knowledge, words), *screen.vocabulary]
        speller = Speller(ours, texts.messages(words), common_words(words.language))
        reader = Reader(self._encoder, speller)
        return Mind(knowledge, words, matcher, screen, matcher.speaker, reader.read)

    def _screen(self, knowledge: Knowledge, words: Words) -> Screen:
        ordinary = [example.text for example in words.examples.topics]
        ordinary += [example.text for example in words.examples.scope]
        examples = [*words.examples.alarms, *(AlarmExample("NONE", "", text) for text in ordinary)]
        vectors = self.vectors.of([example.text for example in examples])
        return Screen(knowledge.alarms, words.cards, examples, vectors, self._encoder.heads, language=words.language)


def library(settings: Settings) -> Library:
    """Raises `SettingsError` when the folder of the knowledge base is none."""
    folder = settings.knowledge or shipped_knowledge()
    if not folder.is_dir():
        raise SettingsError(f"IMH_KNOWLEDGE: {folder} is not a folder, so there is no knowledge base.")
    return Library(folder, settings.cache_dir or Path("data/cache"), settings.language)


@dataclass(frozen=True, slots=True)
class House:
    """What every serving process has."""

    minds: Current[Mind]
    store: Store
    clock: Callable[[], datetime]

    def service(self, bot: TelegramBot, noted: Callable[[Turn], None] = lambda _: None) -> Service:
        link = f"https://t.me/{bot.me.username}"
        return Service(self.store, self.minds, self.clock, bot_link=lambda: link, noted=noted)

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
            yield House(Current(library(settings).mind), store, clock)
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
        _on_signals(stop.set)
        tasks = [asyncio.create_task(_sweep(open_house, stop))]
        if settings.reload_knowledge:
            folder = settings.knowledge or shipped_knowledge()
            tasks.append(asyncio.create_task(watch(folder, open_house.minds, stop)))
        try:
            connecting = asyncio.create_task(connect(token, settings.api_base_url))
            if not await _unless(stop, connecting):
                return
            bot = connecting.result()
            async with running(open_house, lambda: _closing(bot)) as at_work:
                log.info("@%s is at work.", bot.me.username)
                if not await _unless(stop, at_work.polling):
                    log.info("Stopping, once what is in hand is finished.")
        finally:
            stop.set()
            await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def _closing(bot: TelegramBot) -> AsyncIterator[TelegramBot]:
    try:
        yield bot
    finally:
        await bot.close()


async def _unless(stop: asyncio.Event, task: "asyncio.Task[object]") -> bool:
    """Wait for the task, or for `stop`; False when stopped first (the task is cancelled unless it polls on its own)."""
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if task.done():
        task.result()
        return True
    return False


def _on_signals(stop: Callable[[], None]) -> None:
    loop = asyncio.get_running_loop()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(RuntimeError):  # some systems' loops know no signals; Ctrl-C still ends them
            loop.add_signal_handler(signal_number, stop)


async def _sweep(house: House, stop: asyncio.Event) -> None:
    """Every hour: what has outlived its time is deleted."""
    while not stop.is_set():
        with contextlib.suppress(BotError):
            await asyncio.to_thread(house.store.sweep, house.clock())
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), SWEEP_EVERY_S)


@asynccontextmanager
async def try_out(settings: Settings) -> AsyncIterator[World]:
    """The real bot behind the stand-in Bot API, in this process, on a database that is thrown away."""
    with tempfile.TemporaryDirectory(prefix="imh-bot-") as folder:
        thrown_away = settings.model_copy(
            update={
                "database_url": f"sqlite:///{folder}/try-out.db",
                "secret_key_file": Path(folder) / "secret.key",
            }
        )
        world = World(bot_name=BOT_NAME)
        with house(thrown_away) as open_house:
            bot = await connect(world.token, request_factory=lambda _: InProcessRequest(world.call), once=True)
            async with running(open_house, lambda: _closing(bot)):
                yield world
        await world.close()


async def chat_in_terminal(settings: Settings) -> None:
    async with try_out(settings) as world:
        cast = Cast(world)
        person = cast.person(cast.personas[0].key)
        assert person is not None
        await chat_here(world, person, until_confirmed(world))


async def chat_in_browser(settings: Settings, port: int | None, *, open_browser: bool) -> None:
    """The chat page on a loopback address, until Ctrl-C: the link first, then a short talk that the bot really held."""
    async with try_out(settings) as world:
        stop = asyncio.Event()
        _on_signals(stop.set)
        async with _page(world, port) as address:
            print(PAGE_IS_OPEN.format(address=address), flush=True)  # noqa: T201
            if open_browser:
                await asyncio.to_thread(webbrowser.open, address)
            await sample_talk(world, sys.stdout, until_confirmed(world))
            await stop.wait()


async def serve_sandbox(port: int) -> None:
    """The stand-in Bot API over HTTP with its chat page, for a bot in another process, until Ctrl-C."""
    world = World(bot_name=BOT_NAME)
    stop = asyncio.Event()
    _on_signals(stop.set)
    try:
        async with serving(world, port=port) as root, _page(world, None) as address:
            print(SANDBOX_IS_OPEN.format(root=root, token=world.token, address=address), flush=True)  # noqa: T201
            await stop.wait()
    except OSError as error:
        raise SettingsError(TAKEN.format(port=port, why=os.strerror(error.errno or 0).lower())) from None


@asynccontextmanager
async def _page(world: World, port: int | None) -> AsyncIterator[str]:
    """The page on the port asked for; where none was, on the usual one or else a free one. Gives its address."""
    app = page_app(world, Cast(world), about=ABOUT)
    try:
        runner, address = await open_page(app, USUAL_PORT if port is None else port)
    except OSError as error:
        if port is not None:
            raise SettingsError(TAKEN.format(port=port, why=os.strerror(error.errno or 0).lower())) from None
        runner, address = await open_page(page_app(world, Cast(world), about=ABOUT), 0)
    try:
        yield address
    finally:
        await runner.cleanup()
