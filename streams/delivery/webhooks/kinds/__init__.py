"""What each kind of target is sent for an alert."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.delivery.webhooks.kinds import alertmanager, generic, slack
from streams.delivery.webhooks.kinds.request import Request, authorized

if TYPE_CHECKING:
    from datetime import datetime

    from streams.delivery.webhooks.access import Access
    from streams.delivery.webhooks.targets import Target
    from streams.records import Alert

__all__ = ["Request", "request_for"]


def request_for(alert: Alert, target: Target, access: Access, now: datetime) -> Request:
    """Return the request of one attempt.

    Parameters
    ----------
    alert
        What is told.
    target, access
        Whom and how.
    now
        Of this attempt, with a time zone.
    """
    if target.kind == "generic":
        request = generic.request(alert, target, access, now)
    elif target.kind == "slack":
        request = slack.request(alert, access)
    else:
        request = alertmanager.request(alert, target, access, now)
    return authorized(request, access)
