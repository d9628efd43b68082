"""A CloudEvent in structured mode, signed as Standard Webhooks has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from streams.cloudevents import alert_event
from streams.delivery.webhooks.kinds.request import Request
from streams.delivery.webhooks.signature import delivery_id, signed_headers

if TYPE_CHECKING:
    from datetime import datetime

    from streams.delivery.webhooks.access import Access
    from streams.delivery.webhooks.targets import Target
    from streams.records import Alert

CONTENT_TYPE = "application/cloudevents+json"


def request(alert: Alert, target: Target, access: Access, now: datetime) -> Request:
    """Return the request: the body is the same at every attempt, the timestamp is the attempt's."""
    body = msgspec.json.encode(alert_event(alert))
    identity = delivery_id(target.name, alert.id)
    headers = signed_headers(identity, int(now.timestamp()), body, access.secrets)
    return Request(access.url, body, {"Content-Type": CONTENT_TYPE, **headers})
