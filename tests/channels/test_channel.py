"""Sending, editing, answering presses; what is tried again and what is not."""

import json
from typing import Any

import pytest

from bot.broadcast.announcement import Content, MediaKind, Medium, content_values
from bot.channels.telegram.bodies import Stop, encode
from bot.messaging import (
    Announced,
    Button,
    Command,
    Delivered,
    Elsewhere,
    Incoming,
    Notice,
    Press,
    Reply,
    Sender,
    Span,
)
from tests.channels.desk import NOON, Desk, ok, refusal

HELLO = Reply((Span("Hello"),))
LONG = Reply((Span("a" * 4096 + "b"),), ((Button("More", payload="more"),),))
MOVED = refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-1005)
THROTTLED = refusal(429, "Too Many Requests: retry after 9", retry_after=9)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def incoming(content: Any) -> Incoming:
    return Incoming("1", Sender("telegram", "5"), NOON, content)


async def test_a_reply_is_one_message_without_previews(desk: Desk) -> None:
    bot = await desk.bot()
    result = await bot.send("5", Reply((Span("1 < 2"),), ((Button("More", payload="more"),),)))
    assert (result.outcome, result.message_ids) == (Delivered.SENT, ("101",))
    assert desk.asked[-1] == (
        "sendMessage",
        {
            "chat_id": "5",
            "text": "1 &lt; 2",
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
            "reply_markup": {"inline_keyboard": [[{"text": "More", "callback_data": "more"}]]},
        },
    )


async def test_a_long_reply_is_several_with_the_buttons_on_the_last(desk: Desk) -> None:
    result = await (await desk.bot()).send("5", LONG)
    assert result.message_ids == ("101", "102")
    assert ["reply_markup" in params for method, params in desk.asked if method == "sendMessage"] == [False, True]


async def test_a_part_that_fails_after_another_arrived_leaves_the_whole_uncertain(desk: Desk) -> None:
    desk.lay_out("sendMessage", ok({"message_id": 1}), refusal(403, "Forbidden: bot was blocked by the user"))
    result = await (await desk.bot()).send("5", LONG)
    assert (result.outcome, result.message_ids) == (Delivered.UNCERTAIN, ("1",))


async def test_an_edit_takes_the_place_of_the_message(desk: Desk) -> None:
    result = await (await desk.bot()).send("5", Reply((Span("New"),), edits="9"))
    assert (result.outcome, result.message_ids) == (Delivered.SENT, ("9",))
    assert desk.methods() == ["editMessageText"]
    assert desk.asked[-1][1]["message_id"] == "9"


async def test_a_long_edit_goes_on_in_a_new_message(desk: Desk) -> None:
    result = await (await desk.bot()).send("5", Reply(LONG.spans, edits="9"))
    assert result.message_ids == ("9", "101")
    assert desk.methods() == ["editMessageText", "sendMessage"]


@pytest.mark.parametrize(
    ("description", "methods", "outcome"),
    [
        ("message is not modified: specified new message content is the same", ["editMessageText"], Delivered.SENT),
        ("message to edit not found", ["editMessageText", "sendMessage"], Delivered.SENT),
        ("message can't be edited", ["editMessageText", "sendMessage"], Delivered.SENT),
        ("MESSAGE_ID_INVALID", ["editMessageText", "sendMessage"], Delivered.SENT),
        ("there is no text in the message to edit", ["editMessageText", "sendMessage"], Delivered.SENT),
        ("chat not found", ["editMessageText"], Delivered.FAILED),
    ],
)
async def test_an_edit_that_telegram_refuses(
    desk: Desk, description: str, methods: list[str], outcome: Delivered
) -> None:
    desk.lay_out("editMessageText", refusal(400, f"Bad Request: {description}"))
    result = await (await desk.bot()).send("5", Reply((Span("New"),), edits="9"))
    assert desk.methods() == methods
    assert result.outcome is outcome


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (refusal(403, "Forbidden: bot was blocked by the user"), Delivered.BLOCKED),
        (refusal(400, "Bad Request: chat not found"), Delivered.FAILED),
        (refusal(401, "Unauthorized"), Delivered.UNSENT),
        ((502, b""), Delivered.UNCERTAIN),
        ((200, b"?"), Delivered.UNCERTAIN),
        (ok({"no": "id"}), Delivered.UNCERTAIN),
        (ok(True), Delivered.UNCERTAIN),
        (ConnectionResetError(), Delivered.UNCERTAIN),
    ],
)
async def test_what_may_have_arrived_or_cannot_arrive_is_sent_once(desk: Desk, answer: Any, outcome: Delivered) -> None:
    desk.lay_out("sendMessage", answer)
    result = await (await desk.bot()).send("5", HELLO)
    assert result.outcome is outcome
    assert desk.methods() == ["sendMessage"]
    assert desk.slept == []


async def test_after_a_429_exactly_that_long_is_waited(desk: Desk) -> None:
    desk.lay_out("sendMessage", THROTTLED, THROTTLED)
    result = await (await desk.bot()).send("5", HELLO)
    assert result.outcome is Delivered.SENT
    assert desk.slept == [9, 9]


async def test_a_429_without_end_or_for_too_long_is_handed_back(desk: Desk) -> None:
    desk.lay_out("sendMessage", *[THROTTLED] * 9)
    bot = await desk.bot()
    assert (await bot.send("5", HELLO)).outcome is Delivered.UNSENT
    assert desk.slept == [9, 9, 9]
    desk.lay_out("sendMessage", refusal(429, "Too Many Requests", retry_after=61))
    result = await bot.send("5", HELLO)
    assert (result.outcome, result.retry_after_s) == (Delivered.UNSENT, 61)
    assert len(desk.slept) == 3


