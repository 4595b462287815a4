"""The first contact, fetching, and the list of commands."""

import logging
from typing import Any

import pytest

from bot.channels.telegram import AiohttpRequest, Lane, connect
from bot.channels.telegram.request import NotSent, Reason
from bot.errors import ChannelError, Unreachable
from bot.messaging import Text
from tests.channels.desk import ME, NOON, TOKEN, Desk, ok, refusal

COMMANDS = {None: (("start", "Begin"),), "de": (("start", "Anfangen"), ("help", "Hilfe"))}


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_the_bot_learns_its_own_name(desk: Desk) -> None:
    bot = await desk.bot()
    assert (bot.me.id, bot.me.username) == (42, "imh_test_bot")
    desk.lay_out("getMe", ok(ME))
    assert await bot.get_me() == bot.me


@pytest.mark.parametrize("answer", [refusal(401, "Unauthorized"), refusal(404, "Not Found")])
async def test_a_wrong_token_is_one_sentence_without_it(desk: Desk, answer: tuple[int, bytes]) -> None:
    desk.lay_out("getMe", answer)
    with pytest.raises(ChannelError, match="IMH_TOKEN") as caught:
        await desk.bot()
    assert "SECRET" not in str(caught.value)
    assert desk.slept == []


@pytest.mark.parametrize("token", ["", "123:abc def", "123:abc\n", "1/../x"])
async def test_a_token_that_cannot_be_one_is_refused_before_any_request(token: str) -> None:
    with pytest.raises(ChannelError, match="IMH_TOKEN"):
        await connect(token, "http://127.0.0.1:1")


@pytest.mark.parametrize("answer", [ok([]), ok({"id": 5}), ok({"id": "x", "username": "y"})])
async def test_a_server_that_is_not_telegram_is_named(desk: Desk, answer: tuple[int, bytes]) -> None:
    desk.lay_out("getMe", answer)
    with pytest.raises(ChannelError, match="IMH_API_BASE_URL"):
        await desk.bot()


async def test_without_network_it_waits_and_says_so_once(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.lay_out("getMe", *[NotSent(Reason.DNS)] * 6, refusal(429, "Too Many", retry_after=77), ok(ME))
    assert (await desk.bot()).me.id == 42
    assert desk.slept == [1, 2, 5, 10, 30, 30, 77]
    warnings = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert len(warnings) == 2
    assert Reason.DNS in warnings[0]


async def test_once_means_once(desk: Desk) -> None:
    desk.lay_out("getMe", NotSent(Reason.REFUSED))
    with pytest.raises(ChannelError, match=Reason.REFUSED):
        await desk.bot(once=True)
    assert desk.slept == []


async def test_lanes_are_separate_and_closed_when_the_contact_fails() -> None:
    made: dict[Lane, AiohttpRequest] = {}

    def make(lane: Lane) -> AiohttpRequest:
        made[lane] = AiohttpRequest()
        return made[lane]

    with pytest.raises(ChannelError):
        await connect(TOKEN, "http://127.0.0.1:1/", request_factory=make, once=True)
    assert set(made) == set(Lane)
    for request in made.values():
        with pytest.raises(NotSent, match=Reason.CLOSED):
            await request.do_request("http://127.0.0.1:1/bot1/x", "POST")


async def test_by_default_requests_go_over_http() -> None:
    with pytest.raises(ChannelError, match="cannot be reached"):
        await connect(TOKEN, "http://127.0.0.1:1", once=True)


async def test_updates_are_asked_for_by_offset_and_come_raw(desk: Desk) -> None:
    raw: dict[str, Any] = {
        "update_id": 7,
        "message": {"message_id": 1, "chat": {"id": 5, "type": "private"}, "text": "Hi", "new": [1]},
    }
    desk.lay_out("getUpdates", ok([raw, "junk"]), ok({}))
    bot = await desk.bot()
    assert await bot.get_updates(None, 0.0) == [raw]
    assert await bot.get_updates(8, 30.0) == []
    allowed = ["message", "edited_message", "callback_query", "my_chat_member"]
    assert [params for method, params in desk.asked if method == "getUpdates"] == [
        {"timeout": "0", "limit": "100", "allowed_updates": allowed},
        {"offset": "8", "timeout": "30", "limit": "100", "allowed_updates": allowed},
    ]
    incoming = bot.parse(raw)
    assert incoming is not None
    assert (incoming.content, incoming.at) == (Text("Hi"), NOON)


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (refusal(401, "Unauthorized"), ChannelError, "IMH_TOKEN"),
        (refusal(409, "Conflict: terminated by other getUpdates request"), Unreachable, "Another copy"),
        ((502, b""), Unreachable, "502"),
    ],
)
async def test_fetching_fails_with_a_sentence(desk: Desk, answer: Any, kind: type[Exception], words: str) -> None:
    bot = await desk.bot()
    desk.lay_out("getUpdates", answer)
    with pytest.raises(kind, match=words) as caught:
        await bot.get_updates(1, 0.0)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


async def test_commands_are_set_for_each_language_and_kind_of_chat(desk: Desk) -> None:
    bot = await desk.bot()
    await bot.set_commands(COMMANDS)
    made = [params for method, params in desk.asked if method == "setMyCommands"]
    assert [(params.get("language_code"), params["scope"]["type"]) for params in made] == [
        (language, scope) for language in (None, "de") for scope in ("default", "all_private_chats", "all_group_chats")
    ]
    assert made[-1]["commands"] == [
        {"command": "start", "description": "Anfangen"},
        {"command": "help", "description": "Hilfe"},
    ]


async def test_commands_already_there_are_left_alone(desk: Desk) -> None:
    there = ok([{"command": "start", "description": "Begin"}])
    desk.lay_out("getMyCommands", there, ok([]), there)
    bot = await desk.bot()
    await bot.set_commands({None: COMMANDS[None]})
    assert desk.methods() == ["getMyCommands", "getMyCommands", "setMyCommands", "getMyCommands"]


async def test_a_server_without_commands_is_a_warning(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.lay_out("getMyCommands", refusal(404, "Not Found: method not found"))
    bot = await desk.bot()
    await bot.set_commands(COMMANDS)
    assert desk.methods() == ["getMyCommands"]
    assert [record.levelno for record in caplog.records if record.name.startswith("bot.")] == [logging.WARNING]
