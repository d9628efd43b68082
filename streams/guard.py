"""What any visitor of the HTTP port may cost, and what each answer forbids a browser.

The limits hold for whoever adds routes to the port. A route may answer with headers of its own; the
ones here are for the answers that have none.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

BODY_BYTES: Final = 64 * 1024
"""Largest body of a request; a larger one is refused with 413."""

BODY_SECONDS: Final = 10.0
"""How long a request with a body may take: a body that trickles is cut off with 408."""

RUNNER: Final[dict[str, Any]] = {
    # Also how long a connection may take to send the head of its request.
    "keepalive_timeout": 15.0,
    "lingering_time": 5.0,
    "max_line_size": 4096,
    "max_field_size": 8190,
    "max_headers": 64,
}
"""Limits of a connection, as `aiohttp.web.AppRunner` takes them."""

HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

WITHOUT_BODY: Final = frozenset({"GET", "HEAD", "OPTIONS"})


def guarded_application() -> web.Application:
    """Return an application with these limits and headers on whatever is added to it."""
    app = web.Application(client_max_size=BODY_BYTES, middlewares=[_in_time])
    app.on_response_prepare.append(_add_headers)
    return app


@web.middleware
async def _in_time(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    # An event stream is a GET and may last for ever.
    seconds = None if request.method in WITHOUT_BODY else BODY_SECONDS
    try:
        async with asyncio.timeout(seconds):
            return await handler(request)
    except TimeoutError as error:
        raise web.HTTPRequestTimeout from error


async def _add_headers(_: web.Request, response: web.StreamResponse) -> None:
    # The library names itself, Python and both versions.
    response.headers["Server"] = "escalation"
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
