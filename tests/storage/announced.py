"""Readers and announcements as the tests of the ledger know them."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.broadcast.announcement import Announcement, Audience, Content, Kind
from bot.broadcast.broadcast import Claim, Settled
from bot.broadcast.states import Act, DeliveryState, Event
from bot.messaging import Contact
from bot.storage import Ledger, Store
from tests.storage.chats import CHANNEL, NOW

AUTHOR, SECOND = 501, 502
"""Numeric ids of two organisers."""
HELLO = Announcement(Content("Good morning"))
LATER = NOW + timedelta(minutes=5)


def reader(store: Store, address: str, *kinds: Kind, channel: str = CHANNEL, **known: Any) -> None:
    consents = tuple((kind.value, NOW) for kind in kinds or (Kind.WEEK,))
    with store.turn(channel, address, NOW) as turn:
        turn.save(contact=Contact(channel, address, **{"consents": consents} | known))


def addresses(count: int) -> list[str]:
    return [f"77009{number:05}" for number in range(count)]


def readers(store: Store, count: int) -> list[str]:
    made = addresses(count)
    for address in made:
        reader(store, address)
    return made


def approved(
    ledger: Ledger, announcement: Announcement = HELLO, *, rehearsal: bool = False, now: datetime = NOW
) -> int:
    id = ledger.create(announcement, AUTHOR, now, rehearsal=rehearsal)
    ledger.act(id, Act.SUBMIT, AUTHOR, now)
    ledger.act(id, Act.APPROVE, SECOND, now, hash=ledger.get(id).announcement.hash)
    return id


def started(store: Store, count: int, audience: Audience = HELLO.audience) -> tuple[Ledger, int, int]:
    """A ledger, an announcement that is being sent to so many readers, and the epoch."""
    readers(store, count)
    ledger = store.ledger(CHANNEL)
    epoch = ledger.take_lead("first", NOW)
    id = approved(ledger, Announcement(HELLO.content, audience))
    ledger.start(id, epoch, NOW)
    return ledger, id, epoch


def settled(claims: Iterable[Claim], event: Event, **what: Any) -> list[Settled]:
    return [Settled(claim.delivery_id, claim.attempt, event, **what) for claim in claims]


def states(ledger: Ledger, id: int) -> dict[str, int]:
    """The tally without zeros."""
    return {state.value: number for state, number in ledger.tally(id).items() if number}


def lines(ledger: Ledger, id: int) -> Sequence[tuple[str | None, DeliveryState, int, str | None]]:
    return [(one.chat_id, one.state, one.attempts, one.error) for one in ledger.recipients(id)]
