"""A hostile visitor of the HTTP port: nothing changes, nothing is told, nothing lasts."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from aiohttp import web
from prometheus_client import CollectorRegistry

from streams import guard
from streams.guard import RUNNER, guarded_application
from streams.local.process import free_port
from streams.progress import Progress
from streams.web import Web

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

PATHS = ["/livez", "/readyz", "/metrics"]


async def answered(port: int, request: bytes) -> bytes:
    """Send bytes; return all that comes until the server closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        return await asyncio.wait_for(reader.read(), 20)
    finally:
        writer.close()


def ask(request: bytes) -> bytes:
    async def served() -> bytes:
        port = free_port()
        async with Web("127.0.0.1", port, Progress(60.0), CollectorRegistry()):
            return await answered(port, request)

    return asyncio.run(served())


def request(method: str, path: str, *, head: str = "", body: str = "") -> bytes:
    return f"{method} {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{head}\r\n{body}".encode()


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE"])
def test_no_method_that_changes_something_is_answered(method: str, path: str) -> None:
    assert ask(request(method, path)).startswith(b"HTTP/1.1 405 ")


@pytest.mark.parametrize("path", [*PATHS, "/none"])
def test_each_answer_forbids_a_browser_everything_and_names_no_version(path: str) -> None:
    head, _, _ = ask(request("GET", path)).partition(b"\r\n\r\n")

    for name, value in guard.HEADERS.items():
        assert f"{name}: {value}".encode() in head
    assert b"aiohttp" not in head
    assert b"Python" not in head


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(request("GET", "/livez?" + "x" * 5000), id="a long line"),
        pytest.param(request("GET", "/livez", head=f"X: {'x' * 9000}\r\n"), id="a long header"),
        pytest.param(request("GET", "/livez", head="X: y\r\n" * 500), id="many headers"),
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00", id="TLS where there is none"),
        pytest.param(b"GET /livez HTTP/1.1\r\nHost: a\r\nX: \x00\r\n\r\n", id="a zero byte"),
    ],
)
def test_too_much_or_no_request_is_refused_with_400(sent: bytes) -> None:
    assert ask(sent).startswith((b"HTTP/1.0 400 ", b"HTTP/1.1 400 "))


def test_a_head_that_trickles_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server closes within the limit, though a byte comes now and then."""
    monkeypatch.setitem(RUNNER, "keepalive_timeout", 0.5)

    async def trickled() -> bytes:
        port = free_port()
        async with Web("127.0.0.1", port, Progress(60.0), CollectorRegistry()):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET /livez HTTP/1.1\r\n")
            ended = asyncio.create_task(reader.read())
            for _ in range(200):
                if ended.done():
                    break
                writer.write(b"X: y\r\n")
                await asyncio.sleep(0.1)
            writer.close()
            return await asyncio.wait_for(ended, 1)

    assert asyncio.run(trickled()) == b""


def serve(handler: Callable[[web.Request], Awaitable[web.Response]], sent: bytes) -> bytes:
    """Ask an application with a route that reads a body, as the page has one."""

    async def served() -> bytes:
        app = guarded_application()
        app.add_routes([web.post("/", handler)])
        runner = web.AppRunner(app, access_log=None, **RUNNER)
        await runner.setup()
        port = free_port()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        try:
            return await answered(port, sent)
        finally:
            await runner.cleanup()

    return asyncio.run(served())


async def echo(incoming: web.Request) -> web.Response:
    return web.Response(text=str(len(await incoming.read())))


def test_a_body_that_trickles_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "BODY_SECONDS", 0.3)
    monkeypatch.setitem(RUNNER, "lingering_time", 0.2)

    answer = serve(echo, request("POST", "/", head="Content-Length: 100\r\n", body="slow"))

    assert answer.startswith(b"HTTP/1.1 408 ")


def test_a_large_body_is_refused() -> None:
    large = "x" * (guard.BODY_BYTES + 1)

    answer = serve(echo, request("POST", "/", head=f"Content-Length: {len(large)}\r\n", body=large))

    assert answer.startswith(b"HTTP/1.1 413 ")


def test_an_answer_may_have_headers_of_its_own() -> None:
    async def own(_: web.Request) -> web.Response:
        return web.Response(headers={"Content-Security-Policy": "default-src 'self'"})

    answer = serve(own, request("POST", "/"))

    assert b"Content-Security-Policy: default-src 'self'\r\n" in answer
    assert b"X-Content-Type-Options: nosniff" in answer
