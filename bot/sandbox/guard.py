"""Keeps the try-out's page to the person at this machine. Put by page.py before every request.

A page elsewhere on the web can make a browser send requests to a loopback address: directly, or under a name of its
own that resolves here (DNS rebinding). So the Host must be a loopback name with our port, an Origin must be our own,
and what changes anything must carry a random token which only our own HTML hands out.
"""

import hmac
import ipaddress
from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.typedefs import Middleware

TOKEN_HEADER = "X-Run-Token"  # noqa: S105 - the header's name
SAFE_METHODS = frozenset({"GET", "HEAD"})
OWN_SITES = frozenset({"same-origin", "none"})
"""Values of Sec-Fetch-Site for our own page and for an address that a person typed."""
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def guard(token: str) -> Middleware:
    """Refuses whatever is not our own page on this machine with 403 and one sentence as `{"error": …}`."""

    @web.middleware
    async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
        reason = refusal(request, token)
        if reason is not None:
            return web.json_response({"error": reason}, status=403)
        try:
            return await handler(request)
        except web.HTTPRequestEntityTooLarge:
            most = request.app._client_max_size // 1024
            return web.json_response({"error": f"That is more than the {most} KiB that fit in one go."}, status=413)
        except web.HTTPException as problem:
            return web.json_response({"error": problem.text or problem.reason}, status=problem.status)

    return guarded


async def add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """An `on_response_prepare` hook: refusals, streams and files get the same headers."""
    response.headers.update(HEADERS)


def refusal(request: web.Request, token: str) -> str | None:
    """Why a request is refused, in one sentence; None when it may pass."""
    host = request.headers.get("Host", "")
    if not _is_own_host(host, request):
        return "This page answers only under its own address on this machine."
    if request.headers.get("Origin", f"http://{host}") != f"http://{host}":
        return "Another site may not use the try-out."
    if request.headers.get("Sec-Fetch-Site", "none") not in OWN_SITES:
        return "Another site may not use the try-out."
    if request.method in SAFE_METHODS:
        return None
    given = request.headers.get(TOKEN_HEADER, "")
    if not hmac.compare_digest(given.encode("utf-8", "surrogateescape"), token.encode()):
        return "This page belongs to an earlier run: reload it."
    return None


def _is_own_host(host: str, request: web.Request) -> bool:
    """Whether `host` is `localhost` or a loopback address, with the port on which this request came in."""
    name, _, port = host.rpartition(":")
    if not name:
        return False
    local = request.transport.get_extra_info("sockname") if request.transport else None
    if local is None or port != str(local[1]):
        return False
    if name.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(name.removeprefix("[").removesuffix("]")).is_loopback
    except ValueError:
        return False
