"""`POST /api/feedback`: an analyst confirms, dismisses or notes; it goes to the feedback topic.

The token is in the `Authorization` header and nowhere else, so a page of somebody else cannot send
a verdict with an analyst's browser: no cookie goes along by itself.
"""

from __future__ import annotations

import asyncio
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec
import structlog

from streams.delivery.page.errors import JSON, RequestError, json_response
from streams.records import Feedback, Message, encode
from streams.records.feedback import Reason  # noqa: TC001 - msgspec reads annotations at run time

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Protocol

    from aiohttp import web

    from streams.delivery.page.desk import Desk
    from streams.delivery.page.tokens import Tokens
    from streams.metrics import Metrics

    class Publishes(Protocol):
        """The part of `Publisher` that is needed here."""

        async def publish(self, messages: Sequence[Message]) -> None:
            """Return when all messages are acknowledged."""


log = structlog.get_logger(__name__)

MOST_BYTES = 16 * 1024
ACKNOWLEDGE_SECONDS = 10.0

Short = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class Verdict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an analyst sends. Fields as in :class:`streams.records.Feedback`.

    Attributes
    ----------
    id
        The sender's; sent again with the same one, a verdict counts once.
    """

    id: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{8,64}$")] | None = None
    incident: Short
    alert: Short | None = None
    verdict: Literal["confirm", "dismiss", "note"]
    reason: Reason | None = None
    note: Annotated[str, msgspec.Meta(max_length=2000)] = ""


_decoder = msgspec.json.Decoder(Verdict)


class FeedbackDesk:
    """Takes verdicts of those who have a token."""

    def __init__(
        self,
        desk: Desk,
        tokens: Tokens,
        publisher: Publishes,
        topic: str,
        metrics: Metrics,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._desk = desk
        self._tokens = tokens
        self._publisher = publisher
        self._topic = topic
        self._metrics = metrics
        self._now = now

    async def post(self, request: web.Request) -> web.Response:
        """Answer with 202 when the broker has acknowledged the verdict."""
        try:
            name = self._who(request)
            verdict = _checked(await _body(request))
            feedback = self._feedback(verdict, name)
            await self._publish(feedback)
        except RequestError:
            self._metrics.page_feedback.labels("refused").inc()
            raise
        self._metrics.page_feedback.labels(feedback.verdict).inc()
        log.info("feedback", incident=feedback.incident, verdict=feedback.verdict, by=name)
        return json_response(msgspec.json.encode({"id": feedback.id, "by": name}), 202)

    def _who(self, request: web.Request) -> str:
        if not self._tokens:
            raise RequestError("no token is configured, so no verdict is taken", status=404)
        name = self._tokens.name_of(request.headers.get("Authorization"))
        if name is None:
            raise RequestError("the token is missing or nobody's", "Authorization", 401)
        return name

    def _feedback(self, verdict: Verdict, by: str) -> Feedback:
        steps = self._desk.store.incident(verdict.incident)
        if not steps:
            raise RequestError("not among the latest alerts", "incident", 404)
        latest = steps[-1].brief
        return Feedback(
            id=verdict.id or uuid.uuid4().hex,
            incident=latest.incident,
            # Ours and not the sender's: it decides which table the verdict reaches.
            key=latest.key,
            alert=verdict.alert or latest.id,
            verdict=verdict.verdict,
            reason=verdict.reason,
            note=verdict.note,
            by=by,
            at=self._now(),
        )

    async def _publish(self, feedback: Feedback) -> None:
        message = Message(
            self._topic,
            feedback.key.encode(),
            encode(feedback),
            (("content-type", JSON.encode()),),
        )
        try:
            async with asyncio.timeout(ACKNOWLEDGE_SECONDS):
                await self._publisher.publish([message])
        except TimeoutError:
            raise RequestError(
                "the broker has not acknowledged it; send it again with the same id", status=503
            ) from None


async def _body(request: web.Request) -> bytes:
    if request.content_type != JSON:
        raise RequestError(f"must be {JSON}", "Content-Type", 415)
    body = await request.content.read(MOST_BYTES + 1)
    while len(body) <= MOST_BYTES and (more := await request.content.read(MOST_BYTES + 1)):
        body += more
    if len(body) > MOST_BYTES:
        raise RequestError(f"a verdict has at most {MOST_BYTES} bytes", status=413)
    return body


def _checked(body: bytes) -> Verdict:
    try:
        verdict = _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _named(str(error)) from error
    if verdict.verdict == "dismiss" and verdict.reason is None:
        raise RequestError("is needed to dismiss", "reason")
    if verdict.verdict == "note" and not verdict.note.strip():
        raise RequestError("is needed for a note", "note")
    return verdict


def _named(message: str) -> RequestError:
    """Return msgspec's fault with the field that it names: ``... - at `$.reason```."""
    text, _, path = message.partition(" - at `$.")
    if path:
        return RequestError(text, path.rstrip("`"))
    field = text.rpartition("field `")[2].rstrip("`") if "field `" in text else None
    return RequestError(text, field)
