"""Consumer records made by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiokafka import ConsumerRecord

if TYPE_CHECKING:
    from collections.abc import Sequence


def record(
    value: bytes | None,
    *,
    key: bytes | None = None,
    headers: Sequence[tuple[str, bytes]] = (),
    offset: int = 0,
    timestamp: int = 1_762_000_000_000,
) -> ConsumerRecord:
    """Return a record of the items topic as the consumer would give it."""
    return ConsumerRecord(
        topic="news.items",
        partition=0,
        offset=offset,
        timestamp=timestamp,
        timestamp_type=0,
        key=key,
        value=value,
        checksum=None,
        serialized_key_size=len(key or b""),
        serialized_value_size=len(value or b""),
        headers=tuple(headers),
    )
