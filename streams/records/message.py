"""One record to publish, whatever its topic."""

from __future__ import annotations

from typing import NamedTuple


class Message(NamedTuple):
    """One record to publish; the partition is the key's where none is given."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()
    timestamp_ms: int | None = None
    partition: int | None = None
