"""A small reader of server-sent events, as a client that is no browser would have one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import aiohttp


class Event(NamedTuple):
    """One event of a stream; comments and fields without an event are passed over."""

    kind: str
    data: Any
    id: str | None


async def events(response: aiohttp.ClientResponse) -> AsyncIterator[Event]:
    """Yield the events of a response until it ends."""
    fields: dict[str, str] = {}
    async for line in response.content:
        name, _, value = line.decode().rstrip("\n").partition(": ")
        if name in ("id", "event", "data"):
            fields[name] = value
        elif not name and "event" in fields:
            yield Event(fields["event"], json.loads(fields["data"]), fields.get("id"))
            fields = {}


async def take_alerts(response: aiohttp.ClientResponse, count: int) -> list[Event]:
    """Return the next alerts of a stream, so many of them."""
    taken: list[Event] = []
    async for event in events(response):
        if event.kind == "alert":
            taken.append(event)
        if len(taken) == count:
            break
    return taken
