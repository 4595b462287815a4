"""What comes in: load, respond, save, return the replies. Channels are handed `handle`, `answered` and `apologise`.

The turn's state commits before anything is sent; `answered` is a second small commit after the replies were attempted.
A repeated update is worded again from the saved state and applies nothing twice. If the database cannot be reached, a
message that raises an alarm is still answered, from memory.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.conversation.commands import typed
from bot.conversation.desk.showing import told
from bot.conversation.model import Conversation
from bot.conversation.respond import apologise, raise_alarm, respond
from bot.conversation.scene import Mind, Outcome, Scene, Turn
from bot.conversation.wording.voice import Voice
from bot.messaging import Command, Incoming, Media, Outgoing, Sender, Text
from bot.ordering import Ordering
from bot.safety.screening import Alarm
from bot.storage import StorageUnavailable, Store, StoredTurn, VersionConflict

log = logging.getLogger(__name__)

FULL_CARD = frozenset({1, 2})
"""Tiers that show the full card."""


class Service:
    """Turns of all chats. `mind` is asked anew for each turn, so a reload of the knowledge base is one swap."""

    def __init__(
        self,
        store: Store,
        mind: Callable[[], Mind],
        clock: Callable[[], datetime],
        *,
        bot_link: Callable[[], str | None] = lambda: None,
        noted: Callable[[Turn], None] = lambda _: None,
        ordering: Ordering | None = None,
    ) -> None:
        """`bot_link` gives the address of a private chat; `noted` is told each turn that was saved; `ordering` knows
        the organisers.
        """
        self._store = store
        self._mind = mind
        self._clock = clock
        self._bot_link = bot_link
        self._noted = noted
        self._ordering = ordering

    async def handle(self, incoming: Incoming) -> Sequence[Outgoing]:
        """The replies to an update, its turn saved. Raises what made the turn fail; the caller tries again."""
        return await asyncio.to_thread(self._handle, incoming)

    async def answered(self, incoming: Incoming) -> None:
        """Note that the replies were attempted; from then on a repeat of the update is dropped."""
        sender = incoming.sender
        await asyncio.to_thread(self._store.mark_answered, sender.channel, sender.address, incoming.id)

    def apologise(self, incoming: Incoming) -> Sequence[Outgoing]:
        """The prepared apology; a message that raises an alarm by its words alone gets its card instead."""
        alarm = self._alarm_by_rules(incoming)
        scene = self._blank()
        if alarm is not None and alarm.tier in FULL_CARD:
            return raise_alarm(scene, alarm).replies
        return [apologise(Voice(scene.knowledge, scene.words, None, None, scene.now.date()))]

    def _handle(self, incoming: Incoming) -> Sequence[Outgoing]:
        try:
            return self._saved_turn(incoming)
        except VersionConflict:
            return self._saved_turn(incoming)
        except StorageUnavailable:
            from_memory = self._from_memory(incoming)
            if from_memory is None:
                raise
            log.error("The database cannot be reached; an alarm was answered from memory (update %s).", incoming.id)
            return from_memory

    def _saved_turn(self, incoming: Incoming) -> Sequence[Outgoing]:
        sender, now = incoming.sender, self._clock()
        with self._store.turn(sender.channel, sender.address, now) as stored:
            seen = stored.conversation.remembers(incoming.id)
            scene = self._scene(stored, now, incoming.sender, repeated=seen is not None)
            turn = self._ordered(scene, self._respond(scene, incoming))
            if seen is None:
                _save(stored, turn, incoming)
        if seen is None:
            self._noted(turn)
            self._note_arrival(incoming, now)
        return () if seen and not _is_alarm(turn) else turn.replies

    def _note_arrival(self, incoming: Incoming, now: datetime) -> None:
        """Whoever presses or answers an announcement has got it. The turn stands whether or not this can be noted."""
        sender = incoming.sender
        if incoming.announcement is None:
            return
        try:
            self._store.ledger(sender.channel).evidence(sender.address, incoming.announcement, now)
        except (StorageUnavailable, VersionConflict):
            log.warning("That an announcement arrived could not be noted (update %s).", incoming.id)

    def _scene(self, stored: StoredTurn, now: datetime, sender: Sender, *, repeated: bool) -> Scene:
        desk = self._ordering.desk(sender) if self._ordering else None
        return Scene(self._mind(), stored.conversation, stored.contact, now, repeated, self._bot_link(), desk=desk)

    def _ordered(self, scene: Scene, turn: Turn) -> Turn:
        """The turn with what became of its order; that of an update seen before is not carried out again."""
        if turn.order is None or scene.desk is None or self._ordering is None:
            return turn
        desk = self._ordering.carry_out(scene.desk, turn.order, scene.now, only_look=scene.repeated)
        return told(replace(scene, desk=desk), turn)

    def _respond(self, scene: Scene, incoming: Incoming) -> Turn:
        """The turn; should reading or matching fail, the rules alone still raise an alarm."""
        try:
            return respond(scene, incoming)
        except Exception as error:
            alarm = self._alarm_by_rules(incoming)
            if alarm is None or alarm.tier not in FULL_CARD:
                raise
            log.error("A turn failed (%s); its alarm was answered by the rules (update %s).", _name(error), incoming.id)
            return raise_alarm(scene, alarm)

    def _from_memory(self, incoming: Incoming) -> Sequence[Outgoing] | None:
        turn = self._respond(self._blank(), incoming)
        return turn.replies if _is_alarm(turn) else None

    def _blank(self) -> Scene:
        """A scene of which nothing is known."""
        now = self._clock()
        return Scene(self._mind(), Conversation("", now + timedelta(days=1)), None, now, bot_link=self._bot_link())

    def _alarm_by_rules(self, incoming: Incoming) -> Alarm | None:
        words = _typed(incoming)
        return self._mind().screen.screen_words(words) if words else None


def _save(stored: StoredTurn, turn: Turn, incoming: Incoming) -> None:
    conversation = turn.conversation.with_incoming(incoming.id)
    stored.save(contact=turn.contact, conversation=conversation, forget=turn.forget, feedback=turn.feedback)


def _is_alarm(turn: Turn) -> bool:
    return turn.outcome is Outcome.ALARM


def _typed(incoming: Incoming) -> str:
    match incoming.content:
        case Text(words=words):
            return words
        case Media(caption=caption):
            return caption
        case Command(name=name, argument=argument):
            return typed(name, argument)
    return ""


def _name(error: Exception) -> str:
    return type(error).__name__
