"""Announcements at work: the lane, the sender and the runner, made of settings and handed all that they need.

`serve` runs them beside the polling, `work` runs them alone: a process without a mind, which answers nobody.
"""

import asyncio
import gc
import logging
import os
import secrets
import socket
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial

from bot.assembly.connecting import await_unless, closing, on_signals, utc_now
from bot.assembly.minds import library
from bot.broadcast.broadcast import Broadcast
from bot.broadcast.quiet import earliest
from bot.broadcast.states import DeliveryState
from bot.channels.telegram.bodies import Stop
from bot.channels.telegram.connect import TelegramBot, connect
from bot.channels.telegram.lane import Lane
from bot.channels.telegram.results import TOKEN_REFUSED
from bot.conversation.payloads import ANNOUNCEMENT_STOP, ANNOUNCEMENT_STOP_LINK, Verb, button
from bot.delivery import Runner, Sender
from bot.errors import StorageError
from bot.knowledge.desk_phrases import DeskPhrase
from bot.knowledge.model import Knowledge, Words
from bot.knowledge.phrases import Phrase
from bot.messaging import Delivered, Reply, Span
from bot.settings import Settings
from bot.storage import Ledger, ProcessLock, Store, open_store

CHANNEL = "telegram"
ONLY_ONE = "the one process"
"""Who leads on SQLite, where a lock lets one process serve or send: the next need not await the last one's silence."""
NO_REGION_ZONES = ("UTC",)

log = logging.getLogger(__name__)


@asynccontextmanager
async def announcing(
    settings: Settings, store: Store, knowledge: Callable[[], Knowledge], bot: TelegramBot, token: str
) -> AsyncIterator["asyncio.Task[None]"]:
    """Sends what is due until the block ends, and then drains (within 10 s). Gives the task that does it.

    `knowledge` is asked anew each time, so that a reload is taken up.
    """
    lane = Lane(token, stop_of(knowledge, settings.language, bot.me.username), settings.api_base_url)
    ledger = store.ledger(CHANNEL)
    tell = partial(tell_organisers, settings, knowledge, bot)
    sender = Sender(
        ledger,
        lane.post,
        rate=settings.sends_per_second,
        token_refused=TOKEN_REFUSED,
        tell=tell,
        finished=partial(tell_finished, settings, knowledge, bot, ledger),
        asleep=lambda now: asleep(knowledge(), now),
        clock=utc_now,
        monotonic=time.monotonic,
    )
    rehearsing = [str(id) for id in settings.organisers]
    runner = Runner(ledger, sender, holder=holder(settings), tell=tell, rehearsal_chats=rehearsing, clock=utc_now)
    # A full collection of all that is loaded by now, which lives as long as the process, stops sending for 150 ms.
    gc.freeze()
    await lane.open()
    running = asyncio.create_task(_guarded(runner))
    try:
        yield running
    finally:
        await runner.drain()
        await asyncio.gather(running, return_exceptions=True)
        await lane.close()


async def work(settings: Settings, token: str) -> None:
    """The worker: announcements and nothing else, until SIGTERM or SIGINT."""
    with ProcessLock(settings.database_url):
        known = library(settings).knowledge()
        store = open_store(settings.database_url, settings.key_file())
        stop = asyncio.Event()
        on_signals(stop.set)
        try:
            connecting = asyncio.create_task(connect(token, settings.api_base_url))
            if not await await_unless(stop, connecting):
                return
            async with (
                closing(connecting.result()) as bot,
                announcing(settings, store, lambda: known, bot, token) as running,
            ):
                log.info("@%s sends announcements.", bot.me.username)
                if not await await_unless(stop, running):
                    log.info("Stopping, once what is being sent is settled.")
        finally:
            store.close()


async def _guarded(runner: Runner) -> None:
    try:
        await runner.run()
    except Exception as error:
        # Its words might quote an address; what it was is enough to know where to look.
        log.error("Announcements have stopped (%s): start the process again.", type(error).__name__)
        raise


def stop_of(knowledge: Callable[[], Knowledge], language: str, bot_name: str) -> Stop:
    """The way out under every announcement: the bot's own way to opt out."""

    def label(wanted: str | None) -> str:
        return words_in(knowledge(), wanted, language).phrases[Phrase.BUTTON_STOP.value]

    return Stop(label, ANNOUNCEMENT_STOP, f"https://t.me/{bot_name}?start={ANNOUNCEMENT_STOP_LINK}")


def words_in(knowledge: Knowledge, wanted: str | None, language: str) -> Words:
    """The words in a reader's language (an IETF tag), or in the installation's where the base has none."""
    return knowledge.words.get((wanted or "").partition("-")[0].lower()) or knowledge.words[language]


def asleep(knowledge: Knowledge, now: datetime) -> Mapping[str | None, datetime]:
    """Regions where it is night, each with when its morning comes; None: readers whose region is not known."""
    zones: dict[str | None, tuple[str, ...]] = {id: region.zones for id, region in knowledge.regions.items()}
    zones[None] = NO_REGION_ZONES
    mornings = {region: earliest(now, its) for region, its in zones.items()}
    return {region: morning for region, morning in mornings.items() if morning > now}


async def tell_organisers(
    settings: Settings, knowledge: Callable[[], Knowledge], bot: TelegramBot, broadcast: Broadcast, because: str
) -> None:
    """One sentence to whoever composed, submitted or approved it and still is an organiser. Never raises."""
    reason = because if because.endswith(".") else f"{because[:1].upper()}{because[1:]}."
    await _tell(settings, knowledge, bot, broadcast, DeskPhrase.NEEDS_YOU, reason=reason)


async def tell_finished(
    settings: Settings, knowledge: Callable[[], Knowledge], bot: TelegramBot, ledger: Ledger, broadcast: Broadcast
) -> None:
    """That nothing of it is open any more, and how many it reached. Never raises."""
    try:
        tally = await asyncio.to_thread(ledger.tally, broadcast.id)
    except StorageError as error:
        log.error("Nobody could be told that announcement %d is finished: %s", broadcast.id, error)
        return
    sent, total = tally[DeliveryState.SENT], sum(tally.values())
    await _tell(settings, knowledge, bot, broadcast, DeskPhrase.FINISHED, sent=sent, total=total)


async def _tell(
    settings: Settings,
    knowledge: Callable[[], Knowledge],
    bot: TelegramBot,
    broadcast: Broadcast,
    phrase: DeskPhrase,
    **gaps: object,
) -> None:
    people = {broadcast.composed_by, broadcast.submitted_by, broadcast.approved_by} & set(settings.organisers)
    for person in sorted(one for one in people if one is not None):
        try:
            phrases = knowledge().words[settings.language].phrases
            said = Span(phrases[phrase.value].format(id=broadcast.id, **gaps))
            opens = button(phrases[DeskPhrase.BUTTON_BACK.value], Verb.DESK, "open", str(broadcast.id))
            result = await bot.send(str(person), Reply((said,), ((opens,),)))
        except Exception as error:  # noqa: BLE001 - sending goes on, whoever could not be told
            log.error("An organiser could not be told about announcement %d (%s).", broadcast.id, type(error).__name__)
            continue
        if result.outcome is not Delivered.SENT:
            log.warning("An organiser could not be told about announcement %d (%s).", broadcast.id, result.error)


def holder(settings: Settings) -> str:
    """The name under which this process leads."""
    if settings.database_url.startswith("sqlite"):
        return ONLY_ONE
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
