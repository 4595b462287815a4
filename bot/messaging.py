"""The words every channel speaks: what comes in, what goes out, and whom it is for. Pure values, no I/O.

Channels turn their own updates into `Incoming` and send `Reply` and `Notice`; the conversation sees nothing else.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

PAYLOAD_BYTES = 64
"""Longest button payload in bytes of UTF-8 (Bot API, InlineKeyboardButton.callback_data)."""


NO_CELEBRATION = "no-celebration"
"""The mark, among a contact's consents, of a wish to get no celebratory announcements."""


class ChatKind(StrEnum):
    PRIVATE = "private"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Sender:
    """Where a message came from. `address` is the chat id in digits; it is never logged."""

    channel: str
    address: str = field(repr=False)
    chat: ChatKind = ChatKind.PRIVATE
    language: str | None = None
    """IETF tag that the person's app reports, e.g. "en-GB"."""
    person: str | None = field(default=None, repr=False)
    """Numeric id of the user who acted, in digits; in a private chat equal to `address`."""


@dataclass(frozen=True, slots=True)
class Text:
    """Something typed. `edited` is set when an earlier message was changed."""

    words: str = field(repr=False)
    edited: bool = False


@dataclass(frozen=True, slots=True)
class Press:
    """A button pressed. `card` is the id of the message that carries the button, None when it is too old to edit."""

    payload: str
    card: str | None = None
    query: str | None = field(default=None, repr=False)
    """What the channel needs to answer this press; it means nothing to anyone else."""


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command without its slash, lower case; `argument` is what followed it (for /start a deep link's word)."""

    name: str
    argument: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Media:
    """A photo, voice note, sticker, location …: `kind` is the Bot API's field name; only the caption is read."""

    kind: str
    caption: str = field(default="", repr=False)
    edited: bool = False


@dataclass(frozen=True, slots=True)
class Membership:
    """The person blocked or unblocked the bot, or the bot was added to or removed from a group."""

    reachable: bool


Content = Text | Press | Command | Media | Membership


@dataclass(frozen=True, slots=True)
class Original:
    """A message as it was sent, which an organiser can make an announcement of. Nobody else's is looked at or kept."""

    text: str = field(default="", repr=False)
    """What was typed, or the caption."""
    entities: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    """Bold, links and other styles, as the channel gives them (UTF-16 offsets)."""
    kind: str = "text"
    """The Bot API's field name of what the message carries."""
    file_id: str | None = field(default=None, repr=False)
    poll: Mapping[str, Any] | None = field(default=None, repr=False)
    """The fields of `broadcast.Poll`; None where it is none, or is one that a bot cannot ask again."""
    album: str | None = None
    """What the parts of one album have in common."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One update, parsed. `id` repeats when the channel delivers the same update again."""

    id: str
    sender: Sender
    at: datetime
    """When the person acted, timezone-aware UTC."""
    content: Content
    original: Original | None = field(default=None, repr=False, compare=False)
    """Of what somebody sent in a private chat."""
    announcement: str | None = None
    """Id of the announcement's message that was pressed or replied to, where that is so."""


class Style(StrEnum):
    PLAIN = "plain"
    BOLD = "bold"
    ITALIC = "italic"
    BLOCK = "block"
    """A preformatted block, for letters that are copied as a whole."""


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one style. Plain words, never markup: the channel escapes."""

    text: str
    style: Style = Style.PLAIN


@dataclass(frozen=True, slots=True)
class Button:
    """Either `payload` (comes back as `Press`) or `url` (https or tg), never both."""

    label: str
    payload: str | None = None
    url: str | None = None

    def __post_init__(self) -> None:
        if (self.payload is None) == (self.url is None):
            raise ValueError(f"button {self.label!r} needs exactly one of payload and url")
        if self.payload is not None and not 1 <= len(self.payload.encode()) <= PAYLOAD_BYTES:
            raise ValueError(f"payload of button {self.label!r} is not 1 to {PAYLOAD_BYTES} bytes")
        if self.url is not None and not self.url.startswith(("https://", "tg://")):
            raise ValueError(f"url of button {self.label!r} is neither https nor tg")


@dataclass(frozen=True, slots=True)
class Reply:
    """A message to send; with `edits`, the new face of the message with that id (sent anew if it cannot be edited)."""

    spans: tuple[Span, ...]
    buttons: tuple[tuple[Button, ...], ...] = ()
    """Rows of buttons, top to bottom."""
    edits: str | None = None

    @property
    def text(self) -> str:
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True, slots=True)
class Notice:
    """A short word shown over the chat after a press (at most 200 characters), leaving no message behind."""

    text: str


@dataclass(frozen=True, slots=True)
class Announced:
    """An announcement shown to those who make it, exactly as its readers will get it."""

    content: Mapping[str, Any] = field(repr=False)
    """What `broadcast.announcement.content_values` gives."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Something for another private chat than the one that is answered: an organiser who is asked to approve."""

    address: str = field(repr=False)
    outgoing: Reply | Announced


Outgoing = Reply | Notice | Announced | Elsewhere


@dataclass(frozen=True, slots=True)
class Contact:
    """Someone who agreed to be remembered. No name, no message text, ever.

    `consents` maps what was agreed to or asked for (`role`, `region`, `language`, a kind of announcement,
    `NO_CELEBRATION`) to when (aware UTC).
    """

    channel: str
    address: str = field(repr=False)
    language: str | None = None
    roles: tuple[str, ...] = ()
    region: str | None = None
    consents: tuple[tuple[str, datetime], ...] = ()
    opted_in_at: datetime | None = None
    opted_out_at: datetime | None = None
    unreachable_since: datetime | None = None
    paused_until: datetime | None = None
    """No announcements before this (aware UTC)."""


class Delivered(StrEnum):
    """What is known after an attempt to send."""

    SENT = "sent"
    UNSENT = "unsent"
    """Certainly not sent; may be tried again, after `retry_after_s` when that is set."""
    BLOCKED = "blocked"
    FAILED = "failed"
    """Refused for good; `error` says why."""
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class SendResult:
    outcome: Delivered
    message_ids: tuple[str, ...] = ()
    retry_after_s: float | None = None
    migrated_to: str | None = field(default=None, repr=False)
    error: str | None = None
    """The channel's reason, without token, address or text."""


class Channel(Protocol):
    """A way to reach people. Two kinds of implementation exist or are foreseen, hence a Protocol."""

    async def send(self, address: str, reply: Reply) -> SendResult: ...


Handle = Callable[[Incoming], Awaitable[Sequence[Outgoing]]]
"""What a channel is given for each update: returns what to send, in order. Raising means: not handled, try again."""
Answered = Callable[[Incoming], Awaitable[None]]
"""Called after the replies to an update were attempted; only then may the update be acknowledged."""
Apologise = Callable[[Incoming], Sequence[Outgoing]]
"""The prepared apology (with the emergency number) for an update that failed for the last time."""
