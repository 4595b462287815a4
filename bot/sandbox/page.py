"""The browser face: a chat page over one world, for a person at this machine. `assembly` serves it with `open_page`.

The page asks for a chat whole and draws what changed; `/api/events` only says that something did. What may reach it
is decided in guard.py, who one can pretend to be in personas.py.
"""

import asyncio
import json
import secrets
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.sandbox.acts import ACTS, MEDIA, Body
from bot.sandbox.attachments import CAPTIONED
from bot.sandbox.chats import Message, Person
from bot.sandbox.events import Event
from bot.sandbox.guard import add_headers, guard
from bot.sandbox.knobs import KnobError, Panel
from bot.sandbox.personas import Cast
from bot.sandbox.world import World

BODY_BYTES = 64 * 1024
"""Largest request body; sixteen times what one Telegram message holds in ASCII."""
SHUTDOWN_S = 2.0
Streams = set[asyncio.Task[Any]]
STREAMS = web.AppKey("streams", Streams)
"""The tasks of the event streams that are open now."""
STATIC = Path(__file__).parent / "static"
FILES = {
    "app.js": "text/javascript",
    "message.js": "text/javascript",
    "style.css": "text/css",
}


def page_app(world: World, personas: Cast, *, about: str) -> web.Application:
    """The page as an aiohttp application. `about` is one sentence on this run, shown under "What is this?"."""
    page = _Page(world, personas, about)
    app = web.Application(middlewares=[guard(page.token)], client_max_size=BODY_BYTES)
    app.add_routes(
        [
            web.get("/", page.index),
            web.get("/static/{name}", page.static),
            web.get("/api/cast", page.cast_shown),
            web.post("/api/recipients", page.recipients),
            web.get("/api/chats/{who}", page.chat),
            web.post("/api/chats/{who}/reset", page.start_over),
            web.post("/api/chats/{who}/{action}", page.act),
            web.get("/api/faults", page.faults),
            web.post("/api/faults", page.set_faults),
            web.get("/api/events", page.events),
        ]
    )
    app[STREAMS] = page.streams
    app.on_response_prepare.append(add_headers)
    app.on_shutdown.append(page.end_streams)
    return app


async def open_page(app: web.Application, port: int = 0) -> tuple[web.AppRunner, str]:
    """Serves the page on the loopback address; returns what stops it (`cleanup()`) and its URL.

    A reader who leaves ends their event stream at once (`handler_cancellation`), not at the next event.
    `port` 0 takes a free one. Raises `OSError` when the port is taken.
    """
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=SHUTDOWN_S)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
    except OSError:
        await runner.cleanup()
        raise
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}/"


