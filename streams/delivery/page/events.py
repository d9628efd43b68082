"""`/api/events`: server-sent events that go on where the client was, also after a restart."""

from __future__ import annotations

import asyncio
import contextlib
import random
from typing import TYPE_CHECKING

import structlog
from aiohttp import web

from streams.delivery.page.errors import RequestError
from streams.delivery.page.feed import BehindError, FeedClosedError, frame
from streams.delivery.page.position import read, written
from streams.delivery.page.store import PositionLostError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.delivery.page.desk import Desk
    from streams.metrics import Metrics

log = structlog.get_logger(__name__)

HEARTBEAT_SECONDS = 15.0
WRITE_SECONDS = 20.0
RETRY_MS = (500, 2000)
"""A client comes back after a time drawn from here, so that many do not come back at once."""
PIECE = 256 * 1024
"""Bytes of the past that are written at once."""
BEAT = b":\n\n" + frame("beat", b"{}")
"""A comment for proxies, and an event since a browser tells its page nothing of comments."""
HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    # A proxy that collects an answer before it passes it on would hold back every alert.
    "X-Accel-Buffering": "no",
}


class Events:
    """The streams of all clients.

    Parameters
    ----------
    most_clients
        Streams served at once; the next one is told to come back later.
    heartbeat
        Seconds of silence after which a comment is sent, which also finds clients that are gone.
    patience
        Seconds that one write may wait for the client's network before the connection is cut.
    """

    def __init__(
        self,
        desk: Desk,
        metrics: Metrics,
        most_clients: int,
        *,
        heartbeat: float = HEARTBEAT_SECONDS,
        patience: float = WRITE_SECONDS,
        draw: random.Random | None = None,
    ) -> None:
        self._desk = desk
        self._metrics = metrics
        self._most_clients = most_clients
        self._heartbeat = heartbeat
        self._patience = patience
        self._draw = draw or random.Random()  # noqa: S311 - jitter, no secret
        self.clients = 0

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Serve one client until it goes, falls behind, or the server stops."""
        if self.clients >= self._most_clients:
            self._metrics.page_dropped.labels("too_many").inc()
            raise RequestError("too many readers; try again", status=503)
        self._count(+1)
        try:
            return await self._serve(request)
        finally:
            self._count(-1)

    def _count(self, change: int) -> None:
        self.clients += change
        self._metrics.page_clients.set(self.clients)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers=HEADERS)
        # A reader that goes is no error, at whatever point it goes.
        with contextlib.suppress(ConnectionError):
            await response.prepare(request)
            try:
                await self._send_all(response, _asked_position(request))
            except TimeoutError:
                self._metrics.page_dropped.labels("stuck").inc()
                log.info("page_client_dropped", reason="the network takes nothing")
                if request.transport is not None:
                    request.transport.abort()
        return response

    async def _send_all(self, response: web.StreamResponse, asked: str | None) -> None:
        try:
            await self._loaded(response)
            cursor = await self._catch_up(response, asked)
            await self._follow(response, cursor)
        except FeedClosedError:
            await self._write(response, b": the server stops\n\n")
        except BehindError as error:
            self._metrics.page_dropped.labels("slow").inc()
            log.info("page_client_dropped", reason=str(error))
            await self._write(response, frame("resume", b"{}"))

    async def _loaded(self, response: web.StreamResponse) -> None:
        await self._write(response, f"retry: {self._draw.randint(*RETRY_MS)}\n\n".encode())
        while not self._desk.loaded.is_set():
            try:
                async with asyncio.timeout(self._heartbeat):
                    await self._desk.loaded.wait()
            except TimeoutError:
                await self._write(response, b": loading\n\n")

    async def _catch_up(self, response: web.StreamResponse, asked: str | None) -> int:
        """Send what was missed; return the cursor from which the client follows the feed."""
        cursor, now = self._desk.feed.end, self._desk.position
        state = self._desk.state_frame()
        if asked is None:
            await self._write(response, frame("hello", b"{}", now) + state)
            return cursor
        try:
            pieces = list(self._missed(asked))
        except PositionLostError as error:
            log.info("page_client_loads_anew", reason=str(error))
            await self._write(response, frame("reset", b"{}", now) + state)
            return cursor
        await self._write(response, frame("hello", b"{}", asked) + state)
        for piece in pieces:
            await self._write(response, piece)
        return cursor

    def _missed(self, asked: str) -> Iterator[bytes]:
        position = read(asked)
        if position is None:
            raise PositionLostError("not a position of ours")
        piece = bytearray()
        for entry in self._desk.store.since(position):
            # Each id is exact for this client, so that it may break off at any event.
            position[entry.partition] = entry.offset + 1
            piece += frame("alert", entry.wire, written(position))
            if len(piece) > PIECE:
                yield bytes(piece)
                piece.clear()
        if piece:
            yield bytes(piece)

    async def _follow(self, response: web.StreamResponse, cursor: int) -> None:
        feed = self._desk.feed
        while True:
            if await feed.wait(cursor, self._heartbeat):
                frames, cursor = feed.after(cursor)
                await self._write(response, frames)
            else:
                await self._write(response, BEAT)

    async def _write(self, response: web.StreamResponse, data: bytes) -> None:
        async with asyncio.timeout(self._patience):
            await response.write(data)


def _asked_position(request: web.Request) -> str | None:
    """Return where the client says it was: the browser's own header wins over the first address."""
    return request.headers.get("Last-Event-ID") or request.query.get("position")
