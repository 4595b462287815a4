"""From two organisers' desks to the readers: the live card, pausing, stopping, the report, and sending once more."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.broadcast.broadcast import Settled
from bot.broadcast.states import Act, DeliveryState, Event
from bot.conversation.desk.model import Right
from bot.knowledge.desk_phrases import DeskPhrase
from tests.conversation.desk_room import ALL, Room, room
from tests.conversation.test_desk import desk_buttons, say


@pytest.fixture
async def two(tmp_path: Path) -> AsyncIterator[Room]:
    async with room(tmp_path) as one:
        yield one


async def test_what_two_organisers_agreed_on_reaches_its_readers_and_nobody_else(two: Room) -> None:
    parent, midwife = await two.reader("Pat", "parent"), await two.reader("Mo", "midwife")
    stranger = two.town.talk("Sam")
    await stranger.says("/start")
    stranger.look_back()
    await two.draft("Hello parents")
    await two.ann.presses("Readers")
    await two.ann.presses("desk:on:role:parent:1:1")
    await two.ann.presses("Back to the announcement")
    await two.ann.presses("Ask for approval")
    await two.ben.presses("Approve")
    two.pass_time(seconds=31)
    await two.goes_out()
    assert parent.sees() == "Hello parents"
    assert midwife.sees() == stranger.sees() == ""
    await two.ann.presses_forged("desk:open:1")
    assert say(DeskPhrase.REPORT, sent=1, total=1) in two.ann.sees()
    assert parent.buttons() == ["updates:stop"]


async def test_who_blocked_the_bot_is_counted(two: Room) -> None:
    await two.reader("Pat")
    gone = await two.reader("Mo")
    two.town.world.chats[gone.person.id].deactivated = True
    await two.approved()
    await two.goes_out()
    await two.ann.presses_forged("desk:open:1")
    assert say(DeskPhrase.REPORT, sent=1, total=2) in two.ann.sees()
    assert say(DeskPhrase.TALLY_BLOCKED, number=1) in two.ann.sees()


async def under_way(two: Room, number: int = 4) -> tuple[int, list[int]]:
    """An announcement that goes out, its first delivery arrived; epoch, and numbers of the others in hand."""
    for each in range(number):
        await two.reader(f"Reader {each}")
    await two.approved()
    ledger, now = two.ledger, two.town.clock()
    epoch = ledger.take_lead("test", now)
    ledger.start(1, epoch, now)
    claims = ledger.claim(1, epoch, number, now)
    ledger.record(epoch, [Settled(claims[0].delivery_id, 1, Event.ARRIVED, ("1",))], now)
    return epoch, [claim.delivery_id for claim in claims[1:]]


async def test_the_card_is_live_and_anybody_may_pause_but_not_everybody_go_on(tmp_path: Path) -> None:
    async with room(tmp_path, (ALL, ALL, frozenset({Right.COMPOSE}))) as one:
        cleo = one.town.talk("Cleo")
        await cleo.says("/start")
        await under_way(one)
        one.pass_time(seconds=10)
        await cleo.presses_forged("desk:open:1")
        assert say(DeskPhrase.PROGRESS, sent=1, total=4) in cleo.sees()
        assert "25 %" in cleo.sees()
        assert say(DeskPhrase.LEFT_OPEN, number=3) in cleo.sees()
        await cleo.presses("Pause")
        assert one.broadcast.state == "paused"
        await cleo.presses_forged("desk:pause:1:1")
        assert "resume" not in desk_buttons(cleo)
        await cleo.presses_forged(f"desk:resume:1:{one.broadcast.version}")
        assert one.broadcast.state == "paused"
        await one.ann.presses_forged("desk:open:1")
        await one.ann.presses("Go on")
        assert one.broadcast.state == "sending"


@pytest.mark.parametrize("words", ["STOP", "stop!", "Stop sending"])
async def test_an_organiser_who_types_stop_pauses_what_goes_out_and_stays_a_reader(two: Room, words: str) -> None:
    await under_way(two)
    await two.ben.says(words)
    assert two.broadcast.state == "paused"
    assert say(DeskPhrase.PROGRESS, sent=1, total=4) in two.ben.sees()
    assert {"resume", "drop"} & desk_buttons(two.ben)


async def test_stop_means_the_organiser_themselves_when_nothing_goes_out(two: Room) -> None:
    await two.reader()
    await two.approved()
    await two.ben.says("STOP")
    assert two.broadcast.state == "scheduled"
    assert two.ben.outcome == "settled"


async def test_it_says_why_it_paused_by_itself(two: Room) -> None:
    await under_way(two)
    two.ledger.act(1, Act.PAUSE, None, two.town.clock(), because="the token is refused")
    await two.ann.presses_forged("desk:open:1")
    assert "the token is refused" in two.ann.sees()


async def test_stopping_cancels_what_has_not_gone(two: Room) -> None:
    epoch, rest = await under_way(two)
    two.ledger.record(epoch, [Settled(one, 1, Event.RELEASED) for one in rest], two.town.clock())
    await two.ben.presses_forged("desk:open:1")
    await two.ben.presses("Stop for good")
    await two.ben.presses("Yes, stop it")
    assert two.broadcast.state == "cancelled"
    assert two.ledger.tally(1)[DeliveryState.CANCELLED] == 3
    assert say(DeskPhrase.TALLY_CANCELLED, number=3) in two.ben.sees()


async def finished_badly(two: Room) -> None:
    epoch, rest = await under_way(two)
    now = two.town.clock()
    events = (Event.REFUSED, Event.LOST_TRACK, Event.LOST_TRACK)
    two.ledger.record(epoch, [Settled(one, 1, event) for one, event in zip(rest, events, strict=True)], now)
    assert two.ledger.finish_if_done(1, epoch, now)


async def test_what_failed_and_what_is_uncertain_is_sent_again_only_when_somebody_chooses(two: Room) -> None:
    await finished_badly(two)
    await two.ann.presses_forged("desk:open:1")
    assert {"retry", "unsure"} <= desk_buttons(two.ann)
    await two.ann.presses("Not sure")
    assert two.broadcast.state == "finished"
    await two.ann.presses("Send these again")
    assert two.ledger.tally(1)[DeliveryState.UNCERTAIN] == 0
    assert two.ledger.tally(1)[DeliveryState.QUEUED] == 2
    await two.goes_out()
    await two.ann.presses_forged("desk:open:1")
    await two.ann.presses("failed ones again")
    await two.goes_out()
    assert two.ledger.tally(1)[DeliveryState.SENT] == 4


async def test_sending_again_takes_a_right(tmp_path: Path) -> None:
    async with room(tmp_path, (ALL, ALL, frozenset({Right.COMPOSE}))) as one:
        cleo = one.town.talk("Cleo")
        await cleo.says("/start")
        await finished_badly(one)
        await cleo.presses_forged("desk:open:1")
        assert not {"retry", "unsure"} & desk_buttons(cleo)
        await cleo.presses_forged(f"desk:retry:1:{one.broadcast.version}")
        assert one.ledger.tally(1)[DeliveryState.FAILED] == 1
