"""What a send's result means for its delivery: one table from what is known to what happens in the ledger. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.broadcast.broadcast import Claim, Settled
from bot.broadcast.states import Event
from bot.messaging import Delivered, SendResult

FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=5)
"""Between two tries of what was certainly not sent; each pause is twice the one before."""

EVENTS: Mapping[Delivered, Event] = {
    Delivered.SENT: Event.ARRIVED,
    Delivered.UNSENT: Event.NOT_SENT,
    Delivered.BLOCKED: Event.REFUSED_BY_READER,
    Delivered.FAILED: Event.REFUSED,
    Delivered.UNCERTAIN: Event.LOST_TRACK,
}


def settled(claim: Claim, result: SendResult, now: datetime) -> Settled:
    """The outcome of a claim. What is known unsent is tried again: later each time, or when Telegram said (`now` is
    aware UTC), and then without counting as a try.
    """
    retry_at = None
    if result.outcome is Delivered.UNSENT:
        asked = result.retry_after_s
        retry_at = now + (pause(claim.tries) if asked is None else timedelta(seconds=asked))
    return Settled(
        delivery_id=claim.delivery_id,
        attempt=claim.attempt,
        event=EVENTS[result.outcome],
        message_ids=result.message_ids,
        error=result.error,
        retry_at=retry_at,
        migrated_to=result.migrated_to,
        spent=result.retry_after_s is None,
    )


def unspent(claim: Claim, error: str | None, now: datetime) -> Settled:
    """A claim that failed for a reason that has nothing to do with its reader."""
    return Settled(claim.delivery_id, claim.attempt, Event.NOT_SENT, error=error, retry_at=now, spent=False)


def released(claim: Claim) -> Settled:
    """A claim that was not posted: queued again, at once."""
    return Settled(claim.delivery_id, claim.attempt, Event.RELEASED)


def pause(tries: int) -> timedelta:
    """How long to wait after so many tries."""
    doubled: int = 2 ** min(tries - 1, 16)
    return min(LONGEST_PAUSE, FIRST_PAUSE * doubled)