async def test_a_connection_that_cannot_be_made_is_tried_four_times_in_all(desk: Desk) -> None:
    bot = await desk.bot()
    await bot.close()
    from bot.channels.telegram.request import NotSent, Reason

    desk.lay_out("sendMessage", *[NotSent(Reason.DNS)] * 3)
    assert (await bot.send("5", HELLO)).outcome is Delivered.SENT
    desk.lay_out("sendMessage", *[NotSent(Reason.DNS)] * 4)
    result = await bot.send("5", HELLO)
    assert (result.outcome, result.error) == (Delivered.UNSENT, Reason.DNS)
    assert desk.slept == [0.5, 1.0, 2.0] * 2


async def test_a_group_that_moved_is_followed(desk: Desk) -> None:
    desk.lay_out("sendMessage", MOVED)
    result = await (await desk.bot()).send("-5", HELLO)
    assert (result.outcome, result.migrated_to) == (Delivered.SENT, "-1005")
    assert desk.asked[-1][1]["chat_id"] == "-1005"


async def test_a_reply_without_words_is_a_mistake_of_ours(desk: Desk) -> None:
    bot = await desk.bot()
    with pytest.raises(ValueError, match="needs words"):
        await bot.send("5", Reply((Span(" \n"),)))


async def test_a_press_is_answered_with_the_words_of_its_notice(desk: Desk) -> None:
    bot = await desk.bot()
    press = incoming(Press("x", "9", "900"))
    assert (await bot.deliver(press, Notice("💛" * 150))).outcome is Delivered.SENT
    assert (await bot.deliver(press, Notice(""))).outcome is Delivered.SENT
    assert [params for _, params in desk.asked[1:]] == [
        {"callback_query_id": "900", "text": "💛" * 100},
        {"callback_query_id": "900"},
    ]


@pytest.mark.parametrize(
    "description", ["query is too old and response timeout expired or query ID is invalid", "QUERY_ID_INVALID"]
)
async def test_a_press_that_nobody_waits_for_any_more_is_no_error(desk: Desk, description: str) -> None:
    desk.lay_out("answerCallbackQuery", refusal(400, f"Bad Request: {description}"))
    assert (await (await desk.bot()).answer("900", Notice("Done"))).outcome is Delivered.SENT


async def test_another_refusal_of_an_answer_is_told(desk: Desk) -> None:
    desk.lay_out("answerCallbackQuery", refusal(400, "Bad Request: odd"))
    assert (await (await desk.bot()).answer("900", Notice("Done"))).outcome is Delivered.FAILED


async def test_deliver_sends_replies_to_the_chat_and_drops_notices_without_a_press(desk: Desk) -> None:
    bot = await desk.bot()
    start = incoming(Command("start"))
    assert (await bot.deliver(start, HELLO)).message_ids == ("101",)
    assert (await bot.deliver(start, Notice("Done"))).outcome is Delivered.SENT
    assert desk.methods() == ["sendMessage"]


PRESSED = Press("desk:look:1", "7", "q")
STOP = Stop(lambda _: "Stop", "action:opt-out", "https://t.me/a_bot?start=stop")


async def test_an_announcement_is_shown_to_its_makers_by_the_same_body(desk: Desk) -> None:
    channel = (await desk.bot()).channel
    channel.stop = STOP
    shown = Announced(content_values(Content("Hello", ({"type": "bold", "offset": 0, "length": 5},))))
    result = await channel.deliver(incoming(PRESSED), Elsewhere("77", shown))
    assert result.outcome is Delivered.SENT
    method, asked = desk.asked[-1]
    body = json.loads(encode(Content("Hello", ({"type": "bold", "offset": 0, "length": 5},)), STOP, None).to("77"))
    assert method == "sendMessage"
    assert asked.keys() == body.keys()
    assert {**asked, "chat_id": 77} == body


async def test_an_album_shown_gives_the_ids_of_all_its_messages(desk: Desk) -> None:
    desk.lay_out("sendMediaGroup", ok([{"message_id": 5}, {"message_id": 6}]), ok([]))
    channel = (await desk.bot()).channel
    channel.stop = STOP
    photo = Medium(MediaKind.PHOTO, file_id="f")
    album = Announced(content_values(Content("Hello", media=(photo, photo))))
    assert (await channel.deliver(incoming(PRESSED), album)).message_ids == ("5", "6")
    assert (await channel.deliver(incoming(PRESSED), album)).outcome is Delivered.UNCERTAIN


async def test_an_announcement_without_a_way_out_or_a_file_is_not_shown(desk: Desk) -> None:
    channel = (await desk.bot()).channel
    assert (
        await channel.deliver(incoming(PRESSED), Announced(content_values(Content("Hello"))))
    ).outcome is Delivered.FAILED
    channel.stop = STOP
    not_there = Content(media=(Medium(MediaKind.PHOTO, file="a.jpg"),))
    assert (await channel.deliver(incoming(PRESSED), Announced(content_values(not_there)))).outcome is Delivered.FAILED
    assert desk.methods() == []


async def test_a_reply_goes_to_somebody_elses_chat(desk: Desk) -> None:
    channel = (await desk.bot()).channel
    await channel.deliver(incoming(PRESSED), Elsewhere("77", Reply((Span("Please look"),))))
    assert str(desk.asked[-1][1]["chat_id"]) == "77"
