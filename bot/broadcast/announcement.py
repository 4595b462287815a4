"""What is announced, to whom and when: the things that a second person approves, bound together by one hash."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

TEXT_UNITS = 4096
CAPTION_UNITS = 1024
"""Telegram's limits, in UTF-16 units."""
LARGEST_FILE_BYTES = 50 * 1024 * 1024
"""Telegram's limit for a file that a bot uploads."""
MOST_IN_ALBUM = 10


class Kind(StrEnum):
    """Kinds of announcement; a reader agrees to each on its own. Also the names of their consents."""

    WEEK = "announcements"
    EVENTS = "announcements-events"
    ROLE = "announcements-role"
    """Reminders of what somebody in the reader's role can do."""


class MediaKind(StrEnum):
    PHOTO = "photo"
    DOCUMENT = "document"
    VIDEO = "video"
    VOICE = "voice"
    ANIMATION = "animation"
    AUDIO = "audio"


@dataclass(frozen=True, slots=True)
class Medium:
    """One file: Telegram's own id of it, or the name of a file that the command line was given."""

    kind: MediaKind
    file_id: str | None = None
    file: str | None = None
    digest: str | None = None
    """SHA-256 of `file`, so that an approval covers what is in it."""


@dataclass(frozen=True, slots=True)
class Poll:
    question: str
    options: tuple[str, ...]
    anonymous: bool = True
    several: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """The organiser's own message. `entities` are Telegram's (UTF-16 offsets); with media, `text` is the caption."""

    text: str = ""
    entities: tuple[Mapping[str, Any], ...] = ()
    media: tuple[Medium, ...] = ()
    poll: Poll | None = None
    buttons: tuple[tuple[str, str], ...] = ()
    """Link buttons under the message: label and https address. Stop always stands below them."""

    @property
    def units(self) -> int:
        """Length as Telegram counts it."""
        return len(self.text.encode("utf-16-le")) // 2

    @property
    def is_album(self) -> bool:
        return len(self.media) > 1


@dataclass(frozen=True, slots=True)
class Audience:
    """A rule over what readers agreed to have remembered, never over what they asked. An empty set means: any."""

    kind: Kind = Kind.WEEK
    roles: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    celebratory: bool = False
    """Cheerful: not for readers who asked for no celebration."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """Everything that an approval covers."""

    content: Content = field(default_factory=Content)
    audience: Audience = field(default_factory=Audience)
    starts_at: datetime | None = None
    """Aware UTC; None: as soon as it is approved."""
    zone: str = "Europe/London"
    """IANA name of the zone in which the organiser gave the time."""

    @property
    def hash(self) -> str:
        """SHA-256 over all of it: whoever approves, approves exactly this."""
        plain = asdict(self) | {"audience": audience_values(self.audience)}
        plain["starts_at"] = self.starts_at.isoformat() if self.starts_at else None
        packed = json.dumps(plain, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
        return hashlib.sha256(packed.encode()).hexdigest()

    def to(self, **changes: Any) -> "Announcement":
        """The same with another audience rule."""
        return replace(self, audience=replace(self.audience, **changes))


def audience_values(audience: Audience) -> dict[str, Any]:
    """Plain and always in the same order, for the database and the hash."""
    return {
        "kind": audience.kind.value,
        "roles": sorted(audience.roles),
        "regions": sorted(audience.regions),
        "languages": sorted(audience.languages),
        "celebratory": audience.celebratory,
    }


def audience_of(values: Mapping[str, Any]) -> Audience:
    """Raises ValueError for a kind that is none."""
    sets = {name: frozenset(values.get(name, ())) for name in ("roles", "regions", "languages")}
    return Audience(Kind(values["kind"]), **sets, celebratory=values.get("celebratory", False))


def content_values(content: Content) -> dict[str, Any]:
    """Plain values for JSON."""
    return asdict(content)


def content_of(values: Mapping[str, Any]) -> Content:
    """The content that `content_values` wrote down."""
    poll = values.get("poll")
    return Content(
        text=values["text"],
        entities=tuple(values["entities"]),
        media=tuple(Medium(**{**one, "kind": MediaKind(one["kind"])}) for one in values["media"]),
        poll=Poll(**{**poll, "options": tuple(poll["options"])}) if poll else None,
        buttons=tuple((label, address) for label, address in values["buttons"]),
    )
