"""The people's side: what they do reaches the bot as updates, what the bot does shows in their chats."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.sandbox.attachments import CAPTIONED, KINDS
from bot.sandbox.description import check_value
from bot.sandbox.world import World
from tests.sandbox.asking import ask, heard, keyboard, refused, world_with_ann
from tests.sandbox.test_updates import at_once, never


async def test_a_command_carries_its_entity() -> None:
    world, ann = world_with_ann()
    await world.says(ann, "/start week_2025")
    (update,) = await heard(world)
    assert update["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert update["message"]["from"] == {"id": ann.id, "is_bot": False, "first_name": "Ann", "language_code": "en"}


async def test_first_words_open_the_chat() -> None:
    world, _ = world_with_ann()
    bea = world.add_person("Bea", language_code=None, username="bea_example")
    assert (await refused(world, "sendMessage", chat_id=bea.id, text="x"))[0] == 403
    await world.says(bea, "Hello")
    await ask(world, "sendMessage", chat_id=str(bea.id), text="Hello Bea")
    assert [message.text for message in world.sees(bea)] == ["Hello", "Hello Bea"]
    assert bea.user() == {"id": bea.id, "is_bot": False, "first_name": "Bea", "username": "bea_example"}


async def test_long_words_go_out_in_parts_and_empty_ones_not_at_all() -> None:
    world, ann = world_with_ann()
    last = await world.says(ann, "👶" * 2048 + "end")
    assert last.text == "end"
    assert [len(update["message"]["text"]) for update in await heard(world)] == [2048, 3]
    with pytest.raises(ValueError, match="empty"):
        await world.says(ann, " ")


@pytest.mark.parametrize("kind", sorted(KINDS))
async def test_every_kind_of_message_is_as_described(kind: str) -> None:
    world, ann = world_with_ann()
    caption = "Look: #hashtag" if kind in CAPTIONED else None
    message = await world.sends(ann, kind, caption)
    assert message.kind == kind
    assert message.text == (caption or "")
    (update,) = await heard(world)
    check_value("Update", update)


async def test_what_cannot_be_sent() -> None:
    world, ann = world_with_ann()
    with pytest.raises(ValueError, match="nobody can send"):
        await world.sends(ann, "smell")
    with pytest.raises(ValueError, match="has no caption"):
        await world.sends(ann, "sticker", "words")


async def test_edits_come_as_edited_messages() -> None:
    world, ann = world_with_ann()
    message, photo = await world.says(ann, "befour #one"), await world.sends(ann, "photo", "a")
    await heard(world)
    await world.edits(ann, message.id, "before")
    await world.edits(ann, photo.id, "b #c")
    first, second = await heard(world)
    assert first["edited_message"]["text"] == "before"
    assert "entities" not in first["edited_message"]
    assert second["edited_message"]["caption"] == "b #c"
    assert [seen.edited for seen in world.sees(ann)] == [True, True]
    reply = await ask(world, "sendMessage", chat_id=ann.id, text="x")
    with pytest.raises(ValueError, match="their own"):
        await world.edits(ann, reply["message_id"], "y")


async def test_a_reply_quotes_and_can_be_forgiven() -> None:
    world, ann = world_with_ann()
    sent = await ask(world, "sendMessage", chat_id=ann.id, text="Question?")
    said = await world.says(ann, "Answer", reply_to=sent["message_id"])
    back = await ask(world, "sendMessage", chat_id=ann.id, text="Thanks", reply_parameters={"message_id": said.id})
    assert back["reply_to_message"]["text"] == "Answer"
    assert "reply_to_message" not in back["reply_to_message"]
    lost = {"message_id": 999, "allow_sending_without_reply": True}
    assert "reply_to_message" not in await ask(world, "sendMessage", chat_id=ann.id, text="x", reply_parameters=lost)


async def pressed(data: str = "more", **options: Any) -> tuple[Any, Any, int]:
    world, ann = world_with_ann(**options)
    sent = await ask(world, "sendMessage", chat_id=ann.id, text="x", reply_markup=keyboard(callback_data=data))
    return world, ann, sent["message_id"]


async def test_a_press_waits_for_its_answer_and_takes_one_only() -> None:
    world, ann, message_id = await pressed(sleep=never)
    press = asyncio.create_task(world.presses(ann, message_id, "more"))
    await asyncio.sleep(0)
    (update,) = await heard(world)
    query = update["callback_query"]
    check_value("Update", update)
    assert (query["data"], query["message"]["message_id"]) == ("more", message_id)
    await ask(world, "answerCallbackQuery", callback_query_id=query["id"], text="Saved", show_alert=True)
    assert await press == "Saved"
    assert world.presses_made()[0].answer == {"text": "Saved", "show_alert": True}
    _, description = await refused(world, "answerCallbackQuery", callback_query_id=query["id"])
    assert "query is too old" in description


async def test_a_press_is_not_answered_for_ever() -> None:
    world, ann, message_id = await pressed(sleep=at_once)
    assert await world.presses(ann, message_id, "more") is None
    assert await world.presses(ann, message_id, "more", wait_s=0) is None
    world.clock.forward(seconds=151)
    for query in world.presses_made():
        assert query.answer is None
        assert query.text is None
        assert (await refused(world, "answerCallbackQuery", callback_query_id=query.id))[0] == 400


async def test_only_buttons_that_show_can_be_pressed() -> None:
    world, ann, message_id = await pressed()
    for wrong in ((message_id, "less"), (999, "more")):
        with pytest.raises(ValueError, match="no button"):
            await world.presses(ann, *wrong)


async def test_blocking_is_told_once_and_ends_with_the_next_words() -> None:
    world, ann = world_with_ann()
    world.blocks(ann)
    world.blocks(ann)
    await world.says(ann, "/start")
    blocked, back, said = await heard(world)
    for update in (blocked, back):
        check_value("Update", update)
    assert blocked["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    assert back["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert said["message"]["text"] == "/start"


async def test_a_group_shows_the_bot_what_privacy_mode_shows() -> None:
    world, ann = world_with_ann()
    bea = world.add_person("Bea")
    group = world.add_group("Toddlers", ann, bea, username="toddlers_example")
    (added,) = await heard(world)
    assert added["my_chat_member"]["new_chat_member"]["status"] == "member"
    ours = await ask(world, "sendMessage", chat_id="@Toddlers_Example", text="Hello all")
    for words in ("chatting", "/help", "/help@another_bot", "/help@Sandbox_Bot", "hey @sandbox_bot you"):
        await world.says(bea, words, chat=group)
    await world.says(bea, "yes", reply_to=ours["message_id"], chat=group.id)
    shown = [update["message"]["text"] for update in await heard(world)]
    assert shown == ["/help", "/help@Sandbox_Bot", "hey @sandbox_bot you", "yes"]
    cid = world.add_person("Cid")
    with pytest.raises(ValueError, match="not in this chat"):
        await world.says(cid, "hi", chat=group)


async def test_edits_in_a_group_reach_an_administrator_only() -> None:
    world, ann = world_with_ann()
    plain = world.add_group("Plain", ann)
    led = world.add_group("Led", ann, bot_is_admin=True)
    empty = world.add_group("Empty", supergroup=False, bot_is_admin=True)
    assert empty.bot_status == "administrator"
    for group in (plain, led):
        message = await world.says(ann, "chatting", chat=group)
        await world.edits(ann, message.id, "chatted", chat=group)
    kinds = [list(update)[1] for update in await heard(world)]
    assert kinds == ["my_chat_member", "my_chat_member", "message", "edited_message"]
    await ask(world, "leaveChat", chat_id=led.id)
    await world.says(ann, "/bye", chat=led)
    assert await heard(world) == []
    assert "not a member" in (await refused(world, "sendMessage", chat_id=led.id, text="x"))[1]


async def test_a_bot_without_privacy_mode_hears_everything() -> None:
    world, ann = world_with_ann(reads_all_group_messages=True)
    group = world.add_group("Toddlers", ann)
    await world.says(ann, "chatting", chat=group)
    assert (await heard(world))[-1]["message"]["text"] == "chatting"
    assert (await ask(world, "getMe"))["can_read_all_group_messages"] is True


async def test_inline_queries_live_thirty_seconds() -> None:
    world, ann = world_with_ann(sleep=never)
    asking = asyncio.create_task(world.asks_inline(ann, "crying"))
    await asyncio.sleep(0)
    (update,) = await heard(world)
    check_value("Update", update)
    content = {"message_text": "<b>Crying</b>", "parse_mode": "HTML"}
    article = {"type": "article", "id": "1", "title": "Crying", "input_message_content": content}
    query_id = update["inline_query"]["id"]
    twice = {"inline_query_id": query_id, "results": [article, article]}
    assert "RESULT_ID_DUPLICATE" in (await refused(world, "answerInlineQuery", **twice))[1]
    broken = {"type": "photo", "id": "2", "photo_file_id": "x", "caption": "<b>", "parse_mode": "HTML"}
    assert (await refused(world, "answerInlineQuery", inline_query_id=query_id, results=[broken]))[0] == 400
    await ask(world, "answerInlineQuery", inline_query_id=query_id, results=[article])
    assert await asking == [article]
    assert await world.asks_inline(ann, "sleep", wait_s=0) == []
    world.clock.forward(seconds=31)  # type: ignore[attr-defined]
    late = (await heard(world))[0]["inline_query"]["id"]
    assert (await refused(world, "answerInlineQuery", inline_query_id=late, results=[]))[0] == 400


async def test_events_tell_everything_once_in_order() -> None:
    world, ann = world_with_ann()
    await world.says(ann, "/start")
    sent = await ask(world, "sendMessage", chat_id=ann.id, text="x", reply_markup=keyboard(callback_data="a"))
    here = {"chat_id": ann.id, "message_id": sent["message_id"]}
    query = world.press(ann, sent["message_id"], "a")
    await ask(world, "answerCallbackQuery", callback_query_id=query.id, text="Yes")
    await ask(world, "sendChatAction", chat_id=ann.id, action="typing")
    await ask(world, "pinChatMessage", **here)
    await ask(world, "unpinChatMessage", chat_id=ann.id)
    await ask(world, "setMessageReaction", **here, reaction=[{"type": "emoji", "emoji": "👍"}])
    await ask(world, "editMessageText", **here, text="y")
    await ask(world, "deleteMessage", **here)
    kinds = ["message", "message", "press", "answer", "typing", "pin", "unpin", "reaction", "edit", "delete"]
    stream = world.events(since=0)
    events = [await anext(stream) for _ in kinds]
    assert [event["type"] for event in events] == kinds
    assert [event["seq"] for event in events] == list(range(1, len(kinds) + 1))
    assert {event["chat_id"] for event in events} == {ann.id}
    waiting = asyncio.ensure_future(anext(stream))
    from_now = asyncio.ensure_future(anext(world.events()))
    await asyncio.sleep(0)
    assert not waiting.done()
    world.blocks(ann)
    assert (await waiting)["status"] == (await from_now)["status"] == "kicked"
    assert world.stream.kept(since=99) == []


async def test_who_is_in_a_chat() -> None:
    world, ann = world_with_ann()
    bea = world.add_person("Bea", has_written=True)
    group = world.add_group("Toddlers", ann, bot_is_admin=True)
    bot_id = (await ask(world, "getMe"))["id"]
    for user_id, status in ((ann.id, "creator"), (bea.id, "left"), (bot_id, "administrator")):
        member = await ask(world, "getChatMember", chat_id=group.id, user_id=user_id)
        assert check_value("ChatMember", member)["status"] == status
    assert await ask(world, "getChatMemberCount", chat_id=group.id) == 2
    leading = await ask(world, "getChatAdministrators", chat_id=group.id)
    assert [member["user"]["id"] for member in leading] == [ann.id, bot_id]
    sent = await ask(world, "sendMessage", chat_id=group.id, text="x")
    await ask(world, "pinChatMessage", chat_id=group.id, message_id=sent["message_id"])
    full = check_value("ChatFullInfo", await ask(world, "getChat", chat_id=group.id))
    assert full["pinned_message"]["message_id"] == sent["message_id"]
    await ask(world, "unpinAllChatMessages", chat_id=group.id)
    assert "pinned_message" not in await ask(world, "getChat", chat_id=group.id)
    plain = world.add_group("Plain", ann)
    assert len(await ask(world, "getChatAdministrators", chat_id=plain.id)) == 1
    assert (await ask(world, "getUserProfilePhotos", user_id=ann.id))["total_count"] == 0


async def test_an_event_that_comes_while_another_is_read_is_not_missed() -> None:
    world, ann = world_with_ann()
    world.blocks(ann)
    stream = world.events(since=0)
    assert (await anext(stream))["status"] == "kicked"
    world.unblocks(ann)
    assert (await anext(stream))["status"] == "member"
    gone = asyncio.ensure_future(anext(stream))
    await asyncio.sleep(0)
    gone.cancel()
    world.blocks(ann)
    with pytest.raises(asyncio.CancelledError):
        await gone


async def test_a_world_of_today() -> None:
    world = World()
    said = await world.says(world.add_person("Ann"), "Hello")
    assert said.at.utcoffset() == timedelta(0)
    assert said.raw["date"] == int(said.at.timestamp())


async def test_formatted_words_stand_as_they_were_sent() -> None:
    world, ann = world_with_ann()
    sent = await ask(world, "sendMessage", chat_id=ann.id, text="👶 <b>Sleep</b> /help", parse_mode="HTML")
    assert sent["entities"] == world.sees(ann)[0].entities
    assert [(entity["type"], entity["offset"]) for entity in sent["entities"]] == [("bold", 3), ("bot_command", 9)]
