"""What an organiser can order, as values of a small union: `ordering` carries them out, nothing else does.

An order names the announcement and the version that was shown, so that an old, forged or repeated press changes
nothing that its maker has not seen.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.broadcast.announcement import Announcement, Content, Kind
from bot.broadcast.states import Act

HASH_SHOWN = 16
"""How many digits of an announcement's hash a button bears."""


class Dimension(StrEnum):
    """By what an audience is chosen."""

    ROLE = "role"
    REGION = "region"
    LANGUAGE = "language"
    KIND = "kind"
    TONE = "tone"
    """Whether it is cheerful: then not for readers who asked for nothing cheerful."""

    @property
    def field(self) -> str:
        """The set of `Audience` that it fills; kind and tone fill none."""
        return f"{self.value}s"


class View(StrEnum):
    """What is shown once an order was carried out."""

    HOME = "home"
    """Of no announcement."""
    CARD = "card"
    AUDIENCE = "audience"
    WHEN = "when"
    PREVIEW = "preview"
    TEAM = "team"
    """Sent to all organisers, to see."""
    DROP = "drop"
    """Whether it shall really be stopped for good."""
    UNCERTAIN = "uncertain"
    ASK_MESSAGE = "ask-message"
    ASK_NOTE = "ask-note"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Look:
    """Change nothing."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A new draft."""

    announcement: Announcement


@dataclass(frozen=True, slots=True)
class Compose:
    """Another content for a draft."""

    content: Content

    def of(self, announcement: Announcement) -> Announcement:
        return replace(announcement, content=self.content)


@dataclass(frozen=True, slots=True)
class Extend:
    """One more part of an album; the first caption stays."""

    content: Content

    def of(self, announcement: Announcement) -> Announcement:
        before = announcement.content
        words = before if before.text else self.content
        media = (*before.media, *self.content.media)
        return replace(announcement, content=replace(words, media=media))


@dataclass(frozen=True, slots=True)
class ChangeAudience:
    """One choice on or off; without an option everybody again."""

    dimension: Dimension
    option: str | None
    wanted: bool

    def of(self, announcement: Announcement) -> Announcement:
        if self.dimension is Dimension.KIND:
            return announcement.to(kind=Kind(self.option or Kind.WEEK))
        if self.dimension is Dimension.TONE:
            return announcement.to(celebratory=self.wanted and self.option is not None)
        chosen: frozenset[str] = getattr(announcement.audience, self.dimension.field)
        if self.option is None:
            chosen = frozenset()
        else:
            chosen = chosen | {self.option} if self.wanted else chosen - {self.option}
        return announcement.to(**{self.dimension.field: chosen})


@dataclass(frozen=True, slots=True)
class ChangeTime:
    """When it starts, aware UTC; None: as soon as it is approved."""

    starts_at: datetime | None
    zone: str

    def of(self, announcement: Announcement) -> Announcement:
        return replace(announcement, starts_at=self.starts_at, zone=self.zone)


@dataclass(frozen=True, slots=True)
class Lead:
    """Submit, schedule, pause, resume or cancel."""

    act: Act


@dataclass(frozen=True, slots=True)
class Approve:
    """Approve what was seen, and let it go out at its time."""

    hash: str
    """The beginning of the announcement's hash, as the card bore it."""


@dataclass(frozen=True, slots=True)
class Return:
    """Back to draft; `note` goes to its author and is not kept."""

    note: str = ""


@dataclass(frozen=True, slots=True)
class Retry:
    """Send what failed once more."""


@dataclass(frozen=True, slots=True)
class SendAgain:
    """Send what is uncertain once more, knowing that some may arrive twice."""


Change = Compose | Extend | ChangeAudience | ChangeTime
Deed = Look | Draft | Change | Lead | Approve | Return | Retry | SendAgain


@dataclass(frozen=True, slots=True)
class Order:
    deed: Deed = Look()
    id: int = 0
    """The announcement's number; 0: none, or one that is made now."""
    version: int | None = None
    """The version that was shown; None: whatever it is."""
    view: View = View.CARD
    dimension: Dimension = Dimension.ROLE
    """Which choice the audience is shown by."""
    edits: str | None = None
    """The card to change in place."""
