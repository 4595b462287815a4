"""Carries out what organisers order at their desk, and lays on it how things stand then. Called by `service`, worded by
`conversation/desk`. Rights are looked up here each time: whoever has lost one cannot use an old button.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from bot.broadcast.broadcast import Broadcast, Counted
from bot.broadcast.states import BROADCAST, Act, BroadcastState, DeliveryState, NotAllowed
from bot.conversation.desk.allowing import not_theirs, objection, outdated, reached
from bot.conversation.desk.model import Desk, InHand, Right
from bot.conversation.desk.orders import (
    Approve,
    ChangeAudience,
    ChangeTime,
    Compose,
    Deed,
    Draft,
    Extend,
    Lead,
    Look,
    Order,
    Retry,
    Return,
    SendAgain,
)
from bot.errors import UsageError
from bot.knowledge.desk_phrases import DeskPhrase
from bot.messaging import ChatKind, Sender
from bot.storage import Ledger

UNDO_FOR = timedelta(seconds=30)
"""How long an approval can be taken back before anything goes out."""
ALONE_WAITS = timedelta(minutes=10)
"""The same where there is one organiser only: it stands in for the second person."""
OPEN = frozenset(BroadcastState) - {BroadcastState.FINISHED, BroadcastState.CANCELLED}
MOST_OVER = 5
MOST_UNCERTAIN = 20


class _Refused(Exception):
    """Why not, as the name of a sentence."""

    def __init__(self, phrase: DeskPhrase) -> None:
        super().__init__(phrase.value)
        self.phrase = phrase


class Ordering:
    """`organisers` are numeric user ids and what each may do."""

    def __init__(self, ledger: Ledger, organisers: Mapping[int, frozenset[Right]]) -> None:
        self._ledger = ledger
        self._organisers = organisers

    def desk(self, sender: Sender) -> Desk | None:
        """The desk of whoever writes; None unless an organiser does, in their private chat."""
        person = sender.person or ""
        if sender.chat is not ChatKind.PRIVATE or person != sender.address or not person.isdecimal():
            return None
        desk = self._desk(int(person))
        sending = tuple(one.id for one in self._ledger.list({BroadcastState.SENDING})) if desk else ()
        return replace(desk, going_out=sending) if desk else None

    def carry_out(self, desk: Desk, order: Order, now: datetime, *, only_look: bool = False) -> Desk:
        """The same desk with the announcement of the order on it; a refusal says why. `only_look` changes nothing.

        Raises VersionConflict and StorageUnavailable.
        """
        seated, id = self._desk(desk.organiser), order.id
        refused: str | DeskPhrase | None = None
        if seated is None:
            return Desk(desk.organiser, frozenset(), refused=DeskPhrase.NOT_YOURS)
        try:
            if not only_look:
                id = self._do(seated, order, now)
        except _Refused as refusal:
            refused = refusal.phrase
        except (NotAllowed, UsageError) as error:
            refused = str(error)
        return self._laid(seated, id, refused, now)

    def _desk(self, organiser: int) -> Desk | None:
        rights = self._organisers.get(organiser)
        if not rights:
            return None
        others = {id: theirs for id, theirs in sorted(self._organisers.items()) if id != organiser and theirs}
        approvers = tuple(id for id, theirs in others.items() if Right.APPROVE in theirs)
        return Desk(organiser, rights, approvers, tuple(others))

    def _do(self, desk: Desk, order: Order, now: datetime) -> int:
        deed = order.deed
        _unless(not_theirs(desk, deed))
        if isinstance(deed, Draft):
            return self._ledger.create(deed.announcement, desk.organiser, now)
        if isinstance(deed, Look) and not order.version:
            return order.id
        before = self._ledger.get(order.id)
        if not reached(deed, before):
            _unless(outdated(order, before))
            readers = self._ledger.count(before.announcement.audience, now).total
            _unless(objection(desk, deed, before, readers, now))
            self._apply(desk, deed, before, None if before.rehearsal else readers, now)
        return order.id

    def _apply(self, desk: Desk, deed: Deed, before: Broadcast, readers: int | None, now: datetime) -> None:
        ledger, id, by = self._ledger, before.id, desk.organiser
        match deed:
            case Compose() | Extend() | ChangeAudience() | ChangeTime():
                ledger.edit(id, deed.of(before.announcement), by, now, version=before.version)
            case Lead(act=Act.SUBMIT):
                ledger.act(id, Act.SUBMIT, by, now, counted=readers, version=before.version)
            case Lead(act=act):
                ledger.act(id, act, by, now)
            case Approve():
                exactly, until = before.announcement.hash, now + (ALONE_WAITS if desk.alone else UNDO_FOR)
                ledger.act(id, Act.APPROVE, by, now, hash=exactly, counted=readers, undo_until=until, alone=desk.alone)
                ledger.act(id, Act.SCHEDULE, by, now)
            case Return() if before.state in BROADCAST[Act.REJECT]:
                ledger.act(id, Act.REJECT, by, now)
            case Return():
                ledger.edit(id, before.announcement, by, now, version=before.version)
            case Retry():
                ledger.retry_failed(id, by, now)
            case SendAgain():
                ledger.send_again(id, self._uncertain(id, None), by, now)

    def _laid(self, desk: Desk, id: int, refused: str | DeskPhrase | None, now: datetime) -> Desk:
        under_way = tuple(self._ledger.list(OPEN))
        over = tuple(self._ledger.list({BroadcastState.FINISHED, BroadcastState.CANCELLED}))[-MOST_OVER:]
        in_hand = None
        if id:
            try:
                in_hand = self._in_hand(self._ledger.get(id), now)
            except UsageError as error:
                refused = refused or str(error)
        return replace(desk, in_hand=in_hand, open=under_way, over=over, refused=refused)

    def _in_hand(self, broadcast: Broadcast, now: datetime) -> InHand:
        if broadcast.started_at is None:
            return InHand(broadcast, self._ledger.count(broadcast.announcement.audience, now))
        tally = self._ledger.tally(broadcast.id)
        uncertain = tuple(self._uncertain(broadcast.id, MOST_UNCERTAIN)) if tally[DeliveryState.UNCERTAIN] else ()
        return InHand(broadcast, Counted(), tally, uncertain)

    def _uncertain(self, id: int, most: int | None) -> list[int]:
        found = (one.delivery_id for one in self._ledger.recipients(id) if one.state is DeliveryState.UNCERTAIN)
        return list(islice(found, most))


def _unless(reason: DeskPhrase | None) -> None:
    if reason is not None:
        raise _Refused(reason)
