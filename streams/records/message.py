"""One record to publish, whatever its topic."""

from __future__ import annotations

from typing import NamedTuple


class Message(NamedTuple):
    """One record to publish."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()
    timestamp_ms: int | None = None
