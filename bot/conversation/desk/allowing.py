"""What speaks against an order, beside what the ledger itself refuses. Asked by `ordering` at carrying out. Pure."""

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.broadcast.broadcast import Broadcast
from bot.broadcast.states import Act, BroadcastState
from bot.conversation.desk.model import Desk, Right
from bot.conversation.desk.orders import (
    HASH_SHOWN,
    Approve,
    ChangeAudience,
    Deed,
    Lead,
    Look,
    Order,
    Retry,
    Return,
    SendAgain,
)
from bot.knowledge.desk_phrases import DeskPhrase

ANY = tuple(Right)

_ACTS: Mapping[Act, tuple[Right, ...]] = {
    Act.SUBMIT: (Right.COMPOSE,),
    # What goes out was approved exactly as it stands, so its author may see to that.
    Act.SCHEDULE: (Right.COMPOSE, Right.APPROVE),
    Act.PAUSE: ANY,
    Act.RESUME: (Right.APPROVE,),
    Act.CANCEL: ANY,
}
_DEEDS: Mapping[type, tuple[Right, ...]] = {
    Look: ANY,
    Approve: (Right.APPROVE,),
    Return: ANY,
    Retry: (Right.APPROVE, Right.MANAGE),
    SendAgain: (Right.APPROVE, Right.MANAGE),
}


def needed(deed: Deed) -> tuple[Right, ...]:
    """The rights of which one is needed."""
    if isinstance(deed, Lead):
        return _ACTS.get(deed.act, ())
    return _DEEDS.get(type(deed), (Right.COMPOSE,))


def not_theirs(desk: Desk, deed: Deed) -> DeskPhrase | None:
    """Whether the organiser lacks the right."""
    return None if desk.may(*needed(deed)) else DeskPhrase.NOT_YOURS


def outdated(order: Order, before: Broadcast) -> DeskPhrase | None:
    """Whether the announcement is no longer what was shown."""
    return None if order.version in (None, before.version) else DeskPhrase.CHANGED


def reached(deed: Deed, before: Broadcast) -> bool:
    """Whether what is wanted is so already, however it came about: nothing is to be done then, or refused."""
    if isinstance(deed, ChangeAudience):
        return deed.of(before.announcement) == before.announcement
    wanted = {Act.PAUSE: BroadcastState.PAUSED, Act.CANCEL: BroadcastState.CANCELLED}
    return isinstance(deed, Lead) and wanted.get(deed.act) is before.state


def objection(desk: Desk, deed: Deed, before: Broadcast, readers: int, now: datetime) -> DeskPhrase | None:
    """Why not now, for an order of somebody with the right on what they have seen."""
    for asks, says in _OBJECTIONS:
        if asks(desk, deed, before, readers, now):
            return says
    return None


def _untimely(_desk: Desk, deed: Deed, before: Broadcast, _readers: int, now: datetime) -> bool:
    starts_at = before.announcement.starts_at
    return _sends(deed) and starts_at is not None and starts_at < now


def _empty(_desk: Desk, deed: Deed, before: Broadcast, _readers: int, _now: datetime) -> bool:
    content = before.announcement.content
    return _sends(deed) and not (content.text.strip() or content.media or content.poll)


def _nobody(_desk: Desk, deed: Deed, before: Broadcast, readers: int, _now: datetime) -> bool:
    return _sends(deed) and readers == 0 and not before.rehearsal


def _own(desk: Desk, deed: Deed, before: Broadcast, _readers: int, _now: datetime) -> bool:
    return isinstance(deed, Approve) and not desk.alone and before.submitted_by == desk.organiser


def _other_hash(_desk: Desk, deed: Deed, before: Broadcast, _readers: int, _now: datetime) -> bool:
    return isinstance(deed, Approve) and before.announcement.hash[:HASH_SHOWN] != deed.hash


def _someone_elses(desk: Desk, deed: Deed, before: Broadcast, _readers: int, _now: datetime) -> bool:
    """A draft that somebody else is at work on."""
    theirs = before.composed_by not in (None, desk.organiser)
    throws_away = isinstance(deed, Lead) and deed.act is Act.CANCEL and before.state is BroadcastState.DRAFT
    return throws_away and theirs and not desk.may(Right.MANAGE)


def _sends(deed: Deed) -> bool:
    return isinstance(deed, Approve) or (isinstance(deed, Lead) and deed.act is Act.SUBMIT)


_OBJECTIONS: tuple[tuple[Callable[[Desk, Deed, Broadcast, int, datetime], bool], DeskPhrase], ...] = (
    (_other_hash, DeskPhrase.CHANGED),
    (_own, DeskPhrase.SECOND_PERSON),
    (_someone_elses, DeskPhrase.NOT_YOURS),
    (_empty, DeskPhrase.EMPTY),
    (_untimely, DeskPhrase.TIME_PASSED),
    (_nobody, DeskPhrase.NOBODY),
)
