"""The try-out: the real bot behind the stand-in Bot API, in the browser, in the terminal, or for a bot elsewhere."""

import asyncio
import os
import sys
import tempfile
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.assembly import pretending
from bot.assembly.announcing import CHANNEL, announcing
from bot.assembly.connecting import closing, on_signals
from bot.assembly.serving import house, running
from bot.channels.telegram.connect import connect
from bot.channels.telegram.request import InProcessRequest
from bot.errors import SettingsError
from bot.sandbox.http import serving
from bot.sandbox.page import open_page, page_app
from bot.sandbox.personas import Cast
from bot.sandbox.terminal import chat_here, sample_talk, until_confirmed
from bot.sandbox.world import World
from bot.settings import Settings

USUAL_PORT = 8765
BOT_NAME = "Infant mental health guide"
TAKEN = "Port {port} on this machine cannot be used ({why}); choose another with --port."
PAGE_IS_OPEN = "The try-out is open: {address}\nNothing leaves this machine. Ctrl-C ends it."
SANDBOX_IS_OPEN = (
    "The stand-in Bot API is open: {root}\nIts chat page: {address}\n"
    "Start the bot with IMH_API_BASE_URL={root} and IMH_TOKEN={token} (a pretend token). Ctrl-C ends it."
)
ABOUT = "A try-out on this machine, with pretend people and a database that is thrown away at the end."


@asynccontextmanager
async def try_out(settings: Settings) -> AsyncIterator[World]:
    """The real bot behind the stand-in Bot API, on a database that is thrown away, with organisers and readers."""
    with tempfile.TemporaryDirectory(prefix="imh-bot-") as folder:
        world = World(bot_name=BOT_NAME)
        cast = Cast(world)
        thrown_away = settings.model_copy(
            update={
                "organisers": pretending.organisers(cast),
                "database_url": f"sqlite:///{folder}/try-out.db",
                "secret_key_file": Path(folder) / "secret.key",
            }
        )
        with house(thrown_away) as open_house:
            known = open_house.minds
            contacts = pretending.readers(cast, known().knowledge, CHANNEL, open_house.clock())
            open_house.store.contacts(CHANNEL).add(list(contacts))
            bot = await connect(world.token, request_factory=lambda _: InProcessRequest(world.call), once=True)
            async with running(open_house, lambda: closing(bot)), serving(world) as root:
                here = thrown_away.model_copy(update={"api_base_url": root})
                async with announcing(here, open_house.store, lambda: known().knowledge, bot, world.token):
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
        on_signals(stop.set)
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
    on_signals(stop.set)
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
