"""The HTTP face of the world: `/bot<token>/<method>` and `/file/bot<token>/<path>`, on loopback only.

Takes what Telegram's server takes (JSON, form and multipart bodies, query strings, GET and POST). Faults are real here:
a timeout keeps the client waiting until the fault's `release` is set or the server stops, a drop aborts the connection.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import BodyPartReader, hdrs, web

from bot.sandbox.description import check_token
from bot.sandbox.faults import FaultDropped, FaultTimeout
from bot.sandbox.files import UPLOAD_LIMIT, Upload
from bot.sandbox.refusals import Refusal, bad_request
from bot.sandbox.webhook import LOOPBACK
from bot.sandbox.world import World

WORLD = web.AppKey("world", World)
STOPPING = web.AppKey("stopping", asyncio.Event)
BODY_LIMIT = UPLOAD_LIMIT + 2**20
STOP_WITHIN_S = 1.0


def bot_api_application(world: World) -> web.Application:
    """The Bot API over HTTP, for a runner of one's own; `serving` is the short way."""
    application = web.Application(client_max_size=BODY_LIMIT)
    application[WORLD] = world
    application[STOPPING] = asyncio.Event()
    application.on_shutdown.append(_stop)
    application.router.add_route("*", "/bot{token:[^/]+}/{method:[^/]+}", _call)
    application.router.add_get("/file/bot{token:[^/]+}/{path:.+}", _file)
    application.router.add_route("*", "/{anything:.*}", _nothing_here)
    return application


@asynccontextmanager
async def serving(world: World, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Serves until the block ends; yields the root URL (what `IMH_API_BASE_URL` takes). Refuses other than loopback."""
    if host not in LOOPBACK:
        raise ValueError("the stand-in listens on loopback only")
    runner = web.AppRunner(bot_api_application(world), shutdown_timeout=STOP_WITHIN_S, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        bound = runner.addresses[0][1]
        yield f"http://[{host}]:{bound}" if ":" in host else f"http://{host}:{bound}"
    finally:
        await runner.cleanup()
        await world.close()


async def _stop(application: web.Application) -> None:
    application[STOPPING].set()


async def _call(request: web.Request) -> web.StreamResponse:
    world = request.app[WORLD]
    try:
        params, files = await _read(request)
        status, body = await world.call(request.match_info["method"], params, files, token=request.match_info["token"])
    except Refusal as refusal:
        return _refused(refusal)
    except FaultTimeout as fault:
        await _keep_waiting(request.app[STOPPING], fault.release)
        return _hang_up(request)
    except FaultDropped:
        return _hang_up(request)
    return web.Response(status=status, body=body, content_type="application/json")


async def _file(request: web.Request) -> web.Response:
    world = request.app[WORLD]
    try:
        check_token(request.match_info["token"], world.token)
    except Refusal as refusal:
        return _refused(refusal)
    content = world.files.at_path(request.match_info["path"])
    if content is None:
        return _refused(Refusal(404, "Not Found"))
    return web.Response(body=content, content_type="application/octet-stream")


async def _nothing_here(_request: web.Request) -> web.Response:
    return _refused(Refusal(404, "Not Found"))


def _refused(refusal: Refusal) -> web.Response:
    return web.json_response(refusal.body(), status=refusal.code)


async def _read(request: web.Request) -> tuple[dict[str, object], dict[str, Upload]]:
    params: dict[str, object] = dict(request.query)
    files: dict[str, Upload] = {}
    try:
        if request.content_type == "application/json":
            params |= await _read_json(request)
        elif request.content_type.startswith("multipart/"):
            await _read_parts(request, params, files)
        else:
            params |= {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    except web.HTTPRequestEntityTooLarge:
        raise Refusal(413, "Request Entity Too Large") from None
    except UnicodeDecodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
    except (ValueError, AssertionError):
        raise bad_request("can't parse the request body") from None
    return params, files


async def _read_json(request: web.Request) -> Mapping[str, Any]:
    raw = await request.read()
    try:
        body = json.loads(raw) if raw else {}
    except (ValueError, RecursionError):
        raise bad_request("can't parse JSON object") from None
    if not isinstance(body, dict):
        raise bad_request("can't parse JSON object")
    return body


async def _read_parts(request: web.Request, params: dict[str, object], files: dict[str, Upload]) -> None:
    taken = 0
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or not part.name:
            raise bad_request("can't parse the request body")
        content = bytes(await part.read(decode=True))
        taken += len(content)
        if taken > BODY_LIMIT:
            raise Refusal(413, "Request Entity Too Large")
        kind = part.headers.get(hdrs.CONTENT_TYPE, "text/plain")
        if part.filename is None and kind.startswith(("text/plain", "application/json")):
            params[part.name] = content.decode()
        else:
            files[part.name] = Upload(content, part.filename or "")


async def _keep_waiting(stopping: asyncio.Event, release: asyncio.Event | None) -> None:
    waiting = {asyncio.ensure_future(event.wait()) for event in (stopping, release) if event is not None}
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()


def _hang_up(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
