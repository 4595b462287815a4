"""The ledger: each recipient's copy of an announcement, from the snapshot to the report. The sender works by it, the
organisers' desk and the commands read it.

A send cannot be taken back and cannot be asked about, so a row is marked before its request leaves and never tried
again unless it certainly was not sent, or a person chose so. All methods block; call them in worker threads. Times are
aware UTC and come from the caller. An `epoch` is what `take_lead` gave: without the lead nothing is started or claimed.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType

from sqlalchemy import ColumnElement, exists, func, select

from bot.broadcast.broadcast import Broadcast, Claim, Recipient, Settled
from bot.broadcast.states import Act, BroadcastState, DeliveryState, Event, NotAllowed
from bot.storage import audience, deliveries, lease
from bot.storage.announcements import Announcements, Deed, change, check_approval, read_to_change
from bot.storage.database import take_as_long_as_needed
from bot.storage.schema import contact, delivery

_NOWHERE: Mapping[str | None, datetime] = MappingProxyType({})


class Ledger(Announcements):
    """Announcements and their deliveries on one channel. `Store.ledger` makes it."""

    def take_lead(self, holder: str, now: datetime, *, silent_for: timedelta | None = None) -> int:
        """Become the one who sends; returns the new epoch. What an earlier epoch left in hand becomes uncertain.

        With `silent_for`, raises NotAllowed while another holder has renewed its lead within that time.
        """
        with self._database.writing() as connection:
            epoch = lease.take(connection, holder, now, silent_for)
            deliveries.lose_track(connection, epoch)
            return epoch

    def keep_lead(self, epoch: int, now: datetime) -> bool:
        """Say that this sender lives; False once another one leads."""
        with self._database.writing() as connection:
            return lease.keep(connection, epoch, now)

    def is_lead(self, epoch: int) -> bool:
        with self._database.reading() as connection:
            return lease.holds(connection, epoch)

    def start(self, id: int, epoch: int, now: datetime, *, only: Collection[str] | None = None) -> int:
        """Begin sending: take the snapshot of all readers, one row each; returns how many.

        A rehearsal goes `only` to these addresses, whatever their role, region or language; so does nothing else.
        Raises NotAllowed where it is not approved as it stands or its time has not come, LeadLost, UsageError.
        """
        with self._database.writing() as connection:
            take_as_long_as_needed(connection)
            lease.expect(connection, epoch)
            before = read_to_change(connection, id)
            begun = {"started_at": now, "paused_because": None}
            change(connection, before, Act.START, Deed(None, now), begun)
            check_approval(before)
            if not before.may_start(now):
                raise NotAllowed("This announcement's time has not come yet.")
            if before.rehearsal != (only is not None):
                raise NotAllowed("A rehearsal, and nothing else, goes to chats that are named.")
            whom = self._readers(before, now)
            if only is not None:
                whom &= audience.only_to(only)
            return deliveries.snapshot(connection, id, whom, now)

    def claim(
        self,
        id: int,
        epoch: int,
        limit: int,
        now: datetime,
        *,
        quiet: Mapping[str | None, datetime] = _NOWHERE,
    ) -> Sequence[Claim]:
        """Take up to `limit` deliveries that are due, committed as "sending" before this returns.

        Who is no longer a reader is skipped. `quiet` gives, for each region whose night it is (None: no region is
        known), when its morning comes; readers there wait until then. May return nothing although some are due, where
        many were skipped or sleep: `next_due` tells. Nothing is claimed unless the announcement is being sent. Raises
        LeadLost and UsageError.
        """
        with self._database.writing() as connection:
            lease.expect(connection, epoch)
            current = read_to_change(connection, id)
            if current.state is not BroadcastState.SENDING:
                return []
            whom = self._readers(current, now)
            return deliveries.claim(connection, id, epoch, limit, now, readers=whom, quiet=quiet)

    def record(self, epoch: int, outcomes: Sequence[Settled], now: datetime) -> int:
        """Write what became of claims, in one transaction; returns how many rows changed.

        Only the claim itself (same epoch and attempt) is settled. A reader's refusal marks the contact unreachable, a
        migration gives it its new address. Outcomes of an epoch that is over are evidence where they arrived, and
        dropped otherwise. Raises NotAllowed for an event that does not settle a claim.
        """
        with self._database.writing() as connection:
            return deliveries.record(connection, epoch, outcomes, now)

    def release(self, epoch: int, claims: Sequence[Claim], now: datetime) -> int:
        """Give claims back that were not posted: they are queued again, at once. Returns how many rows changed."""
        return self.record(epoch, [Settled(one.delivery_id, one.attempt, Event.RELEASED) for one in claims], now)

    def evidence(self, address: str, message_id: str, now: datetime, *, id: int | None = None) -> bool:
        """An announcement's message was seen in a chat (a button of it pressed, a reply to it).

        Settles the reader's one uncertain delivery (of announcement `id`, where that is known) as sent; False where
        there is none, where several could be meant, or where the message is known already.
        """
        reader = (contact.c.channel == self._channel) & (contact.c.address == address)
        with self._database.writing() as connection:
            return deliveries.arrived(connection, reader, message_id, id, now)

    def cancel(self, id: int) -> int:
        """Cancel what is queued or waits; returns how many. `act` with CANCEL does this, too."""
        return self._close(Event.CANCEL, id)

    def expire(self, id: int) -> int:
        """What is queued or waits is too late to be sent; returns how many."""
        return self._close(Event.EXPIRE, id)

    def retry_failed(self, id: int, by: int, now: datetime) -> int:
        """Queue all that failed for good once more; returns how many. Raises NotAllowed and UsageError."""
        return self._again(id, DeliveryState.FAILED, "retry_failed", Deed(by, now))

    def send_again(self, id: int, delivery_ids: Collection[int], by: int, now: datetime) -> int:
        """A person wants these uncertain or failed deliveries sent once more, knowing that some may arrive twice.

        Returns how many are queued; a finished announcement is being sent again then. Raises NotAllowed, UsageError.
        """
        return self._again(id, delivery_ids, Act.SEND_AGAIN.value, Deed(by, now))

    def tally(self, id: int) -> Mapping[DeliveryState, int]:
        """How many deliveries are in each state; every state is there."""
        with self._database.reading() as connection:
            return deliveries.tally(connection, id)

    def recipients(self, id: int) -> Iterator[Recipient]:
        """Every delivery, in the order of their numbers; read in pages, so states may be of different moments."""
        with self._database.reading() as connection:
            first, last = deliveries.span(connection, id)
        after = first - 1
        while after < last:
            with self._database.reading() as connection:
                lines = deliveries.page(connection, id, after, last)
            yield from lines
            after = lines[-1].delivery_id

    def open_count(self, id: int) -> int:
        """Deliveries that are queued, wait or are being sent."""
        with self._database.reading() as connection:
            counted = select(func.count()).select_from(delivery).where(deliveries.open_ones(id))
            return int(connection.scalar(counted) or 0)

    def next_due(self, id: int) -> datetime | None:
        """When the first delivery that is queued or waits is due; None when there is none."""
        with self._database.reading() as connection:
            return deliveries.next_due(connection, id)

    def finish_if_done(self, id: int, epoch: int, now: datetime) -> bool:
        """Finish an announcement that is being sent once no delivery is open. Raises LeadLost and UsageError."""
        with self._database.writing() as connection:
            lease.expect(connection, epoch)
            before = read_to_change(connection, id)
            still_open = connection.scalar(select(exists().where(deliveries.open_ones(id))))
            if before.state is not BroadcastState.SENDING or still_open:
                return False
            change(connection, before, Act.FINISH, Deed(None, now), {"finished_at": now})
            return True

    def _readers(self, current: Broadcast, now: datetime) -> ColumnElement[bool]:
        rule = audience.willing if current.rehearsal else audience.readers
        return rule(current.announcement.audience, self._channel, now)

    def _close(self, event: Event, id: int) -> int:
        with self._database.writing() as connection:
            take_as_long_as_needed(connection)
            return connection.execute(deliveries.move(event, deliveries.open_ones(id))).rowcount

    def _again(self, id: int, which: Collection[int] | DeliveryState, what: str, deed: Deed) -> int:
        with self._database.writing() as connection:
            before = read_to_change(connection, id)
            queued = deliveries.send_again(connection, id, deed.now, which)
            if queued:
                opened = {"finished_at": None}
                change(connection, before, Act.SEND_AGAIN, deed, opened, what=what, number=queued)
            return queued
