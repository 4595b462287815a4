"""What the bot sends and how it stands there: answers are as the Bot API describes them, copies are faithful."""

from typing import Any

import pytest

from bot.sandbox.chats import FIRST_PERSON
from bot.sandbox.description import bot_api, check_value
from bot.sandbox.files import DOWNLOAD_LIMIT, Upload
from bot.sandbox.media import KIND_BY_METHOD, image_size
from tests.sandbox.asking import PNG, ask, keyboard, refused, world_with_ann

ANN = FIRST_PERSON
GIF = b"GIF89a" + (10).to_bytes(2, "little") + (20).to_bytes(2, "little")
JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08" + (30).to_bytes(2, "big") + (40).to_bytes(2, "big")

SENT: list[tuple[str, dict[str, Any]]] = [
    ("sendMessage", {"text": "x", "link_preview_options": {"is_disabled": True}}),
    ("sendMessage", {"text": "x", "link_preview_options": {"url": "example.org"}, "protect_content": "true"}),
    ("sendLocation", {"latitude": "51.5", "longitude": -0.1}),
    ("sendVenue", {"latitude": 51.5, "longitude": 0, "title": "Hall", "address": "1 Example Street"}),
    ("sendContact", {"phone_number": "+447700900123", "first_name": "Bea"}),
    (
        "sendPoll",
        {"question": "<b>Tea</b>?", "question_parse_mode": "HTML", "options": '[{"text":"Yes"},{"text":"No"}]'},
    ),
    ("sendPoll", {"question": "?", "options": [{"text": "a"}], "type": "quiz", "correct_option_ids": [0]}),
]


def described(method: str, result: Any) -> None:
    """Asserts that an answer has the type that the description promises."""
    kinds = bot_api()["methods"][method]["returns"]
    if result is True:
        assert "Boolean" in kinds
        return
    for one in result if kinds[0].startswith("Array of ") else [result]:
        check_value(kinds[0].removeprefix("Array of "), one)


@pytest.mark.parametrize(("method", "params"), SENT, ids=[row[0] for row in SENT])
async def test_answers_are_as_described(method: str, params: dict[str, Any]) -> None:
    world, ann = world_with_ann()
    described(method, await ask(world, method, chat_id=ANN, **params))
    (delivery,) = world.deliveries
    assert (delivery.sequence, delivery.method, delivery.chat_id) == (1, method, ann.id)
    assert world.sees(ann)[0].id == delivery.message_id


@pytest.mark.parametrize("method", sorted(KIND_BY_METHOD))
async def test_files_can_be_sent_again_by_id_and_fetched(method: str) -> None:
    world, ann = world_with_ann()
    kind = KIND_BY_METHOD[method]
    first = await ask(world, method, {kind: Upload(PNG, "dir/name.png")}, chat_id=ann.id)
    described(method, first)
    held = first[kind][-1] if kind == "photo" else first[kind]
    again = await ask(world, method, chat_id=ann.id, **{kind: held["file_id"]})
    assert again[kind] == first[kind]
    file = await ask(world, "getFile", file_id=held["file_id"])
    described("getFile", file)
    assert world.files.at_path(file["file_path"]) == PNG
    assert world.files.at_path("nowhere") is None


async def test_files_above_the_limit_cannot_be_fetched() -> None:
    world, ann = world_with_ann()
    sent = await ask(world, "sendDocument", {"document": b"x" * (DOWNLOAD_LIMIT + 1)}, chat_id=ann.id)
    assert (await refused(world, "getFile", file_id=sent["document"]["file_id"]))[1] == "Bad Request: file is too big"


async def test_album_of_uploads() -> None:
    world, ann = world_with_ann()
    media = [{"type": "photo", "media": "attach://a", "caption": "<i>Us</i>", "parse_mode": "HTML"}]
    media.append({"type": "photo", "media": "attach://b"})
    sent = await ask(world, "sendMediaGroup", {"a": PNG, "b": GIF}, chat_id=ann.id, media=media)
    described("sendMediaGroup", sent)
    assert len({message["media_group_id"] for message in sent}) == 1
    assert sent[0]["caption_entities"] == [{"type": "italic", "offset": 0, "length": 2}]
    assert [delivery.text for delivery in world.deliveries] == ["Us", ""]


async def test_details_that_travel_with_a_file() -> None:
    world, ann = world_with_ann()
    photo = await ask(
        world,
        "sendPhoto",
        {"photo": PNG},
        chat_id=ann.id,
        caption="Above",
        show_caption_above_media=True,
        has_spoiler=True,
    )
    assert (photo["show_caption_above_media"], photo["has_media_spoiler"]) == (True, True)
    song = await ask(world, "sendAudio", {"audio": b"x"}, chat_id=ann.id, title="Hush", duration="61")
    assert (song["audio"]["title"], song["audio"]["duration"]) == ("Hush", 61)
    sticker = await ask(world, "sendSticker", {"sticker": b"x"}, chat_id=ann.id, emoji="🙂")
    assert sticker["sticker"]["emoji"] == "🙂"


async def test_media_is_replaced_in_place() -> None:
    world, ann = world_with_ann()
    sent = await ask(world, "sendPhoto", {"photo": PNG}, chat_id=ann.id, caption="Before")
    where = {"chat_id": ann.id, "message_id": sent["message_id"]}
    edited = await ask(
        world,
        "editMessageMedia",
        {"new": Upload(b"x", "notes.pdf")},
        **where,
        media={"type": "document", "media": "attach://new", "caption": "After"},
    )
    described("editMessageMedia", edited)
    assert "photo" not in edited
    assert (edited["document"]["file_name"], edited["caption"]) == ("notes.pdf", "After")
    live = {"type": "live_photo", "media": "x", "photo": "x"}
    assert "no behaviour" in (await refused(world, "editMessageMedia", **where, media=live))[1]


