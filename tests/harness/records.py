"""Consumer records made by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

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
    topic: str = "news.items",
) -> ConsumerRecord:
    """Return a record of the items topic as the consumer would give it."""
    return ConsumerRecord(
        topic=topic,
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


class RawName(str):
    """A header name with the bytes given, UTF-8 or not, for the client's builder in Python."""

    __slots__ = ()

    def __new__(cls, raw: bytes) -> Self:
        return super().__new__(cls, raw.decode("utf-8", "surrogateescape"))

    def encode(self, *_: object) -> bytes:
        """Return the bytes."""
        return super().encode("utf-8", "surrogateescape")
