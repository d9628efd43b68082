"""One request to a real server, and how it can end."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from aiohttp import web
from harness.receiver import Receiver
from yarl import URL

from streams.delivery.webhooks.access import access_to
from streams.delivery.webhooks.attempt import READ_BYTES, Answer, Caller
from streams.delivery.webhooks.kinds import Request
from streams.delivery.webhooks.targets import Target

if TYPE_CHECKING:
    from collections.abc import Callable

LOCAL = {"name": "t", "kind": "slack", "allow_http": True, "allow_private": True, "timeout": 5}
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def call(url: str, **more: Any) -> Answer:
    target = msgspec.convert(LOCAL | {"url": "https://x.example"} | more, Target)

    async def run() -> Answer:
        caller = Caller(target, access_to(target), clock=NOW.timestamp)
        try:
            return await caller.call(Request(URL(url), b"{}", {}))
        finally:
            await caller.close()

    return asyncio.run(asyncio.wait_for(run(), 30))


def answered(response: Callable[[], web.Response | None], **more: Any) -> tuple[Answer, Receiver]:
    receiver = Receiver(answer=lambda _: response())

    async def run() -> Answer:
        async with receiver:
            return await asyncio.to_thread(call, receiver.url, **more)

    return asyncio.run(run()), receiver


@pytest.mark.parametrize(
    ("status", "result", "useless"),
    [
        (200, "ok", False),
        (204, "ok", False),
        (400, "refused", True),
        (401, "refused", False),
        (404, "refused", False),
        (413, "refused", True),
        (422, "refused", True),
        (429, "rate_limited", False),
        (500, "broken", False),
        (503, "broken", False),
    ],
)
def test_a_status_says_what_to_do(status: int, result: str, useless: bool) -> None:
    answer, _ = answered(lambda: web.Response(status=status, text="because"))

    assert (answer.result, answer.useless) == (result, useless)
    assert answer.detail.startswith(f"HTTP {status}")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90.0),
        (format_datetime(NOW - timedelta(seconds=90), usegmt=True), 0.0),
        ("soon", 0.0),
        ("-5", 0.0),
        ("", 0.0),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_a_target_may_ask_for_time(status: int, value: str, seconds: float) -> None:
    answer, _ = answered(lambda: web.Response(status=status, headers={"Retry-After": value}))

    assert answer.retry_after == seconds


def test_a_redirect_is_not_followed() -> None:
    elsewhere = Receiver()

    async def run() -> Answer:
        def redirect(_: int) -> web.Response:
            return web.Response(status=307, headers={"Location": elsewhere.url})

        async with elsewhere, Receiver(answer=redirect) as receiver:
            return await asyncio.to_thread(call, receiver.url)

    answer = asyncio.run(run())

    assert answer.result == "redirect"
    assert elsewhere.received == []


def test_an_answer_that_never_comes_is_a_timeout() -> None:
    answer, _ = answered(lambda: None, timeout=0.2)

    assert answer.result == "timeout"


def test_a_port_where_nobody_listens_is_a_network_fault_that_shows_no_address() -> None:
    answer = call("http://127.0.0.1:1/T0P-SECRET")

    assert answer.result == "network"
    assert "SECRET" not in answer.detail


def test_a_long_answer_is_read_only_as_far_as_it_is_told() -> None:
    answer, _ = answered(lambda: web.Response(status=500, text="x" * 1_000_000))

    assert len(answer.detail) < READ_BYTES + 20


def test_a_name_that_leads_to_this_host_is_not_called_unless_told() -> None:
    receiver = Receiver()

    async def run(private: bool) -> Answer:
        url = receiver.url.replace("127.0.0.1", "localhost")
        return await asyncio.to_thread(call, url, allow_private=private)

    async def both() -> tuple[Answer, Answer]:
        async with receiver:
            return await run(False), await run(True)

    refused, taken = asyncio.run(both())

    assert (refused.result, taken.result) == ("private_address", "ok")
    assert len(receiver.received) == 1
