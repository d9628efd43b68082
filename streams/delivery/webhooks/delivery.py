"""One alert to one target: attempts until it is taken, refused for good, or dead."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import structlog

from streams.deadletters import Reason
from streams.delivery.webhooks.attempt import Answer
from streams.delivery.webhooks.kinds import request_for
from streams.retry import Backoff

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.delivery.webhooks.metrics import WebhookMetrics
    from streams.delivery.webhooks.outlet import Outlet
    from streams.records import Alert

log = structlog.get_logger(__name__)

SLICE_SECONDS = 5.0
"""How often a pause says that it is one: a lane that waits for its target is not stalled."""


class StoppedError(Exception):
    """The worker ends, or the partition moves: the alert is delivered by who comes next."""


class Delivery:
    """Delivers alerts to one target, each by as many attempts as it takes.

    Parameters
    ----------
    outlet
        The target.
    metrics
        Where it is counted.
    alive
        Called often while it waits.
    now
        The time of day, with a zone.
    """

    def __init__(
        self,
        outlet: Outlet,
        metrics: WebhookMetrics,
        alive: Callable[[], None],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._target = outlet.target
        self._access = outlet.access
        self._caller = outlet.caller
        self._circuit = outlet.circuit
        self._metrics = metrics
        self._alive = alive
        self._now = now

    async def deliver(self, alert: Alert, stopping: asyncio.Event) -> Reason | None:
        """Return None when the target has taken the alert, else why it never will.

        Raises
        ------
        StoppedError
            ``stopping`` was set before there was an answer.
        """
        target = self._target
        backoff = Backoff(target.backoff, target.backoff_max)
        answer: Answer | None = None
        for attempt in range(1, target.attempts + 1):
            await self._wait_for_circuit(stopping)
            answer = await self._attempt(alert)
            if answer.result == "ok":
                return None
            log.warning(
                "webhook_failed",
                target=target.name,
                alert=alert.id,
                attempt=attempt,
                result=answer.result,
                detail=answer.detail,
            )
            if answer.useless:
                break
            if attempt < target.attempts:
                asked = min(answer.retry_after, target.retry_after_max)
                await self._pause(max(backoff.length(), asked), stopping)
        assert answer is not None  # noqa: S101 - there is at least one attempt
        return Reason("delivery", answer.result, f"{target.name}: {answer.detail}")

    async def _attempt(self, alert: Alert) -> Answer:
        try:
            request = request_for(alert, self._target, self._access, self._now())
        except Exception as error:  # a bug of ours costs this alert, and not the target's others
            log.exception("webhook_not_written", target=self._target.name, alert=alert.id)
            self._circuit.let_go()
            return Answer("unwritten", f"{type(error).__name__}: {error}", useless=True)
        started = time.perf_counter()
        try:
            answer = await self._caller.call(request)
        except BaseException:
            self._circuit.let_go()
            raise
        name = self._target.name
        self._metrics.seconds.labels(name).observe(time.perf_counter() - started)
        self._metrics.attempts.labels(name, answer.result).inc()
        self._alive()
        # A target that refuses one body is not down.
        if answer.result == "ok" or answer.useless:
            self._circuit.succeeded()
        else:
            self._circuit.failed()
        return answer

    async def _wait_for_circuit(self, stopping: asyncio.Event) -> None:
        while (seconds := self._circuit.wait()) > 0:
            await self._pause(seconds, stopping)
        if stopping.is_set():
            self._circuit.let_go()
            raise StoppedError

    async def _pause(self, seconds: float, stopping: asyncio.Event) -> None:
        while seconds > 0:
            self._alive()
            length = min(seconds, SLICE_SECONDS)
            try:
                await asyncio.wait_for(stopping.wait(), length)
            except TimeoutError:
                seconds -= length
            else:
                raise StoppedError
