"""Headers that keep a hostile headline from becoming anything but text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aiohttp import web

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
    " img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
    # Text cannot be made markup, not even by a mistake of ours.
    " require-trusted-types-for 'script'; trusted-types 'none'"
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


async def add_security_headers(_: web.Request, response: web.StreamResponse) -> None:
    """Set the headers on an answer that is about to be sent."""
    response.headers.update(HEADERS)


async def revalidate_static(request: web.Request, response: web.StreamResponse) -> None:
    """Let a browser keep a file of the page and ask each time whether it is still the same."""
    if request.path.startswith("/static/"):
        response.headers["Cache-Control"] = "no-cache"
