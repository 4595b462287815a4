"""The lane of announcements against the stand-in Bot API on the loopback: what readers see, and what is known after."""

import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.broadcast.announcement import Content, MediaKind, Medium, Poll
from bot.broadcast.broadcast import Claim
from bot.channels.telegram.bodies import METHODS, NOT_UPLOADED, Stop, album_caption, encode
from bot.channels.telegram.lane import Lane, read
from bot.channels.telegram.results import TOKEN_REFUSED
from bot.errors import ChannelError
from bot.messaging import Delivered
from bot.sandbox.faults import Fault, FaultKind
from bot.sandbox.http import serving
from bot.sandbox.world import World
from tests.sandbox.asking import PNG, ask, world_with_ann

STOP = Stop(lambda language: "Stopp" if language == "de" else "Stop", "action:opt-out", "https://t.me/a_bot?start=stop")
HELLO = Content("Hello 💛", ({"type": "bold", "offset": 0, "length": 5},), buttons=(("More", "https://example.org/"),))
LIMITS = {"connect_timeout_s": 5.0, "read_timeout_s": 5.0}


def to(address: int, language: str | None = "en") -> Claim:
    return Claim(1, 1, str(address), language, (), 1)


@pytest.fixture
async def open_lane() -> AsyncIterator[tuple[World, int, Lane]]:
    world, ann = world_with_ann()
    async with serving(world) as root:
        lane = Lane(world.token, STOP, root + "/", **LIMITS)
        await lane.open()
        await lane.open()
        yield world, ann.id, lane
        await lane.close()
        await lane.close()


Open = tuple[World, int, Lane]


async def test_text_arrives_as_it_was_written_with_its_links_and_stop(open_lane: Open) -> None:
    world, ann, lane = open_lane
    result = await lane.post(HELLO, to(ann))
    assert await lane.post(HELLO, to(ann, "de")) != result
    first, second = world.sees(world.people[ann])
    assert result.outcome is Delivered.SENT
    assert result.message_ids == (str(first.id),)
    assert first.text == "Hello 💛"
    assert [entity["type"] for entity in first.raw["entities"]] == ["bold"]
    assert first.raw["link_preview_options"] == {"is_disabled": True}
    assert first.buttons[0][0]["url"] == "https://example.org/"
    assert first.buttons[1][0] == {"text": "Stop", "callback_data": "action:opt-out"}
    assert second.buttons[1][0]["text"] == "Stopp"


async def test_media_albums_and_polls_arrive(open_lane: Open) -> None:
    world, ann, lane = open_lane
    photo = await ask(world, "sendPhoto", {"photo": PNG}, chat_id=ann)
    medium = Medium(MediaKind.PHOTO, file_id=photo["photo"][-1]["file_id"])
    before = len(world.sees(world.people[ann]))
    one = await lane.post(Content("Look", media=(medium,)), to(ann))
    bare = await lane.post(Content(media=(medium,)), to(ann))
    album = await lane.post(Content("Look", media=(medium, medium), buttons=HELLO.buttons), to(ann))
    poll = await lane.post(Content(poll=Poll("How?", ("so", "so so"), several=True)), to(ann))
    assert [result.outcome for result in (one, bare, album, poll)] == [Delivered.SENT] * 4
    assert len(album.message_ids) == 2
    seen = world.sees(world.people[ann])[before:]
    assert [message.kind for message in seen] == ["photo", "photo", "photo", "photo", "poll"]
    assert seen[0].raw["caption"] == "Look"
    assert "caption" not in seen[1].raw
    assert seen[2].raw["caption"] == "Look\n\nMore\nStop"
    assert [entity["url"] for entity in seen[2].raw["caption_entities"]] == ["https://example.org/", STOP.link]
    assert [len(message.buttons) for message in seen] == [1, 1, 0, 0, 1]


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        (FaultKind.TOO_MANY_REQUESTS, Delivered.UNSENT),
        (FaultKind.SERVER_ERROR, Delivered.UNCERTAIN),
        (FaultKind.DROPPED_BEFORE, Delivered.UNCERTAIN),
        (FaultKind.DROPPED_AFTER, Delivered.UNCERTAIN),
        (FaultKind.UNREADABLE, Delivered.UNCERTAIN),
    ],
)
async def test_what_is_known_after_a_fault(open_lane: Open, kind: FaultKind, outcome: Delivered) -> None:
    world, ann, lane = open_lane
    world.faults.next(Fault(kind, retry_after_s=7))
    result = await lane.post(HELLO, to(ann))
    assert result.outcome is outcome
    assert result.retry_after_s == (7 if kind is FaultKind.TOO_MANY_REQUESTS else None)


