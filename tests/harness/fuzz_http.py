"""The HTTP handlers under fuzz: the server's protocol, fed with bytes in place of a socket."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any, Self

from prometheus_client import CollectorRegistry

from streams.local.process import free_port
from streams.progress import Progress
from streams.web import Web

if TYPE_CHECKING:
    from collections.abc import Callable

STATUS = re.compile(rb"HTTP/1\.[01] (\d{3}) ")
EXPECTED = {b"200", b"400", b"404", b"405", b"408", b"413", b"417"}
TURNS = 30
"""Turns of the loop that a handler without input or output of its own needs, and more."""


class HttpFuzz:
    """Serves the worker's port on a loop of its own; a context.

    Each case is a connection. Its answers must be ours or a refusal, never a fault of the server.
    """

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._web = Web("127.0.0.1", free_port(), Progress(60.0), CollectorRegistry())
        self.faults: list[Any] = []
        self._loop.set_exception_handler(lambda _, context: self.faults.append(context))

    def __enter__(self) -> Self:
        self._loop.run_until_complete(self._web.start())
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.run_until_complete(self._web.stop())
        self._loop.close()

    def feed(self, request: bytes) -> None:
        """Send one request and look at the answers."""
        answer = self._loop.run_until_complete(self._answer(request))
        statuses = set(STATUS.findall(answer))
        assert statuses <= EXPECTED, (request, answer)
        assert not self.faults, (request, self.faults)

    async def _answer(self, request: bytes) -> bytes:
        assert self._web._runner is not None
        make: Callable[[], Any] | None = self._web._runner.server
        assert make is not None
        protocol = make()
        transport = _Wire()
        protocol.connection_made(transport)
        protocol.data_received(request)
        for _ in range(TURNS):
            await asyncio.sleep(0)
        protocol.connection_lost(None)
        await asyncio.sleep(0)
        return bytes(transport.written)


class _Wire(asyncio.Transport):
    """A connection that remembers what was written."""

    def __init__(self) -> None:
        super().__init__()
        self.written = bytearray()
        self._closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += data

    def is_closing(self) -> bool:
        return self._closed

    def close(self) -> None:
        self._closed = True

    def abort(self) -> None:
        self._closed = True

    def pause_reading(self) -> None:
        """Nothing more comes."""

    def resume_reading(self) -> None:
        """Nothing more comes."""
