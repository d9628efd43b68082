"""Alerts as CloudEvents 1.0, Kafka binding, binary mode: attributes in headers, data as the value.

See the specification's `kafka-protocol-binding.md`, version 1.0.2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.records import Alert, Message, encode

if TYPE_CHECKING:
    from datetime import datetime

EVENT_TYPE = "dev.escalation.alert.v1"
EVENT_SOURCE = "/escalation/incidents"
DATA_SCHEMA = "urn:escalation:schema:alert:v1"
"""``$id`` of the alert's JSON Schema in `deploy/contract/`. A name and no address: it stays true
wherever the schema is kept."""


def alert_message(alert: Alert, topic: str, traceparent: bytes | None = None) -> Message:
    """Return the alert as a record: CloudEvents 1.0 in binary mode, keyed by its incident.

    ``traceparent`` is passed on as it came (CloudEvents' distributed tracing extension).
    """
    attributes = {
        "ce_specversion": "1.0",
        "ce_id": alert.id,
        "ce_type": EVENT_TYPE,
        "ce_source": EVENT_SOURCE,
        "ce_subject": alert.incident,
        "ce_time": rfc3339(alert.at),
        "ce_dataschema": DATA_SCHEMA,
        "content-type": "application/json",
    }
    headers = tuple((name, text.encode()) for name, text in attributes.items() if text)
    trace = (("traceparent", traceparent),) if traceparent else ()
    return Message(topic, alert.incident.encode(), encode(alert), (*headers, *trace))


def rfc3339(when: datetime | None) -> str:
    """Return the time as RFC 3339 with ``Z`` for UTC; empty when there is none."""
    return "" if when is None else when.isoformat().replace("+00:00", "Z")
