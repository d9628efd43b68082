"""An alert of the Alertmanager API version 2: it fires while the incident is open.

See https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml. All steps of an
incident have the same labels, so that they are one alert there.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from streams.delivery.webhooks.kinds.request import Request
from streams.incidents.assembly import ALERT_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from streams.delivery.webhooks.access import Access
    from streams.delivery.webhooks.targets import Target
    from streams.records import Alert

API = "api/v2/alerts"


def request(alert: Alert, target: Target, access: Access, now: datetime) -> Request:
    """Return the request; `closed` resolves the incident, any other step makes it fire."""
    until = now if alert.step == "closed" else now + timedelta(seconds=target.firing_for)
    return reminder([(alert, until)], access, now)


def reminder(firing: Iterable[tuple[Alert, datetime]], access: Access, now: datetime) -> Request:
    """Return the request that tells of several incidents until when each fires.

    Alertmanager takes an end in the past for resolved, and would resolve by itself after a few
    minutes what has no end.
    """
    body = msgspec.json.encode([_alert(alert, until, now) for alert, until in firing])
    return Request(access.url / API, body, {"Content-Type": "application/json"})


def _alert(alert: Alert, until: datetime, now: datetime) -> dict[str, Any]:
    starts = min(alert.first_seen or now, now)
    return {
        "labels": alert.labels or _labels(alert),
        "annotations": alert.annotations or _annotations(alert),
        "startsAt": starts,
        "endsAt": max(until, starts),
        "generatorURL": alert.url or "",
    }


def _labels(alert: Alert) -> dict[str, str]:
    return {"alertname": ALERT_NAME, "incident": alert.incident, "key": alert.key}


def _annotations(alert: Alert) -> dict[str, str]:
    cues = ", ".join(cue.cue for cue in alert.cues)
    return {"summary": alert.headline, "severity": alert.severity, "cues": cues, "step": alert.step}
