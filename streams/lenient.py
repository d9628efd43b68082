"""Records that the client itself cannot read must not stop their partition.

The client's parser raises out of `getmany` for a header name that is no UTF-8, and for a batch that
is damaged on the broker's disk; it would do so for ever. Here such a batch is read once more by the
client's parser in Python, with names decoded so that no byte is lost. What even that cannot read
becomes one record that carries the raw batch, so that it ends in the dead letters.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

import structlog
from aiokafka.consumer import fetcher
from aiokafka.record.default_records import _DefaultRecordBatchPy, _DefaultRecordPy
from aiokafka.record.memory_records import MemoryRecords

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiokafka import ConsumerRecord

log = structlog.get_logger(__name__)

UNREADABLE = "escalation.unreadable.batch"
"""Header of a record that stands for a whole batch which cannot be read; its value says why."""

LENGTH = struct.Struct(">i")
LENGTH_AT, BATCH_AT, MAGIC_AT = 8, 12, 16
"""Byte offsets in a batch: length of the rest, the rest, format version (KIP-98)."""
OLDEST_MAGIC = 2


def read_leniently() -> None:
    """Make every consumer of this process read its records through `LenientRecords`."""
    # The client has no hook for its parser; a test on a real broker holds this in place.
    fetcher.MemoryRecords = LenientRecords


def unreadable(record: ConsumerRecord) -> str | None:
    """Return why a record could not be read as its producer meant it, or None when it could."""
    for name, value in record.headers:
        if name == UNREADABLE:
            return (value or b"").decode("utf-8", "replace")
        if not is_text(name):
            return f"the header name {escaped(name)} is not UTF-8"
    return None


def is_text(name: str) -> bool:
    """Tell whether a header name was UTF-8."""
    return not any("\udc80" <= letter <= "\udcff" for letter in name)


def escaped(name: str) -> str:
    r"""Return a header name with each byte that is no UTF-8 as ``\xNN``."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


class LenientRecords:
    """The batches of one fetch, in place of the client's `MemoryRecords`."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._start = 0
        self._strict = MemoryRecords(data)

    def size_in_bytes(self) -> int:
        """Return the size of the fetched data."""
        return int(self._strict.size_in_bytes())

    def has_next(self) -> bool:
        """Tell whether there is one more whole batch."""
        return bool(self._strict.has_next())

    def next_batch(self) -> Any:
        """Return the next batch."""
        start = self._start
        (length,) = LENGTH.unpack_from(self._data, start + LENGTH_AT)
        self._start = start + BATCH_AT + length
        batch = self._strict.next_batch()
        if self._data[start + MAGIC_AT] < OLDEST_MAGIC:
            return batch
        return _LenientBatch(batch, memoryview(self._data)[start : self._start])


class _LenientBatch:
    """One batch: read by the client's fast parser, by the lenient one when that fails."""

    def __init__(self, strict: Any, raw: memoryview) -> None:
        self._strict = strict
        self._raw = raw
        self._intact = True

    def __getattr__(self, name: str) -> Any:
        return getattr(self._strict, name)

    def __next__(self) -> Any:
        return next(self._strict)

    def validate_crc(self) -> bool:
        self._intact = self._strict.validate_crc()
        return True

    def __iter__(self) -> Iterator[Any]:
        if not self._intact:
            return iter([self._wreck("its checksum is wrong")])
        try:
            return iter(list(self._strict))
        except Exception:  # noqa: BLE001 - codecs raise errors of their own
            return iter(self._read_again())

    def _read_again(self) -> list[Any]:
        try:
            batch = _DefaultRecordBatchPy(self._raw)
            batch._maybe_uncompress()  # noqa: SLF001 - the buffer is replaced once it is plain
            batch._buffer = _Surrogates(batch._buffer)  # noqa: SLF001
            return list(batch)
        except Exception as error:  # noqa: BLE001 - the same
            return [self._wreck(f"{type(error).__name__}: {error}")]

    def _wreck(self, reason: str) -> Any:
        batch = self._strict
        log.error("batch_unreadable", offset=batch.base_offset, reason=reason)
        told = f"offsets {batch.base_offset} to {batch.next_offset - 1}: {reason}"
        headers = [(UNREADABLE, told.encode("utf-8", "backslashreplace"))]
        time = max(0, batch.max_timestamp)
        return _DefaultRecordPy(batch.base_offset, time, 0, None, bytes(self._raw), headers)


class _Surrogates(bytearray):
    """Bytes whose slices decode with surrogates for what is no UTF-8."""

    def __getitem__(self, key: Any) -> Any:
        found = super().__getitem__(key)
        return found if isinstance(found, int) else _Surrogates(found)

    def decode(self, encoding: str = "utf-8", errors: str = "surrogateescape") -> str:
        return super().decode(encoding, errors)
