"""The organiser's desk in the chat: composing, readers, time, approval, and what everybody else sees of it: nothing."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.broadcast.announcement import Announcement, Content, Kind
from bot.broadcast.broadcast import Counted
from bot.broadcast.states import Act
from bot.conversation.desk.model import Desk, InHand, Right
from bot.conversation.desk.orders import Lead, Order
from bot.conversation.desk.pages import desk_button
from bot.conversation.desk.readers import TABS, option_of, options
from bot.conversation.desk.showing import told
from bot.conversation.desk.timing import when_face
from bot.conversation.model import Conversation
from bot.conversation.scene import Outcome, Scene, turn
from bot.conversation.wording.voice import Voice
from bot.knowledge.desk_phrases import DeskPhrase
from bot.messaging import PAYLOAD_BYTES
from bot.ordering import Ordering
from tests.conversation.desk_room import ALL, Room, room
from tests.minds import real_mind
from tests.talk import Clock, Talk

COMPOSES, APPROVES = frozenset({Right.COMPOSE}), frozenset({Right.APPROVE})


def say(phrase: DeskPhrase, **gaps: object) -> str:
    return real_mind().words.phrases[phrase.value].format(**gaps)


def desk_buttons(talk: Talk) -> set[str]:
    """The acts on offer."""
    return {payload.split(":")[1] for payload in talk.buttons() if payload.startswith("desk:")}


def media(room: Room, talk: Talk, message: dict[str, Any]) -> None:
    sent = {"date": int(room.town.clock().timestamp()), "chat": room.town.world.chats[talk.person.id].brief()}
    room.town.world.inject({"message": {"message_id": 900, "from": talk.person.user(), **sent, **message}})


@pytest.fixture
async def two(tmp_path: Path) -> AsyncIterator[Room]:
    async with room(tmp_path) as one:
        yield one


# Who sees it


@pytest.mark.parametrize("words", ["/announce", "announce the week", "queue"])
async def test_organisers_find_their_desk_and_nobody_else_does(two: Room, words: str) -> None:
    await two.ann.says(words)
    assert desk_buttons(two.ann) == {"new", "plan"}
    stranger = two.town.talk("Sam Pretend")
    await stranger.says(words)
    assert not desk_buttons(stranger)
    await stranger.presses_forged("desk:new")
    await stranger.says("This goes to everybody")
    assert two.ledger.list() == []
    assert not desk_buttons(stranger)


async def test_a_command_that_strangers_try_reads_like_any_other_unknown_one(two: Room) -> None:
    stranger = two.town.talk("Sam Pretend")
    await stranger.says("/announce")
    tried = stranger.sees()
    await stranger.says("/nonsense")
    assert stranger.sees() == tried


async def test_in_a_group_an_organiser_is_one_of_many(two: Room) -> None:
    group = Talk(two.town, two.ann.person, two.town.world.add_group("A pretend group", two.ann.person))
    await two.town.deliver()
    await group.says("/announce")
    assert not desk_buttons(group)


async def test_each_right_opens_its_own_buttons(tmp_path: Path) -> None:
    async with room(tmp_path, (COMPOSES, APPROVES)) as one:
        await one.reader()
        await one.draft()
        assert {"submit", "who", "when", "message"} <= desk_buttons(one.ann)
        await one.ann.presses("Ask for approval")
        assert not {"approve", "note"} & desk_buttons(one.ann)
        await one.ben.says("/announce")
        assert "new" not in desk_buttons(one.ben)
        await one.ben.presses_forged("desk:new")
        await one.ben.says("Mine")
        assert len(one.ledger.list()) == 1
        await one.ben.presses("Approve")
        assert one.broadcast.state == "scheduled"


# Composing


async def test_a_draft_keeps_what_was_written_and_its_styles(two: Room) -> None:
    await two.ann.says("/announce")
    await two.ann.presses("desk:new")
    bold = [{"type": "bold", "offset": 0, "length": 5}, {"type": "text_mention", "offset": 6, "length": 3, "user": {}}]
    media(two, two.ann, {"text": "Hello Ann 💛", "entities": bold})
    await two.town.deliver()
    content = two.broadcast.announcement.content
    assert content.text == "Hello Ann 💛"
    assert [dict(one) for one in content.entities] == bold[:1]
    assert two.broadcast.composed_by == two.ann.person.id


@pytest.mark.parametrize("kind", ["photo", "document", "video", "voice", "animation", "audio"])
async def test_files_are_taken_by_their_id_with_their_caption(two: Room, kind: str) -> None:
    await two.ann.says("/announce")
    await two.ann.presses("desk:new")
    await two.ann.sends(kind, "Come along")
    content = two.broadcast.announcement.content
    assert [one.kind for one in content.media] == [kind]
    assert content.media[0].file_id
    assert content.text == "Come along"
    await two.ann.presses("Look as it arrives")
    shown = [message for message in two.ann.news() if message.kind == kind]
    assert [message.text for message in shown] == ["Come along"]


async def test_a_poll_is_taken_and_a_quiz_is_not(two: Room) -> None:
    await two.ann.says("/announce")
    await two.ann.presses("desk:new")
    quiz = {"type": "quiz", "question": "?", "options": [], "is_anonymous": True, "allows_multiple_answers": False}
    media(two, two.ann, {"poll": quiz})
    await two.town.deliver()
    assert two.ledger.list() == []
    await two.ann.sends("poll")
    poll = two.broadcast.announcement.content.poll
    assert poll is not None
    assert poll.options == ("Yes", "No")
    await two.ann.presses("Look as it arrives")
    assert any(message.kind == "poll" for message in two.ann.news())


@pytest.mark.parametrize("kind", ["sticker", "location", "video_note", "live_photo", "story"])
async def test_what_cannot_be_announced_is_refused_and_the_desk_still_waits(two: Room, kind: str) -> None:
    await two.ann.says("/announce")
    await two.ann.presses("desk:new")
    await two.ann.sends(kind)
    assert two.ledger.list() == []
    assert say(DeskPhrase.CANNOT_CARRY) in two.ann.sees()
    await two.ann.says("Then in words")
    assert two.broadcast.announcement.content.text == "Then in words"


async def test_a_caption_that_is_too_long_is_refused(two: Room) -> None:
    await two.ann.says("/announce")
    await two.ann.presses("desk:new")
    await two.ann.sends("photo", "word " * 210)
    assert two.ledger.list() == []
    assert "1024" in two.ann.sees()


async def test_the_parts_of_an_album_become_one_draft(two: Room) -> None:
    for _ in range(3):
        await two.ann.sends("photo")
    photos = [one.raw["photo"] for one in two.ann.all() if one.kind == "photo"]
    await two.ann.says("/announce")
    await two.ann.presses("desk:new")
    for number, photo in enumerate(photos):
        words = {"caption": "Our days"} if number == 1 else {}
        media(two, two.ann, {"photo": photo, "media_group_id": "77", **words})
        await two.town.deliver()
    content = two.broadcast.announcement.content
    assert [one.file_id for one in content.media] == [photo[-1]["file_id"] for photo in photos]
    assert content.text == "Our days"
    long = {"photo": [{"file_id": "x"}], "media_group_id": "77", "caption": "word " * 250}
    media(two, two.ann, long)
    await two.town.deliver()
    assert len(two.broadcast.announcement.content.media) == 3
    media(two, two.ann, {"photo": [{"file_id": "y"}], "media_group_id": "78"})
    await two.town.deliver()
    assert len(two.ledger.list()) == 1
    await two.ann.presses("Look as it arrives")
    shown = [one for one in two.ann.news() if one.kind == "photo"]
    assert len(shown) == 3
    assert shown[0].text.startswith("Our days")


async def test_changing_the_message_replaces_it_in_the_same_draft(two: Room) -> None:
    draft = await two.draft("First thought")
    await two.ann.presses("Change the message")
    await two.ann.says("Second thought")
    assert two.broadcast.id == draft.id
    assert two.broadcast.announcement.content.text == "Second thought"
    await two.ann.edits("Third thought")
    assert two.broadcast.announcement.content.text == "Third thought"
    assert len(two.ledger.list()) == 1


async def test_editing_an_older_message_changes_nothing(two: Room) -> None:
    await two.draft("The text")
    await two.ann.says("/help")
    await two.ann.edits("/help me")
    assert two.broadcast.announcement.content.text == "The text"


@pytest.mark.parametrize("words", ["cancel", "never mind"])
async def test_a_change_of_mind_leaves_nothing_behind(two: Room, words: str) -> None:
    await two.ann.says("/announce")
    await two.ann.presses("desk:new")
    await two.ann.says(words)
    await two.ann.says("my baby cries every evening")
    assert two.ledger.list() == []
    assert two.ann.target == "topic:crying-colic" or two.ann.offered
    await two.draft("Text")
    await two.ann.presses("Change the message")
    await two.ann.says(words)
    assert two.broadcast.announcement.content.text == "Text"
    assert "submit" in desk_buttons(two.ann)


async def test_questions_are_still_answered_beside_a_draft(two: Room) -> None:
    await two.draft("Text")
    await two.ann.says("how do i bond with my baby")
    assert two.ann.target == "topic:bonding"
    assert two.broadcast.announcement.content.text == "Text"


# Alarms come first


async def test_an_alarm_while_composing_shows_its_card_and_keeps_nothing(two: Room) -> None:
    await two.ann.says("/announce")
    await two.ann.presses("desk:new")
    await two.ann.says("i want to kill myself")
    assert two.ann.outcome == "alarm"
    assert two.ledger.list() == []
    assert "mine" in desk_buttons(two.ann)
    await two.ann.presses("It was my announcement")
    await two.ann.says("i want to kill myself")
    assert two.ann.outcome == "alarm"
    assert two.broadcast.announcement.content.text == "i want to kill myself"
    await two.ann.presses("Change the message")
    await two.ann.sends("photo", "i want to kill myself")
    assert two.ann.outcome == "alarm"
    assert not two.broadcast.announcement.content.media
    await two.ann.presses("It was my announcement")
    await two.ann.says("No, all is well")
    assert two.broadcast.announcement.content.text == "No, all is well"
    assert two.ann.outcome == "settled"


async def test_an_alarm_away_from_the_desk_is_as_for_everybody(two: Room) -> None:
    await two.draft()
    await two.ann.says("i want to kill myself")
    assert two.ann.outcome == "alarm"
    assert not desk_buttons(two.ann)


async def test_an_alarm_in_a_note_or_a_time_is_an_alarm(two: Room) -> None:
    await two.draft()
    await two.ann.presses("desk:when:1:1")
    await two.ann.says("i want to kill myself")
    assert two.ann.outcome == "alarm"
    assert two.broadcast.announcement.starts_at is None


async def test_a_support_line_stands_beside_the_draft(two: Room) -> None:
    await two.ann.says("/announce")
    await two.ann.presses("desk:new")
    await two.ann.says("i keep imagining dropping my baby down the stairs and it horrifies me")
    assert two.ann.alarm is not None
    assert two.ann.alarm[1] == 3
    assert len(two.ann.news()) == 2
    assert len(two.ledger.list()) == 1


async def test_mine_is_no_way_around_a_missing_right(tmp_path: Path) -> None:
    async with room(tmp_path, (APPROVES, ALL)) as one:
        await one.ann.presses_forged("desk:mine:0:0")
        await one.ann.says("This goes to everybody")
        assert one.ledger.list() == []


async def test_a_message_that_cannot_be_read_as_it_was_sent_is_refused(two: Room) -> None:
    await two.ann.says("/announce")
    await two.ann.presses("desk:new")
    media(two, two.ann, {"text": "Hello", "entities": [5]})
    await two.town.deliver()
    assert two.ledger.list() == []
    assert say(DeskPhrase.CANNOT_CARRY) in two.ann.sees()


# Readers


async def test_readers_are_chosen_and_counted(two: Room) -> None:
    await two.reader("Pat", "parent", region="gb-sct", language="en")
    await two.reader("Mo", "midwife", region="gb-eng", language="en")
    await two.draft()
    assert say(DeskPhrase.READERS, number=2) in two.ann.sees()
    await two.ann.presses("desk:who:1:1")
    await two.ann.presses("desk:on:role:parent:1:1")
    assert two.broadcast.announcement.audience.roles == {"parent"}
    assert say(DeskPhrase.READERS, number=1) in two.ann.sees()
    assert say(DeskPhrase.OUT_OTHER_ROLE, number=1) in two.ann.sees()
    await two.ann.presses("desk:who:1:2:region")
    await two.ann.presses("desk:on:region:gb-eng:1:2")
    assert say(DeskPhrase.READERS, number=0) in two.ann.sees()
    await two.ann.presses("desk:off:region:gb-eng:1:3")
    await two.ann.presses("desk:who:1:4:role")
    await two.ann.presses("desk:any:role:1:4")
    assert not two.broadcast.announcement.audience.roles
    await two.ann.presses("desk:who:1:5:language")
    await two.ann.presses("desk:on:language:en:1:5")
    assert two.broadcast.announcement.audience.languages == {"en"}
    await two.ann.presses("desk:who:1:6:kind")
    await two.ann.presses(f"desk:on:kind:{Kind.EVENTS}:1:6")
    assert two.broadcast.announcement.audience.kind is Kind.EVENTS
    assert say(DeskPhrase.OUT_OTHER_KIND, number=2) in two.ann.sees()
    await two.ann.presses("desk:who:1:7:tone")
    await two.ann.presses("desk:on:tone:cheerful:1:7")
    assert two.broadcast.announcement.audience.celebratory
    await two.ann.presses("desk:off:tone:cheerful:1:8")
    assert not two.broadcast.announcement.audience.celebratory


async def test_what_is_chosen_already_stays_so_and_is_no_reproach(two: Room) -> None:
    await two.draft()
    await two.ann.presses_forged("desk:on:role:parent:1:1")
    await two.ann.presses_forged("desk:on:role:parent:1:1")
    assert two.broadcast.announcement.audience.roles == {"parent"}
    assert two.broadcast.version == 2
    assert say(DeskPhrase.CHANGED) not in two.ann.sees()
    await two.ann.presses_forged("desk:on:role:midwife:1:1")
    assert two.broadcast.announcement.audience.roles == {"parent"}
    assert say(DeskPhrase.CHANGED) in two.ann.sees()


# Time


async def test_a_time_is_typed_after_a_slip(two: Room) -> None:
    await two.draft()
    await two.ann.presses("Time")
    await two.ann.says("mnday at nine")
    assert two.broadcast.announcement.starts_at is None
    await two.ann.says("Mon 9:30")
    assert two.broadcast.announcement.starts_at == datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    assert "09:30" in two.ann.sees()
    assert "New York" in two.ann.sees()


async def test_the_clock_is_that_of_where_the_organiser_lives(two: Room) -> None:
    await two.ann.presses_forged("region:us-mi")
    await two.draft()
    await two.ann.presses("Time")
    await two.ann.says("tomorrow 9am")
    assert two.broadcast.announcement.zone.startswith("America/")
    assert two.broadcast.announcement.starts_at == datetime(2026, 11, 21, 14, tzinfo=UTC)


async def test_a_suggested_time_and_now(two: Room) -> None:
    await two.draft()
    await two.ann.presses("Time")
    suggested = [payload for payload in two.ann.buttons() if payload.startswith("desk:at:1:1:2")]
    await two.ann.presses(suggested[0])
    assert two.broadcast.announcement.starts_at == datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
    await two.ann.presses("desk:when:1:2")
    await two.ann.presses("As soon as approved")
    assert two.broadcast.announcement.starts_at is None


async def test_a_time_that_comes_twice_is_said_to(tmp_path: Path) -> None:
    async with room(tmp_path, clock=Clock(datetime(2026, 10, 24, 12, tzinfo=UTC))) as one:
        await one.draft()
        await one.ann.presses("Time")
        await one.ann.says("25 October 1:30")
        assert say(DeskPhrase.TWICE) in one.ann.sees()
        assert one.broadcast.announcement.starts_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


async def test_a_suggestion_that_is_no_time_is_left_out(two: Room) -> None:
    draft = await two.draft()
    phrases = {**real_mind().words.phrases, DeskPhrase.SUGGESTED.value: "tomorow 9:30; now; mon 9:30"}
    mind = replace(real_mind(), words=replace(real_mind().words, phrases=phrases))
    now = two.town.clock()
    scene = Scene(mind, Conversation("", now), None, now)
    face = when_face(scene, InHand(draft, Counted()), None)
    assert [row[0].payload for row in face.buttons][1:-1] == ["desk:at:1:1:29923770"]


@pytest.mark.parametrize("said", ["9" * 30, "-" + "9" * 14, "tomorrow", ""])
async def test_a_forged_time_changes_nothing(two: Room, said: str) -> None:
    await two.draft()
    await two.ann.presses_forged(f"desk:at:1:1:{said}")
    assert two.broadcast.version == 1
    assert two.ann.sees()


async def test_a_time_that_passed_while_it_waited_is_not_sent_late(two: Room) -> None:
    await two.reader()
    await two.draft()
    await two.ann.presses("Time")
    await two.ann.says("in 2 hours")
    two.pass_time(hours=3)
    await two.ann.presses("Ask for approval")
    assert two.broadcast.state == "draft"
    assert say(DeskPhrase.TIME_PASSED) in two.ann.sees()


# Approval


async def test_the_second_person_sees_it_as_it_will_arrive_and_approves(two: Room) -> None:
    await two.reader()
    await two.draft("The week begins on Monday.")
    two.ben.look_back()
    await two.ann.presses("Ask for approval")
    assert two.broadcast.state == "submitted"
    assert two.broadcast.counted == 1
    assert two.ben.news()[0].text == "The week begins on Monday."
    two.ann.look_back()
    await two.ben.presses("Approve")
    assert two.broadcast.state == "scheduled"
    assert two.broadcast.is_approved
    assert two.broadcast.undo_until == two.town.clock().replace(second=30)
    assert two.ann.sees() == say(DeskPhrase.APPROVED_TOLD, id=1)


async def test_the_author_does_not_approve_their_own(two: Room) -> None:
    await two.reader()
    draft = await two.draft()
    await two.ann.presses("Ask for approval")
    await two.ann.presses_forged(f"desk:approve:1:2:{draft.announcement.hash[:16]}")
    assert two.broadcast.state == "submitted"
    assert say(DeskPhrase.SECOND_PERSON) in two.ann.sees()


async def test_what_is_approved_is_what_was_shown(two: Room) -> None:
    await two.reader()
    await two.draft()
    await two.ann.presses("Ask for approval")
    await two.ben.presses_forged(f"desk:approve:1:2:{'0' * 16}")
    assert say(DeskPhrase.CHANGED) in two.ben.sees()
    await two.ben.presses_forged("desk:approve:1:2:")
    await two.ben.presses_forged(f"desk:approve:1:1:{two.broadcast.announcement.hash[:16]}")
    assert two.broadcast.state == "submitted"


async def test_a_note_sends_it_back_and_is_not_kept(two: Room) -> None:
    await two.reader()
    await two.draft()
    await two.ann.presses("Ask for approval")
    two.ann.look_back()
    await two.ben.presses("Send back with a note")
    await two.ben.says("Warmer, please")
    assert two.broadcast.state == "draft"
    assert "Warmer, please" in two.ann.sees()
    assert b"Warmer, please" not in b"".join(file.read_bytes() for file in two.folder.glob("talk.db*"))
    await two.ann.presses("Back to the announcement")
    await two.ann.presses("desk:submit:1:3")
    assert two.broadcast.state == "submitted"


async def test_a_note_needs_words(two: Room) -> None:
    await two.reader()
    await two.draft()
    await two.ann.presses("Ask for approval")
    await two.ben.presses("Send back with a note")
    await two.ben.sends("photo")
    assert two.broadcast.state == "submitted"
    await two.ben.says("Leave out the date")
    assert two.broadcast.state == "draft"
    assert "Leave out the date" in two.ann.sees()


async def test_a_note_on_what_was_taken_back_meanwhile_is_not_asked_for(two: Room) -> None:
    await two.reader()
    await two.draft()
    await two.ann.presses("Ask for approval")
    await two.ann.presses("Take back to draft")
    assert two.broadcast.state == "draft"
    await two.ben.presses("Send back with a note")
    assert say(DeskPhrase.CHANGED) in two.ben.sees()
    await two.ben.says("my baby cries every evening")
    assert say(DeskPhrase.CHANGED) not in two.ben.sees()


async def test_an_approval_can_be_taken_back(two: Room) -> None:
    await two.reader()
    await two.draft()
    await two.ann.presses("Ask for approval")
    await two.ben.presses("Approve")
    two.ann.look_back()
    await two.ben.presses("Take back to draft")
    assert two.broadcast.state == "draft"
    assert not two.broadcast.is_approved
    assert two.ann.sees() == say(DeskPhrase.RETURNED, id=1)
    two.pass_time(minutes=5)
    assert list(two.ledger.due(two.town.clock())) == []


async def test_nobody_and_nothing_is_not_submitted(two: Room) -> None:
    await two.draft()
    await two.ann.presses("Ask for approval")
    assert two.broadcast.state == "draft"
    assert say(DeskPhrase.NOBODY) in two.ann.sees()


async def test_one_organiser_alone_has_time_to_take_it_back(tmp_path: Path) -> None:
    async with room(tmp_path, (ALL,)) as one:
        await one.reader()
        await one.draft()
        await one.ann.presses("Ask for approval")
        assert say(DeskPhrase.WAITS_ALONE) in one.ann.sees()
        await one.ann.presses("Approve")
        assert one.broadcast.state == "scheduled"
        one.pass_time(minutes=9)
        assert list(one.ledger.due(one.town.clock())) == []
        one.pass_time(minutes=2)
        assert [due.id for due in one.ledger.due(one.town.clock())] == [1]


async def test_where_nobody_else_may_approve_it_says_so(tmp_path: Path) -> None:
    async with room(tmp_path, (COMPOSES, COMPOSES)) as one:
        await one.reader()
        await one.draft()
        await one.ann.presses("Ask for approval")
        assert say(DeskPhrase.NOBODY_APPROVES) in one.ann.sees()
        await one.ben.presses_forged(f"desk:approve:1:2:{one.broadcast.announcement.hash[:16]}")
        assert one.broadcast.state == "submitted"
        assert say(DeskPhrase.NOT_YOURS) in one.ben.sees()
        await one.ben.says("/announce")
        await one.ben.presses("desk:open:1")
        assert "approve" not in desk_buttons(one.ben)


async def test_what_was_approved_and_not_planned_can_be_let_go(two: Room) -> None:
    await two.reader()
    await two.draft()
    await two.ann.presses("Ask for approval")
    announced, now = two.broadcast.announcement, two.town.clock()
    two.ledger.act(1, Act.APPROVE, two.ben.person.id, now, hash=announced.hash)
    await two.ann.presses_forged("desk:open:1")
    await two.ann.presses("Let it go out")
    assert two.broadcast.state == "scheduled"


async def test_the_team_gets_a_look_before_anybody_else(two: Room) -> None:
    reader = await two.reader()
    await two.draft("Hello there")
    two.ben.look_back()
    await two.ann.presses("Show the team")
    assert "Hello there" in two.ben.sees()
    assert reader.sees() == ""
    assert two.broadcast.state == "draft"


async def test_a_rehearsal_says_what_it_is_and_needs_no_readers(two: Room) -> None:
    two.ledger.create(Announcement(Content("Rehearsed")), two.ann.person.id, two.town.clock(), rehearsal=True)
    await two.ann.presses_forged("desk:open:1")
    assert say(DeskPhrase.REHEARSAL) in two.ann.sees()
    await two.ann.presses("Ask for approval")
    await two.ben.presses("Approve")
    assert two.broadcast.state == "scheduled"
    assert two.broadcast.counted is None


async def test_an_organiser_alone_has_no_team(tmp_path: Path) -> None:
    async with room(tmp_path, (ALL,)) as one:
        await one.draft()
        await one.ann.presses("Show the team")
        assert say(DeskPhrase.NO_TEAM) in one.ann.sees()


# Queue, stopping


async def test_all_announcements_stand_in_the_queue(two: Room) -> None:
    await two.draft("First of all")
    await two.draft("Second of all")
    await two.ben.says("announcements")
    assert {"desk:open:1", "desk:open:2"} <= set(two.ben.buttons())
    await two.ben.presses("desk:open:1")
    assert "First of all" in two.ben.sees()


async def test_it_is_stopped_for_good_after_one_question(two: Room) -> None:
    await two.draft()
    await two.ann.presses("Stop for good")
    assert two.broadcast.state == "draft"
    await two.ann.presses("Yes, stop it")
    assert two.broadcast.state == "cancelled"
    await two.ann.presses_forged("desk:cancel:1:1")
    assert say(DeskPhrase.CHANGED) not in two.ann.sees()
    await two.ann.says("/announce")
    assert "desk:open:1" in two.ann.buttons()


async def test_a_draft_of_somebody_else_is_theirs_to_throw_away(tmp_path: Path) -> None:
    async with room(tmp_path, (ALL, COMPOSES)) as one:
        await one.draft()
        await one.ben.presses_forged("desk:cancel:1:1")
        assert one.broadcast.state == "draft"
        assert say(DeskPhrase.NOT_YOURS) in one.ben.sees()


async def test_whoever_is_no_organiser_any_more_changes_nothing_and_sees_nothing(two: Room) -> None:
    await two.draft("Secret plans")
    ordering = Ordering(two.ledger, {})
    kept = ordering.carry_out(Desk(two.ann.person.id, ALL), Order(Lead(Act.CANCEL), 1, 1), two.town.clock())
    assert kept.refused is DeskPhrase.NOT_YOURS
    assert kept.in_hand is None
    assert kept.open == ()
    assert two.broadcast.state == "draft"


@pytest.mark.parametrize("payload", ["open:0", "message:1:0", "when:1:0", "submit:1:0", "mine:1:0", "at:1:0:now"])
async def test_a_press_on_nothing_that_was_ever_shown_leads_nowhere(two: Room, payload: str) -> None:
    await two.draft()
    await two.ann.presses_forged(f"desk:{payload}")
    assert not desk_buttons(two.ann)
    await two.ann.says("This replaces it")
    assert two.broadcast.announcement.content.text == "The week begins on Monday."


def test_a_turn_without_a_desk_is_left_as_it_is() -> None:
    now = datetime(2026, 11, 20, tzinfo=UTC)
    scene = Scene(real_mind(), Conversation("", now), None, now)
    ordered = turn(scene, Outcome.SETTLED, order=Order())
    assert told(scene, ordered) is ordered
    assert "order" not in repr(ordered)


async def test_what_does_not_exist_is_said_not_to(two: Room) -> None:
    await two.ann.presses_forged("desk:open:77")
    assert "77" in two.ann.sees()
    await two.ann.presses_forged("desk:submit:78:1")
    assert "78" in two.ann.sees()


async def test_a_change_of_what_is_over_is_refused_in_a_sentence(two: Room) -> None:
    await two.draft()
    two.ledger.act(1, Act.CANCEL, two.ann.person.id, two.town.clock())
    await two.ann.presses_forged("desk:at:1:2:now")
    assert two.broadcast.state == "cancelled"
    assert "cancelled" in two.ann.sees()


async def test_an_update_that_comes_twice_is_carried_out_once(two: Room) -> None:
    await two.ann.says("/announce")
    await two.ann.presses("desk:new")
    message = {"message_id": 901, "date": 1, "chat": two.town.world.chats[two.ann.person.id].brief()}
    raw = {"update_id": 99_001, "message": {**message, "from": two.ann.person.user(), "text": "Only once"}}
    incoming = two.town.bot.parse(raw)
    assert incoming is not None
    handle = two.town.handling._handle
    first, again = await handle(incoming), await handle(incoming)
    assert len(two.ledger.list()) == 1
    assert first == again
    press = {"id": "5", "from": two.ann.person.user(), "data": "desk:on:role:parent:1:1"}
    pressed = two.town.bot.parse({"update_id": 99_002, "callback_query": press | {"message": message}})
    assert pressed is not None
    assert await handle(pressed) == await handle(pressed)
    assert two.broadcast.version == 2


async def test_a_planned_draft_is_made_once_and_shown_again(before_the_week: Room) -> None:
    one = before_the_week
    message = {"message_id": 901, "date": 1, "chat": one.town.world.chats[one.ann.person.id].brief()}
    press = {"id": "5", "from": one.ann.person.user(), "data": "desk:plan:imhaw-2025:1:parent", "message": message}
    incoming = one.town.bot.parse({"update_id": 99_003, "callback_query": press})
    assert incoming is not None
    handle = one.town.handling._handle
    assert await handle(incoming) == await handle(incoming)
    assert len(one.ledger.list()) == 1


# The week's plan


@pytest.fixture
async def before_the_week(tmp_path: Path) -> AsyncIterator[Room]:
    async with room(tmp_path, clock=Clock(datetime(2025, 5, 1, 12, tzinfo=UTC))) as one:
        yield one


async def test_the_plan_of_the_coming_week_is_one_tap_away(before_the_week: Room) -> None:
    one = before_the_week
    await one.ann.says("/announce")
    await one.ann.presses("The week")
    planned = next(payload for payload in one.ann.buttons() if payload.startswith("desk:plan:"))
    await one.ann.presses(planned.rpartition(":")[0] + ":1")
    assert one.ledger.list() == []
    await one.ann.presses(f"{planned.rpartition(':')[0]}:1:parent")
    week = real_mind().knowledge.weeks["imhaw-2025"]
    assert one.broadcast.announcement.content.text == week.announcements[1].texts["parent"]["en"]
    assert one.broadcast.announcement.audience.roles == {"parent"}
    await one.ann.presses_forged(f"{planned.rpartition(':')[0]}:0:everyone")
    assert not one.broadcast.announcement.audience.roles
    assert one.broadcast.announcement.starts_at is None


async def test_no_plan_is_offered_where_none_is_coming(two: Room) -> None:
    await two.ann.presses_forged("desk:plan")
    assert say(DeskPhrase.PLAN_NONE) in two.ann.sees()
    await two.ann.presses_forged("desk:plan:imhaw-2025:0:everyone")
    assert two.ledger.list() == []


@pytest.mark.parametrize("rest", ["99", "-1", "0:nobody", "x", "0:parent:more"])
async def test_a_plan_that_never_was_leads_nowhere(before_the_week: Room, rest: str) -> None:
    await before_the_week.ann.presses_forged(f"desk:plan:imhaw-2025:{rest}")
    made = before_the_week.ledger.list()
    assert len(made) == (1 if rest == "0:parent:more" else 0)


# Payloads

VOICE = Voice(real_mind().knowledge, real_mind().words, None, None, datetime(2026, 11, 20, tzinfo=UTC).date())


@pytest.mark.parametrize("dimension", TABS)
def test_every_option_is_named_by_what_its_button_bears(dimension: Any) -> None:
    for id in options(VOICE, dimension):
        worst = (dimension, id[:24], 10**9, 99_999)
        made = desk_button(VOICE, DeskPhrase.BUTTON_ON, "off", *worst, name="x").payload or ""
        assert len(made.encode()) <= PAYLOAD_BYTES
        assert option_of(VOICE, dimension, made.split(":")[3]) == id


ACTS = "home new open on off any who when at approve note message mine plan submit return cancel pause drop look team"
words = st.sampled_from([*ACTS.split(), *["role", "kind", "parent", "0", "1", "2", "-1", "99", "now", "imhaw-2025"]])


presses = st.lists(st.one_of(words, st.text(max_size=8)), max_size=6)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=8)
@given(tried=st.lists(presses, min_size=4, max_size=12))
async def test_no_press_of_an_organiser_fails_and_none_sends_anything(
    tmp_path_factory: pytest.TempPathFactory, tried: list[list[str]]
) -> None:
    async with room(tmp_path_factory.mktemp("forged")) as one:
        await one.draft()
        for rest in tried:
            await one.ann.presses_forged(":".join(["desk", *rest])[:PAYLOAD_BYTES])
            # Only an apology would have ended without a turn.
            assert one.ann.turn.outcome in {"settled", "answer"}
        assert {each.state for each in one.ledger.list()} <= {"draft", "cancelled"}
