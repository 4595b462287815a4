"""Whatever happens in whatever order: no row appears or vanishes, and what is final stays final."""

import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.broadcast.broadcast import Claim, Settled
from bot.broadcast.states import OPEN, Act, BroadcastState, DeliveryState, Event, NotAllowed
from bot.storage import open_store
from tests.storage.announced import AUTHOR, addresses, approved, readers
from tests.storage.chats import CHANNEL, NOW

SIZE = 6
SETTLING = (
    Event.ARRIVED, Event.NOT_SENT, Event.REFUSED_BY_READER, Event.REFUSED, Event.LOST_TRACK, Event.RELEASED,
)  # fmt: skip


class Sending(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store = open_store("sqlite://", Path(self.folder.name) / "key")
        self.ledger = self.store.ledger(CHANNEL)
        self.now = NOW
        self.held: list[tuple[int, Claim]] = []
        self.seen: dict[int, DeliveryState] = {}
        self.reopened: set[int] = set()
        self.arrived: set[int] = set()

    @initialize()
    def begin(self) -> None:
        readers(self.store, SIZE)
        self.epoch = self.ledger.take_lead("sender", self.now)
        self.id = approved(self.ledger)
        assert self.ledger.start(self.id, self.epoch, self.now) == SIZE

    @rule(limit=st.integers(1, SIZE), asleep=st.booleans())
    def claim(self, limit: int, asleep: bool) -> None:
        quiet: dict[str | None, datetime] = {None: self.now + timedelta(hours=1)} if asleep else {}
        claims = self.ledger.claim(self.id, self.epoch, limit, self.now, quiet=quiet)
        # Nothing that arrived is ever attempted a second time unless a person chose it.
        assert {claim.delivery_id for claim in claims} <= set(self.seen) - self.arrived | self.reopened
        self.reopened -= {claim.delivery_id for claim in claims}
        self.held += [(self.epoch, claim) for claim in claims]

    @precondition(lambda self: self.held)
    @rule(data=st.data(), event=st.sampled_from(SETTLING), wait=st.booleans(), keep=st.booleans())
    def settle(self, data: Any, event: Event, wait: bool, keep: bool) -> None:
        chosen = data.draw(st.sampled_from(self.held))
        epoch, claim = chosen
        if not keep:
            self.held.remove(chosen)
        retry = self.now + timedelta(minutes=1) if wait else None
        outcome = Settled(claim.delivery_id, claim.attempt, event, ("81",), retry_at=retry)
        changed = self.ledger.record(epoch, [outcome], self.now)
        if changed and event is Event.ARRIVED:
            self.arrived.add(claim.delivery_id)

    @rule()
    def take_over(self) -> None:
        self.epoch = self.ledger.take_lead("sender", self.now)
        assert self.ledger.tally(self.id)[DeliveryState.SENDING] == 0

    @rule(minutes=st.integers(1, 90))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(address=st.sampled_from(addresses(SIZE)))
    def forget(self, address: str) -> None:
        self.store.forget(CHANNEL, address, self.now)

    @rule(data=st.data())
    def send_again(self, data: Any) -> None:
        chosen = data.draw(st.sets(st.sampled_from(sorted(self.seen))))
        before = self.seen
        try:
            self.ledger.send_again(self.id, chosen, AUTHOR, self.now)
        except NotAllowed:
            return
        allowed = {id for id in chosen if before[id] in (DeliveryState.UNCERTAIN, DeliveryState.FAILED)}
        self.reopened |= allowed

    @rule(address=st.sampled_from(addresses(SIZE)))
    def press(self, address: str) -> None:
        self.ledger.evidence(address, "91", self.now)

    @rule(act=st.sampled_from([Act.PAUSE, Act.RESUME, Act.CANCEL]), seldom=st.integers(0, 5))
    def act(self, act: Act, seldom: int) -> None:
        if act is Act.CANCEL and seldom:
            return
        try:
            self.ledger.act(self.id, act, AUTHOR, self.now)
        except NotAllowed:
            return

    @rule()
    def finish(self) -> None:
        done = self.ledger.finish_if_done(self.id, self.epoch, self.now)
        assert not done or self.ledger.open_count(self.id) == 0

    @invariant()
    def every_row_is_there_once_and_final_ones_stay(self) -> None:
        now = {one.delivery_id: one.state for one in self.ledger.recipients(self.id)}
        assert len(now) == SIZE
        assert sum(self.ledger.tally(self.id).values()) == SIZE
        assert not self.seen or now.keys() == self.seen.keys()
        for id, before in self.seen.items():
            if before in OPEN or now[id] is before:
                continue
            by_evidence = before is DeliveryState.UNCERTAIN and now[id] is DeliveryState.SENT
            assert by_evidence or (id in self.reopened and now[id] is DeliveryState.QUEUED), (before, now[id])
        self.seen = now
        if self.ledger.get(self.id).state is BroadcastState.CANCELLED:
            assert not {DeliveryState.QUEUED, DeliveryState.RETRY_WAIT} & set(now.values())

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()


TestSending = Sending.TestCase
TestSending.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)
