"""The organisers' desk: who may do what to an announcement, and what is refused before anything is sent.

The commands work through it. Times are aware UTC; organisers are numeric user ids; every refusal is one sentence.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.broadcast.announcement import CAPTION_UNITS, MOST_IN_ALBUM, TEXT_UNITS, Announcement, Content
from bot.broadcast.broadcast import Broadcast, Counted
from bot.broadcast.states import TELLS, Act, BroadcastState, DeliveryState, NotAllowed
from bot.errors import UsageError
from bot.storage import Ledger

SAME_WITHIN = timedelta(days=7)
"""The same words to the same readers within this time are asked about."""
ALONE_WAITS = timedelta(minutes=10)
"""Where there is one organiser only, this delay stands in for the second person."""


class Right(StrEnum):
    """What an act at the desk asks of a person, in words that end "you may not …"."""

    COMPOSE = "compose announcements"
    APPROVE = "approve announcements"
    START = "start announcements"
    RESUME = "let announcements go on"
    REPEAT = "send announcements once more"
    STOP = "stop announcements"
    SEE = "see who received an announcement"


_ANYTHING = frozenset({"compose", "approve", "manage"})
ENOUGH: Mapping[Right, frozenset[str]] = {
    Right.COMPOSE: frozenset({"compose"}),
    Right.APPROVE: frozenset({"approve"}),
    # What starts was approved exactly as it stands, so its author may carry that out.
    Right.START: frozenset({"compose", "approve"}),
    Right.RESUME: frozenset({"approve"}),
    Right.REPEAT: frozenset({"approve", "manage"}),
    Right.STOP: _ANYTHING,
    Right.SEE: _ANYTHING,
}
"""Any one of these permissions (`IMH_ORGANISERS`) gives the right."""

STOPS = frozenset({Act.PAUSE, Act.CANCEL})
_OVER = frozenset({BroadcastState.DRAFT, BroadcastState.CANCELLED})


@dataclass(frozen=True, slots=True)
class Standing:
    """An announcement and where its deliveries stand."""

    broadcast: Broadcast
    tally: Mapping[DeliveryState, int]

    def values(self) -> dict[str, object]:
        """For JSON: id, status, counts by delivery state."""
        one = self.broadcast
        times = {"starts_at": one.announcement.starts_at, "not_before": one.undo_until, "finished_at": one.finished_at}
        return {
            "id": one.id,
            "status": one.state.value,
            "counts": {state.value: number for state, number in self.tally.items()},
            "readers": one.counted,
            "rehearsal": one.rehearsal,
            **{name: at.isoformat() if at else None for name, at in times.items()},
            "paused_because": one.paused_because,
        }


class Desk:
    """`organisers` maps a user id to their permissions; `units` measures a text as it is sent, with all that stands
    below it in the same message. All methods block; they raise NotAllowed and UsageError.
    """

    def __init__(
        self,
        ledger: Ledger,
        organisers: Mapping[int, Collection[str]],
        clock: Callable[[], datetime],
        units: Callable[[Content], int],
    ) -> None:
        self.ledger = ledger
        self._organisers = organisers
        self._clock = clock
        self._units = units

    def may(self, by: int, right: Right) -> bool:
        return bool(ENOUGH[right] & set(self._organisers.get(by, ())))

    def require(self, by: int, right: Right) -> None:
        """Raises NotAllowed unless `by` has the right."""
        if not self.may(by, right):
            known = "your permissions do not cover it" if by in self._organisers else "IMH_ORGANISERS does not name you"
            raise NotAllowed(f"You ({by}) may not {right}: {known}.")

    def standing(self, id: int) -> Standing:
        return Standing(self.ledger.get(id), self.ledger.tally(id))

    def check(self, announcement: Announcement, by: int, *, rehearsal: bool = False, again: bool = False) -> None:
        """Everything that `new` refuses, before a file is uploaded. `again`: the same once more is meant."""
        self.require(by, Right.COMPOSE)
        self._fits(announcement.content)
        if not rehearsal:
            self._readers(announcement)
            if not again:
                self._is_new(announcement)

    def new(self, announcement: Announcement, by: int, *, rehearsal: bool = False) -> Standing:
        """A draft of what `check` let through."""
        self.require(by, Right.COMPOSE)
        return self.standing(self.ledger.create(announcement, by, self._clock(), rehearsal=rehearsal))

    def submit(self, id: int, by: int) -> Standing:
        self.require(by, Right.COMPOSE)
        before = self.ledger.get(id)
        counted = None if before.rehearsal else self._readers(before.announcement).total
        return self._act(id, Act.SUBMIT, by, counted=counted)

    def approve(self, id: int, by: int, seen: str | None = None) -> Standing:
        """Exactly as it stands, or as it stood when its hash was `seen`. A lone organiser's own waits ten minutes."""
        self.require(by, Right.APPROVE)
        before, now = self.ledger.get(id), self._clock()
        alone = len(self._organisers) == 1 and before.submitted_by == by
        counted = None if before.rehearsal else self._readers(before.announcement).total
        return self._act(
            id,
            Act.APPROVE,
            by,
            hash=seen or before.announcement.hash,
            counted=counted,
            undo_until=now + ALONE_WAITS if alone else None,
            alone=alone,
        )

    def reject(self, id: int, by: int) -> Standing:
        self.require(by, Right.APPROVE)
        return self._act(id, Act.REJECT, by)

    def set_time(self, id: int, by: int, starts_at: datetime | None, zone: str) -> Standing:
        """When it shall go out. An approval covers the time, so what was submitted or approved is a draft again."""
        self.require(by, Right.COMPOSE)
        before = self.ledger.get(id)
        later = replace(before.announcement, starts_at=starts_at, zone=zone)
        self.ledger.edit(id, later, by, self._clock(), version=before.version)
        return self.standing(id)

    def schedule(self, id: int, by: int) -> Standing:
        """An approved one goes out by itself when its time has come."""
        self.require(by, Right.START)
        if self.ledger.get(id).announcement.starts_at is None:
            raise NotAllowed("This announcement has no time: `broadcast send` begins it at once.")
        return self._act(id, Act.SCHEDULE, by)

    def send(self, id: int, by: int) -> Standing:
        """An approved one without a later time goes out as soon as the sender looks."""
        self.require(by, Right.START)
        starts_at = self.ledger.get(id).announcement.starts_at
        if starts_at is not None and starts_at > self._clock():
            raise NotAllowed(
                f"This announcement was approved for {starts_at:%d %B %Y, %H:%M} UTC: `broadcast schedule` keeps that."
            )
        return self._act(id, Act.SCHEDULE, by)

    def act(self, id: int, act: Act, by: int) -> Standing:
        """PAUSE, CANCEL (anyone with a permission) or RESUME (whoever approves)."""
        self.require(by, Right.STOP if act in STOPS else Right.RESUME)
        return self._act(id, act, by)

    def retry_failed(self, id: int, by: int) -> Standing:
        """Whoever was refused for good is tried once more."""
        self.require(by, Right.REPEAT)
        if not self.ledger.retry_failed(id, by, self._clock()):
            raise NotAllowed("No delivery of this announcement has failed.")
        return self.standing(id)

    def send_again(self, id: int, by: int) -> Standing:
        """All that are uncertain once more, knowing that some may arrive twice."""
        self.require(by, Right.REPEAT)
        doubted = [one.delivery_id for one in self.ledger.recipients(id) if one.state is DeliveryState.UNCERTAIN]
        if not doubted or not self.ledger.send_again(id, doubted, by, self._clock()):
            raise NotAllowed("No delivery of this announcement is uncertain.")
        return self.standing(id)

    def _act(
        self,
        id: int,
        act: Act,
        by: int,
        *,
        hash: str | None = None,
        counted: int | None = None,
        undo_until: datetime | None = None,
        alone: bool = False,
    ) -> Standing:
        self.ledger.act(id, act, by, self._clock(), hash=hash, counted=counted, undo_until=undo_until, alone=alone)
        return self.standing(id)

    def _fits(self, content: Content) -> None:
        most = CAPTION_UNITS if content.media else TEXT_UNITS
        if not content.text and not content.media and content.poll is None:
            raise UsageError("There is nothing to announce: the text is empty.")
        if len(content.media) > MOST_IN_ALBUM:
            raise UsageError(f"An album holds at most {MOST_IN_ALBUM} files; these are {len(content.media)}.")
        if (units := self._units(content)) > most:
            what = "caption, with the line that stops announcements," if content.is_album else "text"
            raise UsageError(f"The {what} has {units} characters; Telegram takes at most {most}.")

    def _readers(self, announcement: Announcement) -> Counted:
        counted = self.ledger.count(announcement.audience, self._clock())
        if not counted.total:
            raise UsageError(f"Nobody would receive this. {left_out(counted)}")
        return counted

    def _is_new(self, announcement: Announcement) -> None:
        now = self._clock()
        for other in reversed(self.ledger.list()):
            ended = other.finished_at or now
            same = (other.announcement.content.text, other.announcement.audience) == (
                announcement.content.text,
                announcement.audience,
            )
            over = other.state in _OVER and other.started_at is None
            if same and not over and not other.rehearsal and now - ended <= SAME_WITHIN:
                tells = TELLS[other.state]
                raise NotAllowed(f"Announcement {other.id} says the same to the same readers and {tells}: say --again.")


def left_out(counted: Counted) -> str:
    """Everybody who is not a reader, with the reason."""
    reasons: Iterable[tuple[int, str]] = (
        (counted.opted_out, "stopped announcements"),
        (counted.unreachable, "cannot be reached"),
        (counted.not_opted_in, "agreed to no announcements"),
        (counted.other_kind, "agreed to another kind only"),
        (counted.paused, "want none before a later day"),
        (counted.no_celebration, "want nothing cheerful"),
        (counted.other_role, "have another role"),
        (counted.other_region, "live in another region"),
        (counted.other_language, "read another language"),
    )
    said = [f"{number} {reason}" for number, reason in reasons if number]
    return f"Left out: {', '.join(said)}." if said else "Nobody is left out."
