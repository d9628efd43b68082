"""Alerts as CloudEvents 1.0: binary mode on Kafka, structured mode over HTTP.

On Kafka the attributes are headers and the alert is the value; a webhook's body is an `AlertEvent`
with both, so that one signature covers all. See the specification's `kafka-protocol-binding.md`
and `json-format.md`, version 1.0.2.
"""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec reads annotations at run time
from typing import Literal

import msgspec

from streams.records import Alert, Message, encode

EVENT_TYPE = "dev.escalation.alert.v1"
EVENT_SOURCE = "/escalation/incidents"
DATA_SCHEMA = "urn:escalation:schema:alert:v1"
"""``$id`` of the alert's JSON Schema in `deploy/contract/`. A name and no address: it stays true
wherever the schema is kept."""


class AlertEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An alert as a CloudEvent in structured mode: the body of a webhook.

    Attributes
    ----------
    specversion
        Version of CloudEvents.
    id
        The alert's id; a repeat has the same.
    type, source
        What it is and which part of the service says so.
    subject
        The incident's id.
    time
        Event time of the step.
    datacontenttype, dataschema
        Of ``data``.
    data
        The alert, as on Kafka.
    """

    specversion: Literal["1.0"]
    id: str
    type: str
    source: str
    subject: str
    time: datetime | None = None
    datacontenttype: Literal["application/json"]
    dataschema: str
    data: Alert


def alert_event(alert: Alert) -> AlertEvent:
    """Return the alert with its CloudEvents attributes, in one object."""
    return AlertEvent(
        specversion="1.0",
        id=alert.id,
        type=EVENT_TYPE,
        source=EVENT_SOURCE,
        subject=alert.incident,
        time=alert.at,
        datacontenttype="application/json",
        dataschema=DATA_SCHEMA,
        data=alert,
    )


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
