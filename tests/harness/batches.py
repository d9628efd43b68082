"""Batches of records as bytes, made by hand."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy
from aiokafka.record.util import calc_crc32c

if TYPE_CHECKING:
    from collections.abc import Iterable

CODECS = {"gzip": 1, "snappy": 2, "lz4": 3, "zstd": 4}
HEADER = struct.Struct(">qiibIhiqqqhii")


def batch(
    records: Iterable[tuple[bytes | None, bytes | None, list[tuple[str, bytes]]]],
    codec: int = 0,
    base: int = 0,
) -> bytes:
    """Return a batch of records: key, value and headers of each."""
    builder = _DefaultRecordBatchBuilderPy(2, codec, 0, -1, -1, -1, 1 << 30)
    for offset, (key, value, headers) in enumerate(records):
        builder.append(offset, 1000, key, value, headers)
    return base.to_bytes(8, "big") + bytes(builder.build()[8:])


def frame(records: bytes, codec: int, count: int) -> bytes:
    """Return a batch with these bytes in place of its records, as they are."""
    last = max(count - 1, 0)
    head = HEADER.pack(
        *(0, HEADER.size - 12 + len(records), 0, 2, 0, codec, last, 1000, 1000), -1, -1, -1, count
    )
    crc: int = calc_crc32c(head[21:] + records)
    return head[:17] + crc.to_bytes(4, "big") + head[21:] + records
