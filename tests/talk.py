"""Talks to the whole bot as a person would: `says`, `presses`, `sees`.

Behind it stand the real service, the real database and the real Telegram channel; only the Bot API (the sandbox) and
the clock are stand-ins. Tests assert where a text leads (targets, outcomes, buttons), not its wording, so editors edit
freely.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bot.assembly import House
from bot.channels.telegram.connect import TelegramBot, connect
from bot.channels.telegram.request import InProcessRequest
from bot.conversation.desk.model import Right
from bot.conversation.scene import Mind, Turn
from bot.operations.handling import Handling
from bot.operations.reloading import Current
from bot.sandbox.chats import Chat, Message, Person
from bot.sandbox.world import World
from bot.storage import StorageUnavailable, Store, open_store

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@dataclass(slots=True)
class Clock:
    """A clock that stands still until it is moved."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now


@dataclass(slots=True)
class Town:
    """One installation of the bot and everybody who talks to it."""

    world: World
    house: House
    bot: TelegramBot
    handling: Handling
    clock: Clock
    turns: list[Turn] = field(default_factory=list)

    def talk(self, name: str = "Robin Pretend") -> "Talk":
        return Talk(self, self.world.add_person(name))

    async def deliver(self) -> None:
        """Everything that waits at Telegram is handled and confirmed, as the poller does."""
        offset: int | None = None
        while updates := await self.bot.get_updates(offset, 0):
            for update in updates:
                incoming = self.bot.parse(update)
                if incoming is not None:
                    await self.handling.finish(incoming)
                offset = update["update_id"] + 1


@dataclass(slots=True)
class Talk:
    """One person and their private chat with the bot."""

    town: Town
    person: Person
    chat: Chat | None = None
    _seen: dict[int, object] = field(default_factory=dict)
    """Every message as it stood when this person last did something."""

    async def says(self, words: str) -> "Talk":
        self.look_back()
        await self.town.world.says(self.person, words, chat=self.chat)
        await self.town.deliver()
        return self

    async def sends(self, kind: str, caption: str | None = None) -> "Talk":
        self.look_back()
        await self.town.world.sends(self.person, kind, caption)
        await self.town.deliver()
        return self

    async def edits(self, words: str) -> "Talk":
        """Changes their own last message."""
        mine = [message for message in self.all() if not message.from_bot]
        self.look_back()
        await self.town.world.edits(self.person, mine[-1].id, words)
        await self.town.deliver()
        return self

    async def presses(self, label_or_payload: str) -> "Talk":
        """Presses the newest button with this payload, or whose label holds these words."""
        message_id, payload = self._button(label_or_payload)
        self.look_back()
        self.town.world.press(self.person, message_id, payload)
        await self.town.deliver()
        return self

    async def presses_forged(self, payload: str) -> "Talk":
        """Presses, on the newest message, a button that it does not show: one from long ago, or one that never was."""
        self.look_back()
        message = self.all()[-1].raw
        query = {"id": "1", "from": self.person.user(), "message": message, "chat_instance": "1", "data": payload}
        self.town.world.inject({"callback_query": query})
        await self.town.deliver()
        return self

    def all(self) -> list[Message]:
        return self.town.world.sees(self.person, self.chat)

    def news(self) -> list[Message]:
        """What the bot has said or changed since this person last did something."""
        return [one for one in self.all() if one.from_bot and self._seen.get(one.id) != one.raw]

    def sees(self) -> str:
        """The words of everything the bot has said since this person last did something (edited cards too)."""
        return "\n\n".join(message.text for message in self.news())

    @property
    def last(self) -> Message:
        """The bot's newest message, wherever it stands."""
        return [message for message in self.all() if message.from_bot][-1]

    def buttons(self) -> list[str]:
        """Payloads and links under the news (under the newest message where there is none), in order."""
        messages = self.news() or [message for message in self.all() if message.from_bot][-1:]
        rows = [row for message in messages for row in message.buttons]
        return [button.get("callback_data") or button["url"] for row in rows for button in row]

    @property
    def turn(self) -> Turn:
        """The last turn that was saved, whoever's it was."""
        return self.town.turns[-1]

    @property
    def outcome(self) -> str:
        return self.turn.outcome.value

    @property
    def target(self) -> str | None:
        return self.turn.target

    @property
    def offered(self) -> tuple[str, ...]:
        return self.turn.offered

    @property
    def alarm(self) -> tuple[str, int] | None:
        return (self.turn.alarm.family, self.turn.alarm.tier) if self.turn.alarm else None

    def stored(self) -> dict[str, object]:
        """What the database holds about this chat."""
        return self.town.house.store.export("telegram", str(self.person.id))

    def traces(self) -> list[str]:
        """Every place of the database that still names this chat."""
        return self.town.house.store.holds_anything("telegram", str(self.person.id))

    def look_back(self) -> None:
        """From here on, `sees` tells what is new."""
        self._seen = {message.id: message.raw for message in self.all()}

    def _button(self, wanted: str) -> tuple[int, str]:
        for message in reversed(self.all()):
            for row in message.buttons:
                for button in row:
                    payload = button.get("callback_data")
                    if payload is not None and (payload == wanted or wanted.casefold() in button["text"].casefold()):
                        return message.id, payload
        raise AssertionError(f"no button {wanted!r}; there are {self.buttons()}")


@asynccontextmanager
async def town(
    mind: Callable[[], Mind],
    folder: Path,
    clock: Clock | None = None,
    organisers: Mapping[int, frozenset[Right]] | None = None,
) -> AsyncIterator[Town]:
    """A whole installation in `folder`, on a database of its own. `organisers` by user id: people are numbered in the
    order in which they come (`bot.sandbox.chats.FIRST_PERSON`).
    """
    clock = clock or Clock()
    store: Store = open_store(f"sqlite:///{folder}/talk.db", folder / "secret.key")
    world = World(clock=clock, reads_all_group_messages=True)
    bot = await connect(world.token, request_factory=lambda _: InProcessRequest(world.call), once=True, clock=clock)
    try:
        house = House(Current(mind), store, clock, organisers or {})
        turns: list[Turn] = []
        service = house.service(bot, turns.append)
        handling = Handling(
            service.handle, service.answered, service.apologise, bot.deliver, not_a_try=(StorageUnavailable,)
        )
        await bot.set_commands(house.commands())
        yield Town(world, house, bot, handling, clock, turns)
    finally:
        await bot.close()
        await world.close()
        store.close()
