"""Unix seconds and moments in UTC."""

from __future__ import annotations

from datetime import UTC, datetime


def moment(seconds: float) -> datetime:
    """Return Unix seconds as a moment in UTC, to the microsecond."""
    return datetime.fromtimestamp(seconds, UTC)
