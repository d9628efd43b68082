"""A webhook's receiver that behaves as badly as it is told, and remembers everything."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import random
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from aiohttp import web

from streams.local.process import free_port

if TYPE_CHECKING:
    from collections.abc import Callable

KEY = bytes(range(32))
SECRET = "whsec_" + base64.b64encode(KEY).decode()


@dataclass(frozen=True, slots=True)
class Received:
    """One request and the answer that it got."""

    headers: dict[str, str]
    body: bytes
    status: int

    @property
    def alert(self) -> dict[str, Any]:
        """The alert in a generic webhook."""
        content: dict[str, Any] = json.loads(self.body)["data"]
        return content

    @property
    def verifies(self) -> bool:
        """Whether the signature is that of Standard Webhooks with our key."""
        told = self.headers
        signed = f"{told['webhook-id']}.{told['webhook-timestamp']}.".encode() + self.body
        digest = base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
        return f"v1,{digest}" in told["webhook-signature"].split()


@dataclass
class Receiver:
    """An HTTP server on loopback.

    Attributes
    ----------
    answer
        Returns the answer to a request by its number; None hangs until the sender gives up.
    received
        Every request, in order of arrival.
    """

    answer: Callable[[int], web.Response | None] = lambda _: web.Response(text="ok")
    received: list[Received] = field(default_factory=list)
    port: int = field(default_factory=free_port)
    _runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/hook"

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen."""
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True).start()

    async def stop(self) -> None:
        """Stop listening and cut what is open."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _handle(self, request: web.Request) -> web.Response:
        body = await request.read()
        answer = self.answer(len(self.received))
        status = 0 if answer is None else answer.status
        self.received.append(
            Received({name.lower(): value for name, value in request.headers.items()}, body, status)
        )
        if answer is None:
            await asyncio.sleep(3600)
        return answer or web.Response()

    def taken(self) -> list[Received]:
        """Return the requests that were answered with success."""
        return [each for each in self.received if 200 <= each.status < 300]

    def numbers(self) -> dict[str, list[int]]:
        """Return the numbers of the steps of each incident, in order of arrival."""
        by_incident: dict[str, list[int]] = defaultdict(list)
        for each in self.received:
            by_incident[each.alert["incident"]].append(each.alert["number"])
        return dict(by_incident)


def badly(seed: int, fails: float = 0.30, hangs: float = 0.05) -> Callable[[int], Any]:
    """Return answers of which a share fails, in several ways, and a share never comes."""
    draw = random.Random(seed)
    failures = [
        lambda: web.Response(status=500, text="broken"),
        lambda: web.Response(status=502),
        lambda: web.Response(status=503, headers={"Retry-After": "0"}),
        lambda: web.Response(status=429, headers={"Retry-After": "0"}),
        lambda: web.Response(status=302, headers={"Location": "http://127.0.0.1:1/"}),
    ]

    def answer(_: int) -> web.Response | None:
        chance = draw.random()
        if chance < hangs:
            return None
        if chance < hangs + fails:
            return draw.choice(failures)()
        return web.Response(text="ok")

    return answer
