"""What the ledger gives and takes: an announcement with its history, a count of readers, claims and their outcomes.

Pure values. `storage` makes and keeps them, `delivery` sends by them, the organisers' desk shows them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.broadcast.announcement import Announcement
from bot.broadcast.states import BroadcastState, DeliveryState, Event

REQUEST_HOLDS_FOR = timedelta(days=1)
"""A request for approval lapses after this; an approval holds until its send time."""


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One announcement and what has become of it. People are numeric ids of organisers, None once they are erased;
    times are aware UTC.
    """

    id: int
    state: BroadcastState
    announcement: Announcement
    composed_by: int | None
    submitted_by: int | None = None
    submitted_at: datetime | None = None
    approved_by: int | None = None
    approved_hash: str | None = None
    approved_at: datetime | None = None
    undo_until: datetime | None = None
    """Nothing is sent before this, so that a lone organiser can still cancel."""
    counted: int | None = None
    """Readers that whoever asked for or gave approval was shown."""
    started_at: datetime | None = None
    finished_at: datetime | None = None
    """When it finished or was cancelled."""
    paused_because: str | None = None
    rehearsal: bool = False
    """Goes only to chats that are named when it starts, never to the public."""
    version: int = 1

    @property
    def is_approved(self) -> bool:
        """Whether exactly this text, audience and time were approved."""
        return self.approved_hash == self.announcement.hash

    def lapsed(self, now: datetime) -> bool:
        """Whether the request for approval is too old to be approved."""
        return self.submitted_at is not None and now - self.submitted_at > REQUEST_HOLDS_FOR

    def may_start(self, now: datetime) -> bool:
        """Whether its time has come and nobody can take it back any more."""
        return all(at is None or at <= now for at in (self.announcement.starts_at, self.undo_until))


@dataclass(frozen=True, slots=True)
class Counted:
    """How many readers an audience has, and everybody else under the first reason that applies, in this order."""

    total: int = 0
    opted_out: int = 0
    unreachable: int = 0
    not_opted_in: int = 0
    """Agreed to no kind of announcement."""
    other_kind: int = 0
    """Agreed to other kinds only."""
    paused: int = 0
    """Wants nothing before a day of their own choosing."""
    no_celebration: int = 0
    """Wants nothing cheerful, and this is."""
    other_role: int = 0
    other_region: int = 0
    other_language: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """One delivery that this sender, and nobody else, may attempt now. It is marked as being sent already."""

    delivery_id: int
    contact_id: int
    address: str = field(repr=False)
    language: str | None
    roles: Sequence[str]
    attempt: int
    """Which claim of this delivery it is, from 1; together with the epoch it names the claim."""
    unspent: int = 0
    """Earlier claims that do not count as a try: given back, or Telegram asked for patience."""

    @property
    def tries(self) -> int:
        """Which try this is, from 1."""
        return self.attempt - self.unspent


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a claim. `event` is one that leaves the state "sending"."""

    delivery_id: int
    attempt: int
    event: Event
    message_ids: tuple[str, ...] = ()
    error: str | None = None
    """The channel's reason, without token, address or text."""
    retry_at: datetime | None = None
    """When to try again, aware UTC; None: at once."""
    migrated_to: str | None = field(default=None, repr=False)
    """The chat's new address."""
    spent: bool = True
    """False where the attempt does not count as a try, as after a 429."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """One line of a report."""

    delivery_id: int
    chat_id: str | None = field(repr=False)
    """None once the contact is erased."""
    state: DeliveryState
    attempts: int
    error: str | None