class _Page:
    """The handlers of one run."""

    def __init__(self, world: World, cast: Cast, about: str) -> None:
        self.token = secrets.token_urlsafe(32)
        self._world = world
        self._cast = cast
        self._about = about
        self._panel = Panel(world.faults)
        self.streams: Streams = set()

    # What the page is made of

    async def index(self, _request: web.Request) -> web.Response:
        html = (STATIC / "index.html").read_text("utf-8").replace("{{token}}", self.token)
        return web.Response(text=html, content_type="text/html")

    async def static(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in FILES:
            raise web.HTTPNotFound(text="There is nothing here.")
        return web.Response(text=(STATIC / name).read_text("utf-8"), content_type=FILES[name])

    # What there is to see

    async def cast_shown(self, _request: web.Request) -> web.Response:
        personas = [
            {"who": one.key, "label": one.label, "name": one.name, "organiser": one.organiser}
            for one in self._cast.personas
        ]
        bot = {"name": self._world.me["first_name"], "username": self._world.me["username"]}
        media = [{"kind": kind, "label": label, "captioned": kind in CAPTIONED} for kind, label in MEDIA.items()]
        return web.json_response(
            {"about": self._about, "bot": bot, "personas": personas, "media": media, "faults": self._panel.shown()}
        )

    async def recipients(self, _request: web.Request) -> web.Response:
        """Creates them on the first call, which is why it is a POST."""
        shown = [
            {"who": key, "name": person.name, "blocked": self._has_blocked(person)}
            for key, person in self._cast.recipients()
        ]
        return web.json_response({"recipients": shown})

    async def chat(self, request: web.Request) -> web.Response:
        who, person = self._who(request)
        persona = self._cast.persona(who)
        shown = {
            "who": who,
            "id": person.id,
            "name": person.name,
            "about": persona.about if persona else "One of the people whom an announcement could reach.",
            "openers": persona.openers if persona else (),
            "resettable": self._cast.may_start_over(who),
            "blocked": self._has_blocked(person),
            "messages": [drawn(message) for message in self._world.sees(person)],
            "commands": self._world.profile.commands_for(person.language_code),
        }
        return web.json_response(shown)

    async def faults(self, _request: web.Request) -> web.Response:
        return web.json_response({"faults": self._panel.shown()})

    async def set_faults(self, request: web.Request) -> web.Response:
        try:
            self._panel.set(await _body(request))
        except KnobError as problem:
            raise web.HTTPBadRequest(text=str(problem)) from None
        return await self.faults(request)

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: `chat` with `{"who"}`, and `toast`, `alert` or `typing` where the bot asked for them."""
        happenings = self._world.events()
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        task = asyncio.current_task()
        assert task is not None
        self.streams.add(task)
        try:
            await response.write(b": listening\n\n")
            async for event in happenings:
                told = self._told(event)
                if told is not None:
                    await response.write(f"event: chat\ndata: {json.dumps(told)}\n\n".encode())
        finally:
            self.streams.discard(task)
        return response

    async def end_streams(self, _app: web.Application) -> None:
        """Open streams would otherwise hold up the end of the try-out."""
        for task in self.streams:
            task.cancel()

    def _told(self, event: Event) -> dict[str, Any] | None:
        who = self._cast.key_of(event["chat_id"])
        if who is None:
            return None
        match event["type"]:
            case "answer":
                return {"who": who, "toast": event.get("text"), "alert": bool(event.get("show_alert"))}
            case "typing":
                return {"who": who, "typing": True}
            case "message":
                return {"who": who, "typing": False} if event["from_bot"] else {"who": who}
        return {"who": who}

    # What a person does

    async def act(self, request: web.Request) -> web.Response:
        _, person = self._who(request)
        act = ACTS.get(request.match_info["action"])
        if act is None:
            raise web.HTTPNotFound(text="There is nothing here.")
        await act(self._world, person, await _body(request))
        return web.json_response({"done": True})

    async def start_over(self, request: web.Request) -> web.Response:
        who, _ = self._who(request)
        fresh = self._cast.start_over(who)
        if fresh is None:
            raise web.HTTPConflict(text="This person cannot start over.")
        self._world.stream.publish("member", fresh.id, status="member")
        return web.json_response({"done": True})

    # Looking things up

    def _who(self, request: web.Request) -> tuple[str, Person]:
        who = request.match_info["who"]
        person = self._cast.person(who)
        if person is None:
            raise web.HTTPNotFound(text="There is nobody of that name here.")
        return who, person

    def _has_blocked(self, person: Person) -> bool:
        return self._world.chats[person.id].bot_status == "kicked"


def drawn(message: Message) -> dict[str, Any]:
    """A message as the page's script takes it (message.js)."""
    return {
        "id": message.id,
        "mine": not message.from_bot,
        "kind": message.kind,
        "text": message.text,
        "entities": message.entities,
        "keyboard": message.buttons,
        "edited": message.edited,
        "at": message.at.timestamp(),
    }


async def _body(request: web.Request) -> Body:
    try:
        body = await request.json()
    except ValueError:
        raise web.HTTPBadRequest(text="That request is not JSON.") from None
    if not isinstance(body, dict):
        raise web.HTTPBadRequest(text="That request is not a JSON object.")
    return body
