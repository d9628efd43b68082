"""The Faust agent of the incidents stage: the records' way through `incidents.py`."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

import structlog

from streams.cloudevents import alert_message
from streams.deadletters import Reason, dead_letter
from streams.incidents import alert_of, read_signal

if TYPE_CHECKING:
    import faust

    from streams.metrics import Metrics
    from streams.progress import Progress
    from streams.publisher import Publisher
    from streams.records import Message, Signal
    from streams.settings import Settings

log = structlog.get_logger(__name__)

NAME = "incidents"


def add_incidents(
    app: faust.App,
    settings: Settings,
    publisher: Publisher,
    metrics: Metrics,
    progress: Progress,
) -> None:
    """Add the agent that reads signals and publishes alerts to a Faust app."""
    # Raw values, decoded inside: Faust acknowledges and skips what it cannot decode itself.
    signals = app.topic(
        settings.signals_topic, key_serializer="raw", value_serializer="raw", allow_empty=True
    )

    @app.agent(signals, concurrency=1, name=NAME)
    async def incidents(stream: Any) -> None:
        async for event in stream.events():
            try:
                signal, messages = _messages(event, settings)
                await publisher.publish(messages)
            except Exception as error:
                # Faust acknowledges an event whose body raises. So this one never ends: liveness
                # fails, the worker is restarted, and the event is there again.
                progress.fatal = f"{NAME}: {error}"
                log.exception("incidents_stopped", partition=event.message.partition)
                await asyncio.Event().wait()
                raise
            if signal is not None:
                _count(metrics, signal, alerts=len(messages))
            else:
                metrics.dead_letters.labels(NAME, "DecodeError").inc()
            progress.advanced(NAME)


def _messages(event: Any, settings: Settings) -> tuple[Signal | None, list[Message]]:
    record = event.message
    signal = read_signal(record.value)
    if isinstance(signal, Reason):
        return None, [dead_letter(_AsRecord(record), signal, settings.dead_letters_topic)]
    alert = alert_of(signal)
    if alert is None:
        return signal, []
    trace = dict(record.headers or {}).get("traceparent")
    return signal, [alert_message(alert, settings.alerts_topic, trace)]


def _count(metrics: Metrics, signal: Signal, *, alerts: int) -> None:
    if not alerts:
        return
    metrics.alerts.labels(signal.severity).inc()
    if signal.ingested_at is not None:
        metrics.ingested_to_alert.observe(max(0.0, time.time() - signal.ingested_at.timestamp()))


class _AsRecord:
    """A Faust message with the names of a consumer record."""

    def __init__(self, message: Any) -> None:
        self.topic, self.partition, self.offset = message.topic, message.partition, message.offset
        self.key, self.value = message.key, message.value
        self.headers = tuple(message.headers or ())
        self.timestamp = int(message.timestamp * 1000)
