"""Through which states a broadcast and each of its deliveries go, as two tables. Every change asks them first.

A send cannot be taken back and Telegram has no idempotency key, so a delivery that may have arrived is never tried
again by itself: it is uncertain, and listed, until evidence or a person decides.
"""

from collections.abc import Mapping
from enum import StrEnum

from bot.errors import BotError


class NotAllowed(BotError):
    """A change that the state does not allow. The message is one sentence for whoever asked."""


class BroadcastState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    """Waits for a second person."""
    APPROVED = "approved"
    """Exactly this text, audience and time may go out."""
    SCHEDULED = "scheduled"
    """Goes out by itself when its time has come."""
    SENDING = "sending"
    PAUSED = "paused"
    CORRECTING = "correcting"
    """What was delivered is being edited."""
    RECALLING = "recalling"
    """What was delivered is being deleted."""
    FINISHED = "finished"
    CANCELLED = "cancelled"


class Act(StrEnum):
    """What somebody, or the sender, does to a broadcast."""

    EDIT = "edit"
    SUBMIT = "submit"
    REJECT = "reject"
    APPROVE = "approve"
    SCHEDULE = "schedule"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    FINISH = "finish"
    CORRECT = "correct"
    RECALL = "recall"
    SEND_AGAIN = "send_again"
    """A person wants what failed or is uncertain sent once more."""


S = BroadcastState
BROADCAST: Mapping[Act, Mapping[BroadcastState, BroadcastState]] = {
    # An edit voids whatever was approved.
    Act.EDIT: dict.fromkeys((S.DRAFT, S.SUBMITTED, S.APPROVED, S.SCHEDULED), S.DRAFT),
    Act.SUBMIT: {S.DRAFT: S.SUBMITTED},
    Act.REJECT: {S.SUBMITTED: S.DRAFT},
    Act.APPROVE: {S.SUBMITTED: S.APPROVED},
    Act.SCHEDULE: {S.APPROVED: S.SCHEDULED},
    Act.START: {S.APPROVED: S.SENDING, S.SCHEDULED: S.SENDING},
    Act.PAUSE: {S.SENDING: S.PAUSED},
    Act.RESUME: {S.PAUSED: S.SENDING},
    Act.CANCEL: dict.fromkeys((S.DRAFT, S.SUBMITTED, S.APPROVED, S.SCHEDULED, S.SENDING, S.PAUSED), S.CANCELLED),
    Act.FINISH: dict.fromkeys((S.SENDING, S.CORRECTING, S.RECALLING), S.FINISHED),
    Act.CORRECT: dict.fromkeys((S.FINISHED, S.CANCELLED), S.CORRECTING),
    Act.RECALL: dict.fromkeys((S.FINISHED, S.CANCELLED), S.RECALLING),
    # What is finished is opened anew for the deliveries that a person chose, and finishes again.
    Act.SEND_AGAIN: {S.FINISHED: S.SENDING, S.SENDING: S.SENDING, S.PAUSED: S.PAUSED},
}
del S

TELLS: Mapping[BroadcastState, str] = {
    BroadcastState.DRAFT: "is still a draft",
    BroadcastState.SUBMITTED: "waits for approval",
    BroadcastState.APPROVED: "is approved",
    BroadcastState.SCHEDULED: "is scheduled",
    BroadcastState.SENDING: "is being sent",
    BroadcastState.PAUSED: "is paused",
    BroadcastState.CORRECTING: "is being corrected",
    BroadcastState.RECALLING: "is being recalled",
    BroadcastState.FINISHED: "is finished",
    BroadcastState.CANCELLED: "was cancelled",
}


def after(state: BroadcastState, act: Act) -> BroadcastState:
    """The state that an act leads to. Raises NotAllowed with the reason."""
    following = BROADCAST[act].get(state)
    if following is None:
        raise NotAllowed(f"This announcement {TELLS[state]}: it cannot be changed by “{act}” now.")
    return following


class DeliveryState(StrEnum):
    """One recipient's copy. "Finished" is derived: no delivery is queued, waiting or sending."""

    QUEUED = "queued"
    SENDING = "sending"
    """Claimed, and committed as such, before the request leaves."""
    RETRY_WAIT = "retry_wait"
    """Certainly not sent; tried again when due."""
    SENT = "sent"
    UNCERTAIN = "uncertain"
    """May have arrived: never tried again unless a person chooses it."""
    BLOCKED = "blocked"
    FAILED = "failed"
    SKIPPED = "skipped"
    """Opted out, erased or no longer in the audience before their turn came."""
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Event(StrEnum):
    """What happens to a delivery."""

    CLAIMED = "claimed"
    RELEASED = "released"
    """Claimed and not posted: a drain gives it back."""
    ARRIVED = "arrived"
    NOT_SENT = "not_sent"
    REFUSED_BY_READER = "refused_by_reader"
    REFUSED = "refused"
    LOST_TRACK = "lost_track"
    """No readable answer, or the process that claimed it died."""
    DUE = "due"
    EVIDENCE = "evidence"
    """A button of it was pressed, or it was replied to."""
    SEND_AGAIN = "send_again"
    """An organiser chose so, knowing that it may double."""
    LEFT = "left"
    CANCEL = "cancel"
    EXPIRE = "expire"


D = DeliveryState
DELIVERY: Mapping[Event, Mapping[DeliveryState, DeliveryState]] = {
    Event.CLAIMED: {D.QUEUED: D.SENDING},
    Event.RELEASED: {D.SENDING: D.QUEUED},
    Event.ARRIVED: {D.SENDING: D.SENT},
    Event.NOT_SENT: {D.SENDING: D.RETRY_WAIT},
    Event.REFUSED_BY_READER: {D.SENDING: D.BLOCKED},
    Event.REFUSED: {D.SENDING: D.FAILED},
    Event.LOST_TRACK: {D.SENDING: D.UNCERTAIN},
    Event.DUE: {D.RETRY_WAIT: D.QUEUED},
    Event.EVIDENCE: {D.UNCERTAIN: D.SENT},
    Event.SEND_AGAIN: {D.UNCERTAIN: D.QUEUED, D.FAILED: D.QUEUED},
    Event.LEFT: {D.QUEUED: D.SKIPPED, D.RETRY_WAIT: D.SKIPPED},
    Event.CANCEL: {D.QUEUED: D.CANCELLED, D.RETRY_WAIT: D.CANCELLED},
    Event.EXPIRE: {D.QUEUED: D.EXPIRED, D.RETRY_WAIT: D.EXPIRED},
}
OPEN = frozenset({D.QUEUED, D.RETRY_WAIT, D.SENDING})
"""States of deliveries that are not settled yet."""
del D


def following(state: DeliveryState, event: Event) -> DeliveryState:
    """The state that an event leads to. Raises NotAllowed."""
    settled = DELIVERY[event].get(state)
    if settled is None:
        raise NotAllowed(f"A delivery that is {state.value} cannot become anything by “{event}”.")
    return settled
