"""What the pretend world consists of, shared by everything that acts on it: methods (the bot's side) and `World`.

A method function is `(stage, request) -> JSON value`; it looks up chats here, changes them here and nowhere else.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.sandbox.chats import PRIVATE, SUPERGROUP, Chat, Message, Person
from bot.sandbox.events import EventStream
from bot.sandbox.faults import Faults
from bot.sandbox.files import FileStore
from bot.sandbox.pace import Limits, Pace
from bot.sandbox.profile import Profile
from bot.sandbox.queries import Callbacks, InlineQueries
from bot.sandbox.refusals import bad_request, forbidden
from bot.sandbox.updates import Clock, Sleep, UpdateQueue
from bot.sandbox.webhook import Webhook

BOT_ID = 4_400_000_000_000_000
PRETEND_TOKEN = f"{BOT_ID}:{'sandbox' * 5}"
"""A well-formed token that no real bot can have, for clients that insist on one."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message that really reached a chat, as Telegram knows it, whatever the bot was told."""

    sequence: int
    at: datetime
    method: str
    chat_id: int
    message_id: int
    text: str


def utc_now() -> datetime:
    return datetime.now(UTC)


class Stage:
    """State and look-ups. `clock` gives the time (aware UTC); `sleep` waits where Telegram would (long polls)."""

    def __init__(
        self,
        *,
        clock: Clock = utc_now,
        sleep: Sleep = asyncio.sleep,
        token: str = PRETEND_TOKEN,
        bot_name: str = "Sandbox",
        bot_username: str = "sandbox_bot",
        faults: Faults | None = None,
        limits: Limits | None = None,
        reads_all_group_messages: bool = False,
    ) -> None:
        self.clock = clock
        self.sleep = sleep
        self.token = token
        self.me: dict[str, Any] = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": bot_name,
            "username": bot_username,
        }
        self.reads_all_group_messages = reads_all_group_messages
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.updates = UpdateQueue(clock, sleep)
        self.stream = EventStream()
        self.callbacks = Callbacks(clock)
        self.inline = InlineQueries(clock)
        self.files = FileStore()
        self.profile = Profile()
        self.webhook = Webhook(self.updates, sleep)
        self.faults = faults or Faults()
        self.pace = Pace(limits)
        self.deliveries: list[Delivery] = []
        self._last_message_id = 0

    def timestamp(self) -> int:
        return int(self.clock().timestamp())

    def next_message_id(self, chat: Chat) -> int:
        if chat.kind == SUPERGROUP:
            chat.last_message_id += 1
            return chat.last_message_id
        self._last_message_id += 1
        return self._last_message_id

    def chat_named(self, chat_id: int | str) -> Chat:
        """The chat with this id or @username, whether or not the bot may write there; 400 when it knows none."""
        chat = self._find(chat_id)
        if chat is None or (chat.kind == PRIVATE and not chat.has_written):
            raise bad_request("chat not found")
        return chat

    def writable(self, chat_id: int | str) -> Chat:
        """The chat, if the bot may write to it; 403 when it was blocked or removed, 400 when the group moved."""
        if chat_id == self.me["id"]:
            raise forbidden("bots can't send messages to bots")
        chat = self._find(chat_id)
        if chat is None:
            raise bad_request("chat not found")
        if not chat.has_written:
            raise forbidden("bot can't initiate conversation with a user")
        if chat.migrated_to is not None:
            refusal = bad_request("group chat was upgraded to a supergroup chat")
            refusal.parameters["migrate_to_chat_id"] = chat.migrated_to
            raise refusal
        if chat.deactivated:
            raise forbidden("user is deactivated")
        if chat.bot_status == "kicked" and chat.kind == PRIVATE:
            raise forbidden("bot was blocked by the user")
        self.check_entered(chat)
        return chat

    def check_entered(self, chat: Chat) -> None:
        """Raises `Refusal` 403 for a group that the bot is not in."""
        if chat.kind == PRIVATE:
            return
        if chat.bot_status == "kicked":
            raise forbidden(f"bot was kicked from the {chat.kind} chat")
        if chat.bot_status == "left":
            raise forbidden(f"bot is not a member of the {chat.kind} chat")

    def _find(self, chat_id: int | str) -> Chat | None:
        if isinstance(chat_id, int):
            return self.chats.get(chat_id)
        wanted = chat_id.removeprefix("@").lower()
        named = (chat for chat in self.chats.values() if chat.kind != PRIVATE and chat.username)
        return next((chat for chat in named if f"{chat.username}".lower() == wanted), None)

    def post(self, method: str, chat: Chat, content: Mapping[str, Any]) -> Message:
        """The bot's new message in `chat`, seen by everyone there and entered in `deliveries`."""
        return self.post_all(method, chat, [content])[0]

    def post_all(self, method: str, chat: Chat, contents: Sequence[Mapping[str, Any]]) -> list[Message]:
        """As `post` for several messages that arrive together or, when the pace forbids them, not at all."""
        self.pace.admit(chat.id, self.clock(), len(contents))
        messages = [self._add(chat, self.me, content, from_bot=True) for content in contents]
        for message in messages:
            entry = Delivery(len(self.deliveries) + 1, message.at, method, chat.id, message.id, message.text)
            self.deliveries.append(entry)
        return messages

    def hear(self, chat: Chat, person: Person, content: Mapping[str, Any]) -> Message:
        """A person's new message; queues the update for the bot, if it is one that the bot is shown."""
        message = self._add(chat, person.user(), content, from_bot=False)
        if self.shown_to_bot(chat, message):
            self.updates.push("message", message.raw)
        return message

    def shown_to_bot(self, chat: Chat, message: Message) -> bool:
        """Privacy mode: in a group the bot sees commands, mentions of itself and replies to itself, unless it is an
        administrator there or `reads_all_group_messages`."""
        if chat.kind == PRIVATE or self.reads_all_group_messages or chat.bot_status == "administrator":
            return True
        if chat.bot_status in ("left", "kicked"):
            return False
        name = f"@{self.me['username']}".lower()
        first, _, rest = message.text.partition(" ")
        command, _, addressee = first.partition("@")
        to_bot = message.raw.get("reply_to_message", {}).get("from", {}).get("id") == self.me["id"]
        called = command.startswith("/") and f"@{addressee or self.me['username']}".lower() == name
        return called or to_bot or name in f"{first} {rest}".lower().split()

    def _add(self, chat: Chat, author: Mapping[str, Any], content: Mapping[str, Any], *, from_bot: bool) -> Message:
        now = self.clock()
        message_id = self.next_message_id(chat)
        raw = {
            "message_id": message_id,
            "from": dict(author),
            "chat": chat.brief(),
            "date": int(now.timestamp()),
            **content,
        }
        message = Message(message_id, chat.id, int(author["id"]), now, raw, from_bot)
        chat.messages[message_id] = message
        self.stream.publish("message", chat.id, message_id=message_id, message=raw, from_bot=from_bot)
        return message