async def test_copies_and_forwards() -> None:
    world, ann = world_with_ann()
    bea = world.add_person("Bea", has_written=True)
    said = await world.sends(ann, "photo", "Ours")
    secret = await ask(world, "sendMessage", chat_id=ann.id, text="Secret", protect_content=True)
    route = {"chat_id": bea.id, "from_chat_id": ann.id}
    forwarded = await ask(world, "forwardMessage", **route, message_id=said.id)
    assert forwarded["forward_origin"]["sender_user"]["id"] == ann.id
    again = await ask(world, "forwardMessage", chat_id=ann.id, from_chat_id=bea.id, message_id=forwarded["message_id"])
    described("forwardMessage", again)
    assert again["forward_origin"] == forwarded["forward_origin"]
    await ask(world, "copyMessage", **route, message_id=said.id)
    await ask(
        world,
        "copyMessage",
        **route,
        message_id=said.id,
        caption="<b>New</b>",
        parse_mode="HTML",
        reply_markup=keyboard(callback_data="a"),
    )
    for method in ("copyMessages", "forwardMessages"):
        described(method, await ask(world, method, **route, message_ids=[said.id, secret["message_id"], 999]))
    assert [message.text for message in world.sees(bea)] == ["Ours", "Ours", "New", "Ours", "Ours"]
    copy = world.sees(bea)[2]
    assert (copy.kind, copy.entities[0]["type"], len(copy.buttons)) == ("photo", "bold", 1)
    assert "forward_origin" not in copy.raw
    for method in ("copyMessage", "forwardMessage"):
        assert (await refused(world, method, **route, message_id=secret["message_id"]))[0] == 400


async def test_a_poll_is_stopped_once() -> None:
    world, ann = world_with_ann()
    sent = await ask(world, "sendPoll", chat_id=ann.id, question="?", options=[{"text": "a"}])
    where = {"chat_id": ann.id, "message_id": sent["message_id"]}
    poll = await ask(world, "stopPoll", **where)
    check_value("Poll", poll)
    assert poll["is_closed"] is True
    assert "already been closed" in (await refused(world, "stopPoll", **where))[1]
    text = await ask(world, "sendMessage", chat_id=ann.id, text="x")
    assert (await refused(world, "stopPoll", chat_id=ann.id, message_id=text["message_id"]))[0] == 400


async def test_reactions_one_and_free() -> None:
    world, ann = world_with_ann()
    said = await world.says(ann, "Good news")
    where = {"chat_id": ann.id, "message_id": said.id}
    thumb = {"type": "emoji", "emoji": "👍"}
    await ask(world, "setMessageReaction", **where, reaction=[thumb])
    assert list(said.reactions.values()) == [[thumb]]
    assert "TOO_MANY" in (await refused(world, "setMessageReaction", **where, reaction=[thumb, thumb]))[1]
    assert "INVALID" in (await refused(world, "setMessageReaction", **where, reaction=[{"type": "paid"}]))[1]


async def test_other_keyboards_live_in_the_app_alone() -> None:
    world, ann = world_with_ann()
    markups: list[dict[str, Any]] = [
        {"keyboard": [["Yes", {"text": "No"}]]},
        {"remove_keyboard": True},
        {"force_reply": True},
        {"inline_keyboard": [[]]},
    ]
    for markup in markups:
        await ask(world, "sendMessage", chat_id=ann.id, text="x", reply_markup=markup)
    assert all(message.buttons == [] for message in world.sees(ann))


@pytest.mark.parametrize("url", ["https://example.org", "http://localhost/a", "tg://resolve?domain=x", "example.org/x"])
async def test_links_that_a_button_may_open(url: str) -> None:
    world, ann = world_with_ann()
    await ask(world, "sendMessage", chat_id=ann.id, text="x", reply_markup=keyboard(url=url))
    assert world.sees(ann)[0].buttons[0][0]["url"] == url


def test_picture_sizes() -> None:
    assert image_size(PNG) == (64, 48)
    assert image_size(GIF) == (10, 20)
    assert image_size(JPEG) == (40, 30)
    assert image_size(JPEG[:12]) == (0, 0)
    assert image_size(b"\xff\xd8words that are no picture") == (0, 0)
    assert image_size(b"") == (0, 0)


async def test_pinning_and_deleting_go_together() -> None:
    world, ann = world_with_ann()
    first = await ask(world, "sendMessage", chat_id=ann.id, text="1")
    second = await ask(world, "sendMessage", chat_id=ann.id, text="2")
    for message in (first, first, second):
        await ask(world, "pinChatMessage", chat_id=ann.id, message_id=message["message_id"])
    await ask(world, "deleteMessage", chat_id=ann.id, message_id=second["message_id"])
    assert world.chats[ann.id].pinned == [first["message_id"]]
    await ask(world, "unpinChatMessage", chat_id=ann.id, message_id=first["message_id"])
    group = world.add_group("Led", ann, bot_is_admin=True)
    theirs = await world.says(ann, "rude", chat=group)
    await ask(world, "deleteMessage", chat_id=group.id, message_id=theirs.id)
    plain = world.add_group("Plain", ann)
    theirs = await world.says(ann, "rude", chat=plain)
    assert (await refused(world, "deleteMessage", chat_id=plain.id, message_id=theirs.id))[0] == 400
    await ask(world, "deleteMessages", chat_id=plain.id, message_ids=[theirs.id])
    assert world.sees(ann, plain) == [theirs]
