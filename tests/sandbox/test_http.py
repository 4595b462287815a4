"""The HTTP face over real loopback sockets: every kind of body, files, faults that are real."""

import asyncio
import json
from typing import Any, Literal

import pytest
from aiohttp import ClientConnectionError, ClientSession, ClientTimeout, FormData

from bot.sandbox import http
from bot.sandbox.faults import Fault, FaultKind
from bot.sandbox.http import serving
from tests.sandbox.asking import PNG, ask, keyboard, world_with_ann


class Gate(asyncio.Event):
    """An event that tells when somebody has begun to wait for it."""

    def __init__(self) -> None:
        super().__init__()
        self.awaited = asyncio.Event()

    async def wait(self) -> Literal[True]:
        self.awaited.set()
        return await super().wait()


async def post(url: str, **body: Any) -> tuple[int, dict[str, Any]]:
    async with ClientSession() as session, session.post(url, **body) as answer:
        assert answer.content_type == "application/json"
        return answer.status, await answer.json()


async def test_json_form_multipart_and_query() -> None:
    world, ann = world_with_ann()
    markup = keyboard(callback_data="a")
    parts = FormData()
    parts.add_field("chat_id", str(ann.id))
    parts.add_field("caption", "<b>Multipart</b>")
    parts.add_field("parse_mode", "HTML", content_type="text/plain")
    parts.add_field("reply_markup", json.dumps(markup), content_type="application/json")
    parts.add_field("photo", PNG, filename="a.png", content_type="image/png")
    async with serving(world) as root:
        base = f"{root}/bot{world.token}"
        for text, body in (
            ("json", {"json": {"chat_id": ann.id, "text": "json", "reply_markup": markup}}),
            ("form", {"data": {"chat_id": ann.id, "text": "form", "reply_markup": json.dumps(markup)}}),
            ("query", {"params": {"chat_id": ann.id, "text": "query", "reply_markup": json.dumps(markup)}}),
        ):
            status, answer = await post(f"{base}/sendMessage", **body)
            assert (status, answer["result"]["text"]) == (200, text)
        status, answer = await post(f"{base}/sendphoto", data=parts)
        assert status == 200, answer
        assert (await post(f"{base}/getMe"))[1]["result"]["is_bot"] is True
        assert (await post(f"{base}/getMe", data=b"", headers={"Content-Type": "application/json"}))[0] == 200
    assert [message.text for message in world.sees(ann)] == ["json", "form", "query", "Multipart"]
    assert all(message.buttons == markup["inline_keyboard"] for message in world.sees(ann))
    assert world.sees(ann)[-1].kind == "photo"


async def test_files_are_served_to_the_right_token_only() -> None:
    world, ann = world_with_ann()
    await world.sends(ann, "voice")
    file_id = world.sees(ann)[0].raw["voice"]["file_id"]
    path = (await ask(world, "getFile", file_id=file_id))["file_path"]
    async with serving(world) as root, ClientSession() as session:
        async with session.get(f"{root}/file/bot{world.token}/{path}") as answer:
            assert (answer.status, await answer.read()) == (200, b"a pretend voice")
        for token, where, status in ((world.token, "none", 404), ("1:" + "x" * 35, path, 401), ("x", path, 404)):
            async with session.get(f"{root}/file/bot{token}/{where}") as answer:
                assert answer.status == status


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"{", {"Content-Type": "application/json"}),
        (b"[]", {"Content-Type": "application/json"}),
        (b"[" * 100_000, {"Content-Type": "application/json"}),
        (b"\xff\xfe", {"Content-Type": "application/json"}),
        (b"x", {"Content-Type": "multipart/form-data"}),
        (b"--x\r\n\r\n1\r\n--x--", {"Content-Type": "multipart/form-data; boundary=x"}),
        (
            b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n\xff\xfe\r\n--x--\r\n',
            {"Content-Type": "multipart/form-data; boundary=x"},
        ),
    ],
)
async def test_bodies_that_cannot_be_read(body: bytes, headers: dict[str, str]) -> None:
    world, _ = world_with_ann()
    async with serving(world) as root:
        status, answer = await post(f"{root}/bot{world.token}/getMe", data=body, headers=headers)
    assert status == 400
    assert answer["description"].startswith("Bad Request: ")


async def test_bodies_that_are_too_big(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "BODY_LIMIT", 1000)
    world, _ = world_with_ann()
    parts = FormData()
    parts.add_field("photo", b"x" * 2000, filename="a.png")
    several = FormData()
    for name in ("photo", "thumbnail"):
        several.add_field(name, b"x" * 600, filename="a.png")
    async with serving(world) as root:
        for body in ({"json": {"text": "x" * 2000}}, {"data": parts}, {"data": several}):
            status, _ = await post(f"{root}/bot{world.token}/getMe", **body)
            assert status == 413


async def test_addresses_and_tokens() -> None:
    world, _ = world_with_ann()
    async with serving(world, host="localhost") as root:
        for path, status in (
            (f"/bot{world.token}/noSuchMethod", 404),
            ("/bot1:" + "x" * 35 + "/getMe", 401),
            ("/botnonsense/getMe", 404),
            ("/", 404),
        ):
            assert (await post(root + path))[0] == status
    with pytest.raises(ValueError, match="loopback"):
        async with serving(world, host="192.0.2.1"):
            pass


@pytest.mark.parametrize(("kind", "delivered"), [(FaultKind.DROPPED_BEFORE, 0), (FaultKind.DROPPED_AFTER, 1)])
async def test_a_drop_closes_the_connection(kind: FaultKind, delivered: int) -> None:
    world, ann = world_with_ann()
    world.faults.next(Fault(kind))
    async with serving(world) as root:
        with pytest.raises(ClientConnectionError):
            await post(f"{root}/bot{world.token}/sendMessage", json={"chat_id": ann.id, "text": "x"})
    assert len(world.deliveries) == delivered


@pytest.mark.parametrize(("kind", "delivered"), [(FaultKind.TIMEOUT_BEFORE, 0), (FaultKind.TIMEOUT_AFTER, 1)])
async def test_a_timeout_keeps_the_client_waiting(kind: FaultKind, delivered: int) -> None:
    world, ann = world_with_ann()
    release = Gate()
    world.faults.next(Fault(kind, release=release))
    world.faults.next(Fault(kind))
    body = {"chat_id": ann.id, "text": "x"}
    async with serving(world) as root:
        url = f"{root}/bot{world.token}/sendMessage"
        call = asyncio.create_task(post(url, json=body))
        await asyncio.wait_for(release.awaited.wait(), 5)
        assert not call.done()
        release.set()
        with pytest.raises(ClientConnectionError):
            await call
        async with ClientSession(timeout=ClientTimeout(total=0.05)) as session:
            with pytest.raises(TimeoutError):
                await session.post(url, json=body)
    assert len(world.deliveries) == 2 * delivered


async def test_an_unreadable_answer_over_http() -> None:
    world, ann = world_with_ann()
    world.faults.next(Fault(FaultKind.UNREADABLE))
    async with serving(world) as root, ClientSession() as session:
        url = f"{root}/bot{world.token}/sendMessage"
        async with session.post(url, json={"chat_id": ann.id, "text": "x"}) as answer:
            assert answer.status == 200
            with pytest.raises(ValueError, match="Expecting value"):
                await answer.json()
