"""What the topics hold of verdicts and of the alerts that they are about."""

from __future__ import annotations

import collections
from typing import TYPE_CHECKING

from streams.deadletters import Reason
from streams.feedback.labelled import Labelled, labelled
from streams.feedback.verdicts import read_feedback
from streams.tail import read_alerts, read_records

if TYPE_CHECKING:
    from datetime import datetime

    from streams.records import Alert
    from streams.settings import Settings


async def latest_alert(settings: Settings, incident: str) -> Alert | None:
    """Return the latest alert of an incident that is on the topic."""
    found: Alert | None = None
    async for alert in read_alerts(settings, follow=False):
        if alert.incident == incident and (found is None or alert.number >= found.number):
            found = alert
    return found


async def labelled_items(settings: Settings, since: datetime | None = None) -> Labelled:
    """Return what the verdicts on the topic teach, see :mod:`streams.feedback.labelled`.

    Only alerts with a verdict are held in memory.
    """
    records = read_records(settings, settings.feedback_topic)
    read = [read_feedback(record.value) async for record in records]
    verdicts = [each for each in read if not isinstance(each, Reason)]
    judged = {verdict.incident for verdict in verdicts}
    alerts = [a async for a in read_alerts(settings, follow=False) if a.incident in judged]
    lines, left_out = labelled(alerts, verdicts, since)
    bad = {"it is no verdict": len(read) - len(verdicts)}
    return Labelled(lines, collections.Counter(left_out) + collections.Counter(bad))
