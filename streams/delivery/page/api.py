"""What the page asks for once: the alerts so far, one incident in full, tension, and words."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, get_args

import msgspec
from aiohttp import web

from classifier.names import names, state_codes
from classifier.ontology import ONTOLOGY
from classifier.severity import THRESHOLDS
from streams.delivery.page.errors import RequestError, json_response
from streams.delivery.page.query import read_query
from streams.records.feedback import Reason

if TYPE_CHECKING:
    from streams.delivery.page.desk import Desk

LOAD_SECONDS = 10.0
SMALL = 4096
"""Bytes under which an answer is sent as it is."""


class Api:
    """Handlers of the page's questions."""

    def __init__(self, desk: Desk, *, feedback: bool) -> None:
        self._desk = desk
        self._about = msgspec.json.encode(_about(feedback=feedback))

    def routes(self) -> list[web.RouteDef]:
        """Return where each handler answers."""
        return [
            web.get("/api/alerts", self.alerts),
            web.get("/api/incidents/{incident}", self.incident),
            web.get("/api/tension", self.tension),
            web.get("/api/about", self.about),
        ]

    async def alerts(self, request: web.Request) -> web.Response:
        """Answer with the latest alerts, and with the position from which events go on."""
        query = read_query(request.query)
        await self._loaded()
        store = self._desk.store
        found = b",".join(entry.wire for entry in query.select(store))
        head = msgspec.json.encode({"position": self._desk.position, "kept": len(store)})
        return _compressed(head[:-1] + b',"alerts":[' + found + b"]}")

    async def incident(self, request: web.Request) -> web.Response:
        """Answer with every alert of an incident that is in the store, whole."""
        await self._loaded()
        steps = self._desk.store.incident(request.match_info["incident"])
        if not steps:
            raise RequestError("not among the latest alerts", "incident", 404)
        # The record's own bytes: nothing that it says is lost on the way.
        parts = [b'{"told":%d,"alert":%b}' % (step.brief.told, step.value) for step in steps]
        return _compressed(b'{"steps":[' + b",".join(parts) + b"]}")

    async def tension(self, _: web.Request) -> web.Response:
        """Answer with the tension of each pair and its course."""
        await self._loaded()
        return _compressed(b'{"pairs":' + self._desk.tension.snapshot() + b"}")

    async def about(self, _: web.Request) -> web.Response:
        """Answer with the words for cues, severities and states."""
        return _compressed(self._about)

    async def _loaded(self) -> None:
        try:
            async with asyncio.timeout(LOAD_SECONDS):
                await self._desk.loaded.wait()
        except TimeoutError:
            raise RequestError("the alerts are being read back; try again", status=503) from None


def _compressed(body: bytes) -> web.Response:
    response = json_response(body)
    if len(body) > SMALL:
        response.enable_compression()
    return response


def _about(*, feedback: bool) -> dict[str, object]:
    states = state_codes()
    return {
        "cues": {label.name: label.words for label in ONTOLOGY.values()},
        "severities": [{"word": word, "from": least} for least, word in THRESHOLDS],
        "states": {name.code: name.title for name in names() if name.code in states},
        "feedback": {"offered": feedback, "reasons": get_args(Reason)},
    }
