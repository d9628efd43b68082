"""A batch made plain within a bound: what a compressed one expands to, nobody else limits.

The broker's limits are on compressed bytes, and 4 MiB of them may stand for gigabytes. So a batch
is decompressed here, no further than it may go, before any parser of the client sees it.
"""

from __future__ import annotations

import gzip
import io
import struct
from typing import TYPE_CHECKING

import cramjam
from aiokafka.record.default_records import DefaultRecordBase as Layout
from aiokafka.record.util import decode_varint_py as decode_varint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOST = 64 * 1024 * 1024
"""Bytes that a batch may take in memory unless the settings say otherwise."""
RECORD, HEADER = 100, 64
"""What a record and a header of it take in memory beside their bytes, about."""
BATCH_AT, ATTRIBUTES_AT, COUNT_AT, RECORDS_AT = 12, 21, 57, 61
"""Byte offsets in a batch: what its length counts, attributes, number of records, records."""
LENGTH, ATTRIBUTES = struct.Struct(">i"), struct.Struct(">h")

SNAPPY_STREAM = b"\x82SNAPPY\x00"
"""How a stream of snappy blocks begins, as xerial's Java library writes it."""
SNAPPY_HEAD = 16


class TooFarError(ValueError):
    """A batch takes more memory than it may."""


def plain(batch: bytes | memoryview, most: int = MOST) -> bytes:
    """Return a batch of format 2 with its records not compressed.

    Parameters
    ----------
    batch
        The whole batch, header included.
    most
        Bytes that it may take in memory.

    Raises
    ------
    TooFarError
        It takes more. No more than that was used to find out.
    Exception
        What the codec, or a length that lies, raises for what is damaged.
    """
    (attributes,) = ATTRIBUTES.unpack_from(batch, ATTRIBUTES_AT)
    (count,) = LENGTH.unpack_from(batch, COUNT_AT)
    codec = attributes & Layout.CODEC_MASK
    records = bytes(batch[RECORDS_AT:])
    if codec != Layout.CODEC_NONE:
        records = _expand[codec](records, most)
    weight = len(records) + RECORD * count + HEADER * _headers(records, count)
    if codec == Layout.CODEC_NONE:
        # The broker's limits are on what it takes already.
        return bytes(batch)
    if weight > most:
        raise TooFarError(f"{count} records would take {weight} bytes, more than {most}")
    made = bytearray(batch[:RECORDS_AT])
    LENGTH.pack_into(made, BATCH_AT - LENGTH.size, RECORDS_AT - BATCH_AT + len(records))
    ATTRIBUTES.pack_into(made, ATTRIBUTES_AT, attributes & ~Layout.CODEC_MASK)
    return bytes(made + records)


def _headers(records: bytes, count: int) -> int:
    """Return how many headers some records have together, without making any of them.

    Every length is held against what is there: the client's fast parser reads past the end of a
    batch that lies about one, and takes the process with it.

    Raises
    ------
    ValueError, IndexError
        The bytes are not so many records, or more than that.
    """
    total = at = 0
    for _ in range(count):
        length, at = decode_varint(records, at)
        end = at + length
        _, at = decode_varint(records, at + 1)  # behind the attributes: the time
        _, at = decode_varint(records, at)  # the offset
        at = _skip(records, _skip(records, at))  # key and value
        headers, at = decode_varint(records, at)
        for _ in range(headers):
            size, at = decode_varint(records, at)
            if size < 0:
                raise ValueError("a header without a name")
            at = _skip(records, at + size)
        if headers < 0 or at != end or end > len(records):
            raise ValueError("a record is longer or shorter than it says")
        total += headers
    if at != len(records):
        raise ValueError("there is more behind the last record")
    return total


def _skip(records: bytes, at: int) -> int:
    """Return where the bytes end whose length is at this place."""
    size, behind = decode_varint(records, at)
    return int(behind + max(size, 0))


def _gzip(data: bytes, most: int) -> bytes:
    with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
        made = file.read(most + 1)
    if len(made) > most:
        raise TooFarError(f"it expands to more than {most} bytes")
    return made


def _snappy(data: bytes, most: int) -> bytes:
    blocks = list(_snappy_blocks(data))
    # Each block says first what it expands to, and the codec holds it to that.
    if sum(map(cramjam.snappy.decompress_raw_len, blocks)) > most:
        raise TooFarError(f"it expands to more than {most} bytes")
    return b"".join(bytes(cramjam.snappy.decompress_raw(block)) for block in blocks)


def _snappy_blocks(data: bytes) -> Iterator[bytes]:
    if not data.startswith(SNAPPY_STREAM):
        yield data
        return
    at = SNAPPY_HEAD
    while at < len(data):
        (size,) = LENGTH.unpack_from(data, at)
        if size < 0:
            # The client's own loop would go back by it, for ever.
            raise ValueError("snappy: a block of negative size")
        at += LENGTH.size + size
        yield data[at - size : at]


def _lz4(data: bytes, most: int) -> bytes:
    return _into(cramjam.lz4.decompress_into, data, most)


def _zstd(data: bytes, most: int) -> bytes:
    return _into(cramjam.zstd.decompress_into, data, most)


def _into(decompress: Callable[[bytes, bytearray], int], data: bytes, most: int) -> bytes:
    """Decompress into memory of a fixed size; the codec raises where it is too small."""
    # Text rarely shrinks further; memory that is not used is not taken from the system either.
    for room in (min(most, 1024 + 16 * len(data)), most):
        made = bytearray(room)
        try:
            return bytes(memoryview(made)[: decompress(data, made)])
        except cramjam.DecompressionError as error:
            if "whole buffer" not in str(error):
                raise
    raise TooFarError(f"it expands to more than {most} bytes")


_expand: dict[int, Callable[[bytes, int], bytes]] = {
    Layout.CODEC_GZIP: _gzip,
    Layout.CODEC_SNAPPY: _snappy,
    Layout.CODEC_LZ4: _lz4,
    Layout.CODEC_ZSTD: _zstd,
}
