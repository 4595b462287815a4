"""People, chats and messages of the pretend world, in the shapes the Bot API gives them. Read by the faces and tests.

Identifiers lie where Telegram gives none out today: people from 4·10^15 (below the documented 52 bits), basic groups
below -999,000,000,000 and supergroups below -1,997,000,000,000, so that no pretend id can name a real account.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

FIRST_PERSON = 4_000_000_000_000_001
FIRST_GROUP = -999_000_000_001
FIRST_SUPERGROUP = -1_997_000_000_001

PRIVATE = "private"
GROUP = "group"
SUPERGROUP = "supergroup"


@dataclass(frozen=True, slots=True)
class Person:
    """Someone pretend. `organiser` is a mark for the faces; the Bot API never shows it."""

    id: int
    name: str
    language_code: str | None = "en"
    organiser: bool = False
    username: str | None = None

    def user(self) -> dict[str, Any]:
        """The Bot API's `User`."""
        user: dict[str, Any] = {"id": self.id, "is_bot": False, "first_name": self.name}
        if self.username:
            user["username"] = self.username
        if self.language_code:
            user["language_code"] = self.language_code
        return user


@dataclass(slots=True)
class Message:
    """One message as it stands now. `raw` is the Bot API's `Message`; an edit replaces its contents in place."""

    id: int
    chat_id: int
    author_id: int
    at: datetime
    raw: dict[str, Any]
    from_bot: bool = False
    reactions: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    """User id to the reactions that this user set."""

    @property
    def text(self) -> str:
        """The words of the message or its caption; empty when it has neither."""
        return str(self.raw.get("text") or self.raw.get("caption") or "")

    @property
    def entities(self) -> list[dict[str, Any]]:
        """`MessageEntity` objects over `text`, offsets and lengths in UTF-16 code units."""
        return list(self.raw.get("entities") or self.raw.get("caption_entities") or [])

    @property
    def buttons(self) -> list[list[dict[str, Any]]]:
        """Rows of `InlineKeyboardButton`; empty without an inline keyboard."""
        markup: dict[str, Any] = self.raw.get("reply_markup") or {}
        return list(markup.get("inline_keyboard") or [])

    @property
    def edited(self) -> bool:
        return "edit_date" in self.raw

    @property
    def kind(self) -> str:
        """`text`, or the Bot API's field name of what the message carries (`photo`, `voice` …)."""
        return next((kind for kind in CONTENT_KINDS if kind in self.raw), "text")


CONTENT_KINDS = (
    "text",
    "animation",
    "audio",
    "document",
    "live_photo",
    "paid_media",
    "photo",
    "sticker",
    "story",
    "video",
    "video_note",
    "voice",
    "checklist",
    "contact",
    "dice",
    "game",
    "poll",
    "venue",
    "location",
    "new_chat_members",
    "left_chat_member",
    "pinned_message",
)
"""Names of `Message` fields that say what a message is; `animation` before `document`, `venue` before `location`,
because a message with the first also carries the second."""


@dataclass(slots=True)
class Chat:
    """A chat as Telegram's servers hold it, messages by id in the order they were written."""

    id: int
    kind: str
    title: str = ""
    username: str | None = None
    members: dict[int, str] = field(default_factory=dict)
    """User id to `ChatMember.status`; in a private chat only the person."""
    bot_status: str = "member"
    """`kicked` when the person blocked the bot or the group removed it."""
    has_written: bool = False
    """Whether the person ever wrote or pressed Start; a bot cannot write first."""
    deactivated: bool = False
    messages: dict[int, Message] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    migrated_to: int | None = None
    last_message_id: int = 0
    """Supergroups number their own messages; elsewhere the count is the bot's own."""

    def brief(self) -> dict[str, Any]:
        """The Bot API's `Chat`."""
        if self.kind == PRIVATE:
            chat: dict[str, Any] = {"id": self.id, "type": self.kind, "first_name": self.title}
        else:
            chat = {"id": self.id, "type": self.kind, "title": self.title}
        if self.username:
            chat["username"] = self.username
        return chat