async def test_who_cannot_be_reached_is_told_apart(open_lane: Open) -> None:
    world, ann, lane = open_lane
    assert (await lane.post(HELLO, to(424242))).outcome is Delivered.FAILED
    world.blocks(world.people[ann])
    assert (await lane.post(HELLO, to(ann))).outcome is Delivered.BLOCKED


async def test_a_token_that_is_refused_is_known_unsent_and_told_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    world, ann = world_with_ann()
    async with serving(world) as root:
        lane = Lane("123:SECRET", STOP, root, **LIMITS)
        await lane.open()
        result = await lane.post(HELLO, to(ann.id))
        await lane.close()
    assert (result.outcome, result.error) == (Delivered.UNSENT, TOKEN_REFUSED)
    assert "SECRET" not in f"{caplog.text}{lane!r}{result!r}"


async def test_a_server_that_is_not_there_is_known_unsent() -> None:
    world, ann = world_with_ann()
    async with serving(world) as root:
        pass
    lane = Lane(world.token, STOP, root, **LIMITS)
    assert (await lane.post(HELLO, to(ann.id))).outcome is Delivered.UNSENT
    await lane.open()
    assert (await lane.post(HELLO, to(ann.id))).outcome is Delivered.UNSENT
    await lane.close()


async def test_what_was_not_uploaded_is_refused_before_anything_is_sent(open_lane: Open) -> None:
    world, ann, lane = open_lane
    result = await lane.post(Content("Look", media=(Medium(MediaKind.PHOTO, file="a.png"),)), to(ann))
    assert (result.outcome, result.error) == (Delivered.FAILED, NOT_UPLOADED)
    assert world.sees(world.people[ann]) == []


def test_a_token_that_cannot_be_one_is_refused_without_being_quoted() -> None:
    with pytest.raises(ChannelError) as caught:
        Lane("no token/", STOP)
    assert "no token/" not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "answer", "outcome"),
    [
        (200, {"ok": True, "result": {"message_id": "7"}}, Delivered.UNCERTAIN),
        (200, {"ok": True, "result": []}, Delivered.UNCERTAIN),
        (200, {"ok": True, "result": [True]}, Delivered.UNCERTAIN),
        (409, {"ok": False, "description": "Conflict"}, Delivered.UNCERTAIN),
        (302, {}, Delivered.UNCERTAIN),
    ],
)
def test_an_answer_that_says_nothing_leaves_it_open(status: int, answer: dict[str, Any], outcome: Delivered) -> None:
    assert read(status, json.dumps(answer).encode(), "s").outcome is outcome


def test_a_chat_that_moved_says_where_to() -> None:
    answer = {"ok": False, "description": "moved", "parameters": {"migrate_to_chat_id": -1005}}
    result = read(400, json.dumps(answer).encode(), "s")
    assert (result.outcome, result.migrated_to) == (Delivered.UNSENT, "-1005")


def test_every_kind_of_medium_has_its_method_and_one_encoding_serves_every_chat() -> None:
    assert set(METHODS) == set(MediaKind)
    for kind, method in METHODS.items():
        body = encode(Content("x", media=(Medium(kind, file_id="f"),)), STOP, None)
        assert body.method == method
        for address in ("1", "-100123"):
            fields = json.loads(body.to(address))
            assert (fields["chat_id"], fields[kind.value], fields["caption"]) == (int(address), "f", "x")


def test_an_albums_stop_counts_in_its_caption() -> None:
    text, entities = album_caption(Content(), "💛 Stop", STOP.link)
    assert text == "💛 Stop"
    assert (entities[0]["offset"], entities[0]["length"]) == (0, 7)
    assert album_caption(HELLO, "Stop", STOP.link)[1][-1]["offset"] == 8 + 2 + 4 + 1
