"""Verdicts made by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from streams.records import Feedback

GIVEN = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def verdict(word: str = "confirm", reason: str | None = None, **fields: Any) -> Feedback:
    """Return a verdict on the alert of `harness.alerts`, with any field replaced."""
    given: dict[str, Any] = {
        "id": "v1",
        "incident": "i",
        "key": "KHM-THA",
        "alert": "i-1-opened",
        "verdict": word,
        "reason": reason,
        "by": "analyst",
        "at": GIVEN,
    }
    return Feedback(**(given | fields))
