"""One request to a target and how it ended."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Literal

import aiohttp

from streams.delivery.webhooks.addresses import PrivateAddressError, PublicResolver

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.delivery.webhooks.access import Access
    from streams.delivery.webhooks.kinds import Request
    from streams.delivery.webhooks.targets import Target

Result = Literal[
    "ok",
    "timeout",
    "network",
    "private_address",
    "redirect",
    "rate_limited",
    "refused",
    "broken",
    "unwritten",
]

USELESS = {
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
}
"""Answers that say that the same body would be refused again."""
ASK_LATER = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
READ_BYTES = 500
"""What is read of an answer, for the log and the dead letter; the rest is not wanted."""
USER_AGENT = "escalation-signals"


@dataclass(frozen=True, slots=True)
class Answer:
    """How a request ended.

    Attributes
    ----------
    result
        In a word, as the metric has it.
    detail
        In words, for the log and the dead letter.
    useless
        Whether the same body would be refused again.
    retry_after
        Seconds that the target asks to be left alone.
    """

    result: Result
    detail: str = ""
    useless: bool = False
    retry_after: float = 0.0


class Caller:
    """Sends requests to one target: no redirect, no private address unless told, no proxy."""

    def __init__(
        self, target: Target, access: Access, clock: Callable[[], float] = time.time
    ) -> None:
        self._clock = clock
        self._timeout = target.timeout
        resolver = None if target.allow_private else PublicResolver()
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=access.tls, resolver=resolver),
            timeout=aiohttp.ClientTimeout(total=target.timeout),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": USER_AGENT},
            auto_decompress=False,
            trust_env=False,
        )

    async def call(self, request: Request) -> Answer:
        """Send a request once; every way in which it can end is an answer."""
        try:
            async with self._session.post(
                request.url, data=request.body, headers=request.headers, allow_redirects=False
            ) as response:
                said = await response.content.read(READ_BYTES)
                return self._read(response, said)
        except TimeoutError:
            return Answer("timeout", f"no answer within {self._timeout:g} seconds")
        except (aiohttp.ClientError, OSError, asyncio.IncompleteReadError) as error:
            if _is_private(error):
                return Answer("private_address", "the host leads to a private address")
            # Not its text: it may hold the address, which may be a secret.
            return Answer("network", type(error).__name__)

    async def close(self) -> None:
        """Close all connections."""
        await self._session.close()

    def _read(self, response: aiohttp.ClientResponse, said: bytes) -> Answer:
        status = response.status
        detail = f"HTTP {status}: {said.decode('utf-8', 'replace')}".rstrip(": ")
        if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            return Answer("ok", detail)
        if status < HTTPStatus.BAD_REQUEST:
            return Answer("redirect", f"HTTP {status}: redirects are not followed")
        later = self._retry_after(response.headers.get("Retry-After", ""))
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            return Answer("rate_limited", detail, retry_after=later)
        if status < HTTPStatus.INTERNAL_SERVER_ERROR:
            return Answer("refused", detail, useless=status in USELESS)
        return Answer("broken", detail, retry_after=later if status in ASK_LATER else 0.0)

    def _retry_after(self, value: str) -> float:
        """Read seconds or an HTTP date (RFC 9110, 10.2.3); what is neither asks for nothing."""
        if value.strip().isdecimal() and value.isascii():
            return float(value)
        try:
            return max(0.0, parsedate_to_datetime(value).timestamp() - self._clock())
        except (ValueError, OverflowError):
            return 0.0


def _is_private(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, PrivateAddressError):
            return True
        error = error.__cause__ or getattr(error, "os_error", None)
    return False
