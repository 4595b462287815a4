"""What Telegram refuses, the stand-in refuses: one row a refusal."""

from typing import Any

import pytest

from bot.sandbox.chats import FIRST_PERSON
from bot.sandbox.description import bot_api
from bot.sandbox.files import UPLOAD_LIMIT
from bot.sandbox.methods import BEHAVIOUR
from bot.sandbox.stage import BOT_ID, PRETEND_TOKEN
from bot.sandbox.world import World
from tests.sandbox.asking import PNG, ask, keyboard, refused, world_with_ann

ANN = FIRST_PERSON
TEXT = {"chat_id": ANN, "text": "Hello"}

REFUSALS: list[tuple[str, dict[str, Any], int, str]] = [
    ("noSuchMethod", {}, 404, "Not Found: method not found"),
    ("sendMessage", {"text": "x"}, 400, "chat_id is empty"),
    ("sendMessage", {"chat_id": ANN}, 400, "message text is empty"),
    ("sendMessage", {**TEXT, "text": "  \n "}, 400, "message text is empty"),
    ("sendMessage", {**TEXT, "text": "<b> </b>", "parse_mode": "HTML"}, 400, "message text is empty"),
    ("sendMessage", {**TEXT, "text": "x" * 4097}, 400, "message is too long"),
    ("sendMessage", {**TEXT, "text": "👶" * 2049}, 400, "message is too long"),
    ("sendMessage", {**TEXT, "sound": "loud"}, 400, "unknown parameter"),
    ("sendMessage", {**TEXT, "disable_notification": "perhaps"}, 400, "must be of type Boolean"),
    ("sendMessage", {**TEXT, "text": ["x"]}, 400, "not an array"),
    ("sendMessage", {**TEXT, "text": {"x": 1}}, 400, "must not be an object"),
    ("sendMessage", {**TEXT, "text": "\ud83d"}, 400, "must be of type String"),
    ("sendMessage", {**TEXT, "message_thread_id": "9" * 30}, 400, "must be of type Integer"),
    ("sendMessage", {**TEXT, "parse_mode": "Wiki"}, 400, "unsupported parse_mode"),
    ("sendMessage", {**TEXT, "parse_mode": "MarkdownV2"}, 400, "no Markdown"),
    ("sendMessage", {**TEXT, "reply_markup": "{"}, 400, "can't parse reply_markup JSON object"),
    ("sendMessage", {**TEXT, "reply_markup": "[" * 100_000}, 400, "can't parse reply_markup JSON object"),
    ("sendMessage", {**TEXT, "reply_markup": {}}, 400, "can't parse reply_markup"),
    ("sendMessage", {**TEXT, "reply_markup": "3"}, 400, "reply_markup must be of type"),
    ("sendMessage", {**TEXT, "reply_markup": {"inline_keyboard": [[{"url": "https://example.org"}]]}}, 400, '"text"'),
    ("sendMessage", {**TEXT, "reply_markup": {"inline_keyboard": [{"text": "a"}]}}, 400, "inline_keyboard[0]"),
    ("sendMessage", {**TEXT, "reply_markup": keyboard(colour="red", url="https://example.org")}, 400, "unknown field"),
    ("sendMessage", {**TEXT, "reply_markup": keyboard()}, 400, "Text buttons are unallowed"),
    (
        "sendMessage",
        {**TEXT, "reply_markup": keyboard(url="https://example.org", callback_data="a")},
        400,
        "exactly one",
    ),
    ("sendMessage", {**TEXT, "reply_markup": keyboard(text=" ", callback_data="a")}, 400, "text is empty"),
    ("sendMessage", {**TEXT, "reply_markup": keyboard(callback_data="")}, 400, "BUTTON_DATA_INVALID"),
    ("sendMessage", {**TEXT, "reply_markup": keyboard(callback_data="a" * 65)}, 400, "BUTTON_DATA_INVALID"),
    ("sendMessage", {**TEXT, "reply_markup": keyboard(callback_data="é" * 33)}, 400, "BUTTON_DATA_INVALID"),
    ("sendMessage", {**TEXT, "reply_markup": keyboard(url="tel:+441632960001")}, 400, "Unsupported URL protocol"),
    ("sendMessage", {**TEXT, "reply_markup": keyboard(url="ftp://example.org")}, 400, "Unsupported URL protocol"),
    ("sendMessage", {**TEXT, "reply_markup": keyboard(url="https://")}, 400, "Wrong HTTP URL"),
    ("sendMessage", {**TEXT, "reply_markup": keyboard(url="https://ex ample.org")}, 400, "Wrong HTTP URL"),
    ("sendMessage", {**TEXT, "reply_markup": keyboard(url="https://[")}, 400, "Wrong HTTP URL"),
    ("sendMessage", {**TEXT, "reply_markup": keyboard(url="nowhere")}, 400, "Wrong HTTP URL"),
    ("sendMessage", {**TEXT, "reply_markup": keyboard(copy_text={"text": "x" * 257})}, 400, "1-256 characters"),
    (
        "sendMessage",
        {**TEXT, "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "a"}]] * 101}},
        400,
        "reply markup is too long",
    ),
    ("sendMessage", {**TEXT, "reply_markup": {"keyboard": [[{"text": " "}]]}}, 400, "text is empty"),
    ("sendMessage", {**TEXT, "reply_markup": {"force_reply": False}}, 400, "object expected as reply markup"),
    ("sendMessage", {**TEXT, "reply_parameters": {"message_id": 99}}, 400, "message to be replied not found"),
    ("sendMessage", {**TEXT, "entities": [{"type": "bold", "offset": 4, "length": 9}]}, 400, "incorrect length"),
    ("sendMessage", {**TEXT, "entities": [{"type": "bold", "offset": 9, "length": 1}]}, 400, "incorrect offset"),
    ("sendMessage", {**TEXT, "entities": [{"type": "text_link", "offset": 0, "length": 1}]}, 400, "has no url"),
    (
        "sendMessage",
        {**TEXT, "text": "👶", "entities": [{"type": "bold", "offset": 1, "length": 1}]},
        400,
        "splits a UTF-16 symbol",
    ),
    ("sendMessage", {**TEXT, "chat_id": 7}, 400, "chat not found"),
    ("sendMessage", {**TEXT, "chat_id": "Ann"}, 400, "chat not found"),
    ("sendMessage", {**TEXT, "chat_id": "@nobody"}, 400, "chat not found"),
    ("sendMessage", {**TEXT, "chat_id": BOT_ID}, 403, "bots can't send messages to bots"),
    ("sendMessage", {**TEXT, "chat_id": ANN + 1}, 403, "bot can't initiate conversation with a user"),
    ("getChat", {"chat_id": ANN + 1}, 400, "chat not found"),
    ("sendChatAction", {"chat_id": ANN, "action": "dancing"}, 400, "wrong parameter action"),
    ("editMessageText", {**TEXT, "message_id": 99}, 400, "message to edit not found"),
    ("editMessageText", {**TEXT}, 400, "message identifier is not specified"),
    ("editMessageText", {"text": "x"}, 400, "chat_id is empty"),
    ("editMessageText", {"text": "x", "inline_message_id": "7"}, 400, "MESSAGE_ID_INVALID"),
    ("editMessageText", {**TEXT, "message_id": 1, "rich_message": {"html": "x"}}, 400, "no behaviour"),
    ("deleteMessage", {"chat_id": ANN, "message_id": 99}, 400, "message to delete not found"),
    ("deleteMessages", {"chat_id": ANN, "message_ids": []}, 400, "1-100 items"),
    ("forwardMessage", {"chat_id": ANN, "from_chat_id": ANN, "message_id": 9}, 400, "message to forward not found"),
    ("copyMessage", {"chat_id": ANN, "from_chat_id": ANN, "message_id": 9}, 400, "message to copy not found"),
    ("copyMessages", {"chat_id": ANN, "from_chat_id": ANN, "message_ids": [2, 1]}, 400, "strictly increasing"),
    ("forwardMessages", {"chat_id": ANN, "from_chat_id": ANN, "message_ids": [8]}, 400, "no messages to forward"),
    ("pinChatMessage", {"chat_id": ANN, "message_id": 9}, 400, "message to pin not found"),
    ("unpinChatMessage", {"chat_id": ANN}, 400, "message to unpin not found"),
    ("setMessageReaction", {"chat_id": ANN, "message_id": 9}, 400, "message to react not found"),
    ("stopPoll", {"chat_id": ANN, "message_id": 9}, 400, "message with poll to stop not found"),
    ("answerCallbackQuery", {"callback_query_id": "7"}, 400, "query is too old"),
    ("answerCallbackQuery", {"callback_query_id": "7", "text": "x" * 201}, 400, "MESSAGE_TOO_LONG"),
    ("answerInlineQuery", {"inline_query_id": "7", "results": []}, 400, "query is too old"),
    ("sendPhoto", {"chat_id": ANN}, 400, "there is no photo in the request"),
    ("sendPhoto", {"chat_id": ANN, "photo": "whatever"}, 400, "wrong file identifier/HTTP URL specified"),
    ("sendPhoto", {"chat_id": ANN, "photo": "attach://none"}, 400, "wrong file identifier/HTTP URL specified"),
    ("sendPhoto", {"chat_id": ANN, "photo": "https://example.org/a.png"}, 400, "failed to get HTTP URL content"),
    ("sendPhoto", {"chat_id": ANN, "photo": "x", "caption": "x" * 1025}, 400, "message caption is too long"),
    ("sendMediaGroup", {"chat_id": ANN, "media": [{"type": "photo", "media": "x"}]}, 400, "2-10 items"),
    ("sendMediaGroup", {"chat_id": ANN, "media": [{"type": "hologram", "media": "x"}] * 2}, 400, "fixed values"),
    (
        "sendMediaGroup",
        {"chat_id": ANN, "media": [{"type": "photo", "media": "x"}, {"type": "audio", "media": "x"}]},
        400,
        "can't be mixed",
    ),
    (
        "sendMediaGroup",
        {"chat_id": ANN, "media": [{"type": "live_photo", "media": "x", "photo": "x"}] * 2},
        400,
        "no behaviour for live photos",
    ),
    ("sendPoll", {"chat_id": ANN, "question": "?" * 301, "options": [{"text": "a"}]}, 400, "1-300 characters"),
    ("sendPoll", {"chat_id": ANN, "question": "   ", "options": [{"text": "a"}]}, 400, "question must be non-empty"),
    ("sendPoll", {"chat_id": ANN, "question": "?", "options": []}, 400, "1-12 items"),
    ("sendPoll", {"chat_id": ANN, "question": "?", "options": [{"text": " "}]}, 400, "option must be non-empty"),
    ("sendPoll", {"chat_id": ANN, "question": "?", "options": [{"text": "a"}], "type": "duel"}, 400, "poll type"),
    (
        "sendPoll",
        {"chat_id": ANN, "question": "?", "options": [{"text": "a"}], "type": "quiz", "correct_option_ids": [1]},
        400,
        "wrong correct option",
    ),
    ("sendLocation", {"chat_id": ANN, "latitude": 91, "longitude": 0}, 400, "wrong latitude or longitude"),
    ("sendLocation", {"chat_id": ANN, "latitude": "north", "longitude": 0}, 400, "must be of type Float"),
    ("sendMessage", {**TEXT, "reply_parameters": '{"message_id": NaN}'}, 400, "can't parse reply_parameters"),
    ("sendLocation", {"chat_id": ANN, "latitude": "nan", "longitude": 0}, 400, "must be of type Float"),
    ("sendContact", {"chat_id": ANN, "phone_number": "", "first_name": "Bea"}, 400, "must be non-empty"),
    ("getFile", {"file_id": "none"}, 400, "invalid file_id"),
    ("getChatMember", {"chat_id": ANN, "user_id": 7}, 400, "user not found"),
    ("getChatMember", {"chat_id": ANN, "user_id": ANN + 1}, 400, "member not found"),
    ("getChatAdministrators", {"chat_id": ANN}, 400, "no administrators in the private chat"),
    ("leaveChat", {"chat_id": ANN}, 400, "can't be changed in private chats"),
    ("getUserProfilePhotos", {"user_id": 7}, 400, "user not found"),
    ("setMyCommands", {"commands": [{"command": "Start", "description": "x"}]}, 400, "BOT_COMMAND_INVALID"),
    ("setMyCommands", {"commands": [{"command": "a" * 33, "description": "x"}]}, 400, "BOT_COMMAND_INVALID"),
    ("setMyCommands", {"commands": [{"command": "a", "description": ""}]}, 400, "BOT_COMMAND_DESCRIPTION_INVALID"),
    ("setMyCommands", {"commands": [{"command": "a", "description": " "}]}, 400, "BOT_COMMAND_DESCRIPTION_INVALID"),
    ("setMyCommands", {"commands": [{"command": "a", "description": "x" * 257}]}, 400, "DESCRIPTION_INVALID"),
    ("setMyCommands", {"commands": [{"command": "a", "description": "x"}] * 101}, 400, "BOT_COMMANDS_TOO_MUCH"),
    ("setMyCommands", {"commands": [], "language_code": "english"}, 400, "LANG_CODE_INVALID"),
    ("setMyCommands", {"commands": [], "scope": {"type": "moon"}}, 400, "fixed values"),
    ("setMyDescription", {"description": "x" * 513}, 400, "0-512 characters"),
    ("setMyShortDescription", {"short_description": "x" * 121}, 400, "0-120 characters"),
    ("setMyName", {"name": "x" * 65}, 400, "0-64 characters"),
    ("getUpdates", {"limit": 101}, 400, "from 1 to 100"),
    ("getUpdates", {"allowed_updates": ["messages"]}, 400, "does not exist"),
    ("setWebhook", {}, 400, '"url" is required'),
    ("setWebhook", {"url": "https://example.org/hook"}, 400, "loopback addresses only"),
    ("setWebhook", {"url": "127.0.0.1"}, 400, "bad webhook"),
    ("setWebhook", {"url": "http://["}, 400, "bad webhook"),
    ("setWebhook", {"url": "http://127.0.0.1/", "secret_token": "with space"}, 400, "unallowed characters"),
    ("sendDice", {"chat_id": ANN}, 400, "the stand-in has no behaviour for sendDice"),
]


@pytest.mark.parametrize(
    ("method", "params", "code", "words"), REFUSALS, ids=[f"{row[0]}-{row[3][:30]}" for row in REFUSALS]
)
async def test_refusal(method: str, params: dict[str, Any], code: int, words: str) -> None:
    world, _ = world_with_ann()
    world.add_person("Bea")
    told, description = await refused(world, method, **params)
    assert told == code
    assert words in description
    assert code != 400 or description.startswith("Bad Request: ")
    assert world.deliveries == []


@pytest.mark.parametrize("method", sorted(bot_api()["methods"].keys() - BEHAVIOUR.keys()))
async def test_what_is_described_but_not_played_is_never_pretended(method: str) -> None:
    world, _ = world_with_ann()
    code, _ = await refused(world, method)
    assert code == 400


async def test_tokens() -> None:
    world, ann = world_with_ann()
    for token, code in ((PRETEND_TOKEN, 200), ("12:" + "x" * 35, 401), ("nonsense", 404)):
        status, _ = await world.call("sendMessage", {"chat_id": ann.id, "text": "x"}, token=token)
        assert status == code
    assert len(world.deliveries) == 1


async def test_blocked_deactivated_and_unblocked() -> None:
    world, ann = world_with_ann()
    world.blocks(ann)
    assert await refused(world, "sendMessage", **TEXT) == (403, "Forbidden: bot was blocked by the user")
    world.unblocks(ann)
    await ask(world, "sendMessage", **TEXT)
    world.deactivates(ann)
    assert await refused(world, "sendMessage", **TEXT) == (403, "Forbidden: user is deactivated")


async def test_edit_must_change_something_and_be_ours() -> None:
    world, ann = world_with_ann()
    sent = await ask(world, "sendMessage", chat_id=ann.id, text="One", reply_markup=keyboard(callback_data="a"))
    same = {"chat_id": ann.id, "message_id": sent["message_id"], "text": "One"}
    code, description = await refused(world, "editMessageText", **same, reply_markup=keyboard(callback_data="a"))
    assert (code, description.partition(":")[0]) == (400, "Bad Request")
    assert "message is not modified" in description
    await ask(world, "editMessageText", **same)
    assert world.sees(ann)[-1].buttons == []
    _, description = await refused(world, "editMessageReplyMarkup", chat_id=ann.id, message_id=sent["message_id"])
    assert "message is not modified" in description
    hers = await world.says(ann, "Mine")
    _, description = await refused(world, "editMessageText", chat_id=ann.id, message_id=hers.id, text="x")
    assert "message can't be edited" in description


async def test_words_and_captions_are_edited_where_they_are() -> None:
    world, ann = world_with_ann()
    text = await ask(world, "sendMessage", **TEXT)
    photo = await ask(world, "sendPhoto", {"photo": PNG}, chat_id=ann.id, caption="Before")
    place = await ask(world, "sendLocation", chat_id=ann.id, latitude=51.5, longitude=0)
    for method, message, field, words in (
        ("editMessageCaption", text, "caption", "there is no caption"),
        ("editMessageText", photo, "text", "there is no text"),
        ("editMessageMedia", place, "media", "message can't be edited"),
    ):
        given = {"type": "photo", "media": "x"} if field == "media" else "New"
        asked = {"chat_id": ann.id, "message_id": message["message_id"], field: given}
        _, description = await refused(world, method, **asked)
        assert words in description
    await ask(world, "editMessageCaption", chat_id=ann.id, message_id=photo["message_id"], caption="After")
    assert [message.text for message in world.sees(ann)] == ["Hello", "After", ""]


async def test_deletion_ends_after_48_hours() -> None:
    world, ann = world_with_ann()
    old = await ask(world, "sendMessage", **TEXT)
    world.clock.forward(hours=48, seconds=1)  # type: ignore[attr-defined]
    new = await ask(world, "sendMessage", **TEXT)
    _, description = await refused(world, "deleteMessage", chat_id=ann.id, message_id=old["message_id"])
    assert "message can't be deleted" in description
    ids = [old["message_id"], new["message_id"], 99]
    await ask(world, "deleteMessages", chat_id=ann.id, message_ids=ids)
    assert [message.id for message in world.sees(ann)] == [old["message_id"]]


async def test_files_are_checked() -> None:
    world, ann = world_with_ann()
    tall = PNG[:16] + (10).to_bytes(4, "big") + (9_000).to_bytes(4, "big")
    for method, files, code, words in (
        ("sendPhoto", {"photo": b""}, 400, "file must be non-empty"),
        ("sendPhoto", {"photo": b"words"}, 400, "IMAGE_PROCESS_FAILED"),
        ("sendPhoto", {"photo": tall}, 400, "PHOTO_INVALID_DIMENSIONS"),
        ("sendDocument", {"document": b"x" * (UPLOAD_LIMIT + 1)}, 413, "Request Entity Too Large"),
        ("sendDocument", {"document": b"x", "stray": b"x"}, 400, "unknown parameter"),
    ):
        told, description = await refused(world, method, files, chat_id=ann.id)
        assert told == code
        assert words in description
    sent = await ask(world, "sendPhoto", {"photo": PNG}, chat_id=ann.id)
    photo_id = sent["photo"][0]["file_id"]
    _, description = await refused(world, "sendDocument", chat_id=ann.id, document=photo_id)
    assert "can't use file of type Photo as Document" in description


async def test_supergroup_that_moved_names_the_new_chat() -> None:
    world, ann = world_with_ann()
    old, new = world.add_group("Old", ann, supergroup=False), world.add_group("New", ann)
    old.migrated_to = new.id
    status, body = await world.call("sendMessage", {"chat_id": old.id, "text": "x"})
    assert status == 400
    assert f'"migrate_to_chat_id":{new.id}'.encode() in body


@pytest.mark.parametrize("supergroup", [True, False])
async def test_groups_refuse_a_bot_that_was_removed(supergroup: bool) -> None:
    world, ann = world_with_ann()
    group = world.add_group("Toddlers", ann, supergroup=supergroup)
    message = await ask(world, "sendMessage", chat_id=group.id, text="x")
    code, description = await refused(world, "pinChatMessage", chat_id=group.id, message_id=message["message_id"])
    assert (code, "not enough rights" in description) == (400, True)
    world.removes_bot(ann, group)
    code, description = await refused(world, "sendMessage", chat_id=group.id, text="x")
    assert (code, description) == (403, f"Forbidden: bot was kicked from the {group.kind} chat")
    assert (await refused(world, "getChatMemberCount", chat_id=group.id))[0] == 403


async def test_a_world_of_its_own_token() -> None:
    world = World(token="77:" + "y" * 35)
    assert (await ask(world, "getMe"))["id"] == 77
