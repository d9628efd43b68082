"""Alerts pushed to the targets that an operator names.

Each target has a consumer group of its own: its offsets say what it was sent, whatever happens to
the others. A slow or dead target holds up nobody, a new one disturbs nobody, and one that comes
back goes on where it stopped. Inside a target each partition of the alerts topic is delivered one
alert at a time, so that the steps of an incident arrive in order.
"""

from __future__ import annotations

from streams.delivery.webhooks.service import Webhooks
from streams.delivery.webhooks.targets import TargetsError, load_targets

__all__ = ["TargetsError", "Webhooks", "load_targets"]
