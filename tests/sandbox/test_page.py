"""The browser face: who may use it, and what its endpoints do in the world."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientResponse, ClientSession, hdrs, web
from aiohttp.test_utils import TestClient, TestServer

from bot.sandbox.faults import FaultDropped
from bot.sandbox.guard import TOKEN_HEADER
from bot.sandbox.page import BODY_BYTES, FILES, STATIC, STREAMS, open_page, page_app
from bot.sandbox.personas import BLOCKED_RECIPIENTS, PERSONAS, RECIPIENTS, Cast
from bot.sandbox.world import World
from tests.sandbox.scripted_bot import COMMANDS, ScriptedBot, scripted

PARENT = "/api/chats/parent"
JSON = dict[str, Any]


class Browser:
    """A browser tab on the page: knows the token, follows the events."""

    def __init__(self, client: TestClient[web.Request, web.Application]) -> None:
        self.client = client
        self.app = client.app
        self.token = ""

    async def open(self) -> str:
        html = await (await self.client.get("/")).text()
        found = re.search(r'name="run-token" content="([^"]+)"', html)
        assert found is not None
        self.token = found[1]
        return html

    async def get(self, path: str, **headers: str) -> ClientResponse:
        return await self.client.get(path, headers=headers)

    async def post(self, path: str, body: object, **headers: str) -> ClientResponse:
        return await self.client.post(path, json=body, headers={TOKEN_HEADER: self.token, **headers})

    async def chat(self, who: str = "parent") -> JSON:
        return dict(await (await self.get(f"/api/chats/{who}")).json())

    async def refused(self, path: str, body: object) -> tuple[int, str]:
        answer = await self.post(path, body)
        return answer.status, (await answer.json())["error"]


@pytest.fixture
def world() -> World:
    return World(bot_name="Scripted", bot_username="scripted_bot")


@pytest.fixture
def cast(world: World) -> Cast:
    return Cast(world)


@pytest.fixture
async def browser(world: World, cast: Cast) -> AsyncIterator[Browser]:
    async with TestClient(TestServer(page_app(world, cast, about="A run of the tests."))) as client:
        browser = Browser(client)
        await browser.open()
        yield browser


@pytest.fixture
async def bot(world: World) -> AsyncIterator[ScriptedBot]:
    async with scripted(world) as running:
        yield running


async def confirmed(world: World) -> None:
    while world.updates.pending():  # noqa: ASYNC110 - a confirmation raises no event
        await asyncio.sleep(0)


# Who may use it


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1:1", "127.0.0.1", "", "[::1", "localhost:", ":{port}"]
)
@pytest.mark.parametrize("path", ["/", "/static/app.js", "/api/cast", "/api/events", "/nothing"])
async def test_a_foreign_host_is_refused(browser: Browser, host: str, path: str) -> None:
    answer = await browser.get(path, Host=host.format(port=browser.client.port))
    assert answer.status == 403
    assert browser.token not in await answer.text()


@pytest.mark.parametrize("host", ["127.0.0.1:{port}", "localhost:{port}", "LOCALHOST:{port}", "[::1]:{port}"])
async def test_every_name_of_this_machine_will_do(browser: Browser, host: str) -> None:
    assert (await browser.get("/", Host=host.format(port=browser.client.port))).status == 200


@pytest.mark.parametrize(
    "origin", ["null", "https://evil.example", "http://127.0.0.1", "https://127.0.0.1:{port}", "http://127.0.0.1:1"]
)
async def test_a_foreign_origin_is_refused(browser: Browser, origin: str) -> None:
    origin = origin.format(port=browser.client.port)
    assert (await browser.get("/api/cast", Origin=origin)).status == 403
    assert (await browser.post(f"{PARENT}/say", {"text": "hello"}, Origin=origin)).status == 403
    assert (await browser.chat())["messages"] == []


@pytest.mark.parametrize("site", ["cross-site", "same-site", "unheard-of"])
async def test_a_request_begun_by_another_site_is_refused(browser: Browser, site: str) -> None:
    assert (await browser.get("/", **{"Sec-Fetch-Site": site})).status == 403


async def test_our_own_page_may_speak(browser: Browser) -> None:
    own = {"Origin": f"http://127.0.0.1:{browser.client.port}", "Sec-Fetch-Site": "same-origin"}
    assert (await browser.post(f"{PARENT}/say", {"text": "hello"}, **own)).status == 200


@pytest.mark.parametrize("token", ["", "wrong", "ü"])
@pytest.mark.parametrize("path", [f"{PARENT}/say", f"{PARENT}/block", "/api/faults", "/api/recipients", "/nothing"])
async def test_a_change_needs_the_token(browser: Browser, token: str, path: str) -> None:
    browser.token = token
    status, error = await browser.refused(path, {"text": "hello", "blocked": True})
    assert status == 403
    assert "reload" in error
    chat = await browser.chat()
    assert (chat["messages"], chat["blocked"]) == ([], False)


async def test_the_token_differs_from_run_to_run(world: World, cast: Cast, browser: Browser) -> None:
    async with TestClient(TestServer(page_app(world, cast, about=""))) as client:
        other = Browser(client)
        await other.open()
    assert other.token != browser.token
    assert len(browser.token) >= 32


@pytest.mark.parametrize("path", ["/", "/static/app.js", "/api/cast", "/nothing", "/api/chats/nobody"])
async def test_every_answer_carries_the_policy(browser: Browser, path: str) -> None:
    answer = await browser.get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';")
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert hdrs.ACCESS_CONTROL_ALLOW_ORIGIN not in answer.headers


async def test_the_page_listens_on_loopback_only(world: World, cast: Cast) -> None:
    runner, url = await open_page(page_app(world, cast, about=""))
    try:
        assert [address[0] for address in runner.addresses] == ["127.0.0.1"]
        async with ClientSession() as session, session.get(url) as answer:
            assert answer.status == 200
        with pytest.raises(OSError, match="in use"):
            await open_page(page_app(world, cast, about=""), runner.addresses[0][1])
    finally:
        await runner.cleanup()


# What cannot be understood


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"\xff"])
async def test_what_is_not_an_object_is_refused(browser: Browser, body: bytes) -> None:
    answer = await browser.client.post(f"{PARENT}/say", data=body, headers={TOKEN_HEADER: browser.token})
    assert answer.status == 400
    assert (await answer.json())["error"].endswith(".")


@pytest.mark.parametrize(
    ("action", "body", "status"),
    [
        ("say", {}, 400),
        ("say", {"text": 5}, 400),
        ("say", {"text": " \n"}, 400),
        ("say", {"text": "half \ud83d"}, 400),
        ("send", {"kind": "tank"}, 400),
        ("send", {"kind": []}, 400),
        ("send", {"kind": "photo", "caption": 5}, 400),
        ("send", {"kind": "photo", "caption": "a" * 1025}, 400),
        ("send", {"kind": "sticker", "caption": "x"}, 400),
        ("press", {"message": 999, "data": "more"}, 409),
        ("press", {"message": {}, "data": "more"}, 409),
        ("edit", {"message": 999, "text": "x"}, 409),
        ("dance", {}, 404),
    ],
)
async def test_what_cannot_be_done_gets_one_sentence(
    browser: Browser, world: World, action: str, body: JSON, status: int
) -> None:
    found, error = await browser.refused(f"{PARENT}/{action}", body)
    assert found == status
    assert re.fullmatch(r"[A-Z][^.]*\.", error)
    assert world.updates.pending() == []


async def test_too_much_at_once_is_refused(browser: Browser) -> None:
    status, error = await browser.refused(f"{PARENT}/say", {"text": "a" * BODY_BYTES})
    assert status == 413
    assert "64 KiB" in error
    assert (await browser.chat())["messages"] == []


@pytest.mark.parametrize(
    "path", ["/api/chats/nobody", "/static/page.py", "/static/..%2Fpage.py", "/api", "/favicon.ico"]
)
async def test_what_is_not_there_is_not_there(browser: Browser, path: str) -> None:
    answer = await browser.get(path)
    assert answer.status == 404
    assert list(await answer.json()) == ["error"]


# The talk


async def test_saying_pressing_and_changing(browser: Browser, world: World, bot: ScriptedBot) -> None:
    await browser.post(f"{PARENT}/say", {"text": "hello"})
    await confirmed(world)
    mine, card = (await browser.chat())["messages"]
    assert (mine["mine"], mine["text"]) == (True, "hello")
    assert card["keyboard"][0][0] == {"text": "More", "callback_data": "more"}
    assert card["entities"][0] == {"type": "bold", "offset": 9, "length": 8}

    await browser.post(f"{PARENT}/press", {"message": card["id"], "data": "more"})
    await confirmed(world)
    changed = (await browser.chat())["messages"][1]
    assert (changed["id"], changed["text"], changed["edited"]) == (card["id"], "You chose more", True)

    await browser.post(f"{PARENT}/edit", {"message": mine["id"], "text": "hello again"})
    await confirmed(world)
    messages = (await browser.chat())["messages"]
    assert (messages[0]["text"], messages[0]["edited"]) == ("hello again", True)
    assert messages[-1]["text"] == "Changed to: hello again"
    assert (await browser.chat())["commands"] == COMMANDS


async def test_a_button_that_has_gone_presses_nothing(browser: Browser, world: World, bot: ScriptedBot) -> None:
    await browser.post(f"{PARENT}/say", {"text": "hello"})
    await confirmed(world)
    mine, card = (await browser.chat())["messages"]
    for message, data in [(card["id"], "gone"), (card["id"], None), (mine["id"], "more")]:
        status, _ = await browser.refused(f"{PARENT}/press", {"message": message, "data": data})
        assert status == 409
    status, _ = await browser.refused(f"{PARENT}/edit", {"message": card["id"], "text": "x"})
    assert status == 409
    assert len(bot.heard) == 1


@pytest.mark.parametrize("caption", ["", "look at this"])
async def test_sending_something_else(browser: Browser, world: World, caption: str) -> None:
    media = (await (await browser.get("/api/cast")).json())["media"]
    for place, one in enumerate(media):
        words = caption if one["captioned"] else ""
        assert (await browser.post(f"{PARENT}/send", {"kind": one["kind"], "caption": words})).status == 200
        assert (await browser.chat())["messages"][place]["kind"] == one["kind"]
    assert len(world.updates.pending()) == len(media)


async def test_blocking_and_coming_back(browser: Browser, world: World, cast: Cast) -> None:
    await browser.post(f"{PARENT}/say", {"text": "hello"})
    person = cast.person("parent")
    assert person is not None
    await browser.post(f"{PARENT}/block", {"blocked": True})
    assert (await browser.chat())["blocked"] is True
    assert (await world.call("sendMessage", {"chat_id": person.id, "text": "x"}))[0] == 403
    await browser.post(f"{PARENT}/block", {"blocked": False})
    assert (await world.call("sendMessage", {"chat_id": person.id, "text": "x"}))[0] == 200


async def test_starting_over_is_somebody_new(browser: Browser, cast: Cast) -> None:
    await browser.post(f"{PARENT}/say", {"text": "hello"})
    before = await browser.chat()
    await browser.post(f"{PARENT}/reset", {})
    after = await browser.chat()
    assert after["messages"] == []
    assert after["id"] != before["id"]
    assert cast.key_of(before["id"]) is None
    status, _ = await browser.refused("/api/chats/organiser/reset", {})
    assert status == 409


async def test_personas_have_chats_of_their_own(browser: Browser) -> None:
    await browser.post(f"{PARENT}/say", {"text": "hello"})
    assert (await browser.chat("nursery-manager"))["messages"] == []
    cast = await (await browser.get("/api/cast")).json()
    assert [one["who"] for one in cast["personas"]] == [persona.key for persona in PERSONAS]
    assert cast["bot"] == {"name": "Scripted", "username": "scripted_bot"}
    assert cast["about"] == "A run of the tests."


async def test_recipients_come_when_asked_for(browser: Browser, world: World) -> None:
    await browser.get("/api/cast")
    assert len(world.people) == 0
    first = (await (await browser.post("/api/recipients", {})).json())["recipients"]
    again = (await (await browser.post("/api/recipients", {})).json())["recipients"]
    assert first == again
    assert len(first) == len(world.people) == RECIPIENTS
    assert {place for place, one in enumerate(first, 1) if one["blocked"]} == BLOCKED_RECIPIENTS
    reached = [await world.call("sendMessage", {"chat_id": id_, "text": "x"}) for id_ in world.people]
    assert sorted(status for status, _ in reached) == [200] * 58 + [403] * 2
    assert [one["text"] for one in (await browser.chat("recipient-1"))["messages"]] == ["x"]
    assert (await browser.refused("/api/chats/recipient-1/reset", {}))[0] == 409


# Faults


async def test_faults_are_set_and_cleared(browser: Browser, world: World) -> None:
    person = world.add_person("Ash Pretend", has_written=True)
    knobs = (await (await browser.post("/api/faults", {"dropped_before": 100})).json())["faults"]
    assert {knob["name"]: knob["value"] for knob in knobs if knob["value"]} == {"dropped_before": 100}
    with pytest.raises(FaultDropped):
        await world.call("sendMessage", {"chat_id": person.id, "text": "x"})
    knobs = (await (await browser.post("/api/faults", {})).json())["faults"]
    assert not any(knob["value"] for knob in knobs)
    assert (await world.call("sendMessage", {"chat_id": person.id, "text": "x"}))[0] == 200


@pytest.mark.parametrize(
    "body", [{"slow": 101}, {"slow": -1}, {"slow": 0.5}, {"slow": "9"}, {"slow": True}, {"x" * 99: 1}]
)
async def test_unfit_faults_change_nothing(browser: Browser, world: World, body: JSON) -> None:
    person = world.add_person("Ash Pretend", has_written=True)
    await browser.post("/api/faults", {"too_many_requests": 100})
    status, error = await browser.refused("/api/faults", body)
    assert status == 400
    assert error.endswith(".")
    assert (await world.call("sendMessage", {"chat_id": person.id, "text": "x"}))[0] == 429


# The stream


async def test_the_stream_says_what_happened_to_whom(browser: Browser, world: World, bot: ScriptedBot) -> None:
    stream = await browser.get("/api/events")
    assert stream.content_type == "text/event-stream"
    assert await stream.content.readuntil(b"\n\n") == b": listening\n\n"
    stranger = world.add_person("Ash Pretend")
    await world.says(stranger, "nobody on this page")
    await browser.post(f"{PARENT}/say", {"text": "hello"})

    async def told() -> JSON:
        lines = (await stream.content.readuntil(b"\n\n")).decode().splitlines()
        assert lines[0] == "event: chat"
        return dict(json.loads(lines[1].removeprefix("data: ")))

    assert [await told() for _ in range(3)] == [
        {"who": "parent"},
        {"who": "parent", "typing": True},
        {"who": "parent", "typing": False},
    ]
    card = (await browser.chat())["messages"][-1]
    await browser.post(f"{PARENT}/press", {"message": card["id"], "data": "more"})
    assert [await told() for _ in range(3)][-1] == {"who": "parent", "toast": "Noted: more", "alert": False}
    stream.close()


async def test_open_streams_do_not_hold_up_the_end(world: World, cast: Cast) -> None:
    runner, url = await open_page(page_app(world, cast, about=""))
    async with ClientSession() as session, session.get(f"{url}api/events") as stream:
        await stream.content.readuntil(b"\n\n")
        async with asyncio.timeout(1):
            await runner.cleanup()


async def test_a_reader_that_left_is_forgotten(browser: Browser, world: World, cast: Cast) -> None:
    person = cast.person("parent")
    assert person is not None
    stream = await browser.get("/api/events")
    streams = browser.app[STREAMS]
    assert len(streams) == 1
    stream.close()
    async with asyncio.timeout(5):
        await asyncio.wait(set(streams))
    assert not streams


# The files


def test_the_page_builds_from_elements_only() -> None:
    for name in FILES:
        source = (STATIC / name).read_text("utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function", source)
        assert not re.search(r"https?://(?!t\\|\$)", source.replace("https?:", "")), f"{name} names another site"


def test_the_page_names_no_other_site() -> None:
    html = (STATIC / "index.html").read_text("utf-8")
    assert not re.search(r"(src|href)=\"(?!/static/|#|data:,)", html)
    assert " style=" not in html
    assert " onclick=" not in html
