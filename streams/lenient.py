"""Records that the client itself cannot read must not stop their partition.

The client's parser raises out of `getmany` for a header name that is no UTF-8, and for a batch that
is damaged on the broker's disk; it would do so for ever. Here such a batch is read once more by the
client's parser in Python, with names decoded so that no byte is lost. What even that cannot read,
and what would take too much memory once it is decompressed, becomes one record that carries the
raw batch, so that it ends in the dead letters.
"""

from __future__ import annotations

import struct
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog
from aiokafka.consumer import consumer, fetcher
from aiokafka.errors import CorruptRecordException
from aiokafka.record.default_records import DefaultRecordBase as Layout
from aiokafka.record.default_records import (
    DefaultRecordBatch,
    _DefaultRecordBatchPy,
    _DefaultRecordPy,
)
from aiokafka.record.legacy_records import _LegacyRecordBatchPy
from aiokafka.record.memory_records import MemoryRecords

from streams.expansion import MOST, plain
from streams.portions import UNREADABLE, Fetcher, FetchResult

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aiokafka import ConsumerRecord

log = structlog.get_logger(__name__)

LENGTH = struct.Struct(">i")
LENGTH_AT, BATCH_AT, MAGIC_AT = 8, 12, 16
"""Byte offsets in a batch: length of the rest, the rest, format version (KIP-98)."""
OLDEST_MAGIC = 2
OLD_ATTRIBUTES_AT = 17
"""Byte offset in a batch of format 0 or 1: attributes."""
SHORTEST = 26
"""Bytes of the smallest batch, one of format 0 without key and value."""


def read_leniently(most: int = MOST) -> None:
    """Make every consumer of this process read its records through `LenientRecords`.

    Parameters
    ----------
    most
        Bytes that a batch may take in memory, and that one call gives out, about.
    """
    # The client has no hook for its parser; tests on a real broker hold these in place.
    fetcher.MemoryRecords = partial(LenientRecords, most=most)
    fetcher.FetchResult = FetchResult
    consumer.Fetcher = partial(Fetcher, most=most)


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

    def __init__(self, data: bytes, most: int = MOST) -> None:
        self._data = data
        self._most = most
        self._start = 0

    def size_in_bytes(self) -> int:
        """Return the size of the fetched data."""
        return len(self._data)

    def has_next(self) -> bool:
        """Tell whether there is one more whole batch."""
        return len(self._data) >= self._start + BATCH_AT and len(self._data) >= self._end()

    def next_batch(self) -> Any:
        """Return the next batch."""
        end = self._end()
        raw = memoryview(self._data)[self._start : end]
        if len(raw) < SHORTEST:
            raise CorruptRecordException(f"a batch of {len(raw)} bytes")
        self._start = end
        # The client's own reader takes all batches of a fetch for the format of the first.
        magic = raw[MAGIC_AT]
        if magic < OLDEST_MAGIC:
            return _OldBatch(_LegacyRecordBatchPy(raw, magic), raw, self._most)
        return _LenientBatch(DefaultRecordBatch(raw), raw, self._most)

    def _end(self) -> int:
        (length,) = LENGTH.unpack_from(self._data, self._start + LENGTH_AT)
        return self._start + BATCH_AT + int(length)


class _LenientBatch:
    """One batch: read by the client's fast parser, by the lenient one when that fails."""

    def __init__(self, strict: Any, raw: memoryview, most: int) -> None:
        self._strict = strict
        self._raw = raw
        self._most = most
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
            return self._records()
        except Exception as error:  # noqa: BLE001 - codecs and parsers raise what they run into
            return iter([self._wreck(f"{type(error).__name__}: {error}")])

    def _records(self) -> Iterator[Any]:
        batch = plain(self._raw, self._most)
        try:
            return _tried(batch, _strictly)
        except Exception:  # noqa: BLE001 - the same
            return _tried(batch, _leniently)

    def _wreck(self, reason: str) -> Any:
        # Its last offset: where reading begins inside the batch, an earlier one would be skipped.
        at = self._strict.next_offset - 1
        log.error("batch_unreadable", offset=at, reason=reason)
        told = f"{self._place()}: {reason}"
        headers = [(UNREADABLE, told.encode("utf-8", "backslashreplace"))]
        return _DefaultRecordPy(at, max(0, self._time()), 0, None, bytes(self._raw), headers)

    def _place(self) -> str:
        return f"offsets {self._strict.base_offset} to {self._strict.next_offset - 1}"

    def _time(self) -> int:
        return int(self._strict.max_timestamp)


class OldFormatError(ValueError):
    """A batch is in a format that is not read."""


class _OldBatch(_LenientBatch):
    """A batch in a format before Kafka 0.11 (2017), which Kafka 4 takes no more.

    One that is not compressed is one record. A compressed one holds any number of them, and is not
    read: nothing here bounds what it expands to.
    """

    def _records(self) -> Iterator[Any]:
        if self._raw[OLD_ATTRIBUTES_AT] & Layout.CODEC_MASK:
            raise OldFormatError(
                f"a compressed batch of format {self._raw[MAGIC_AT]}, from before Kafka 0.11, is"
                " not read; its producer must send format 2"
            )
        return _tried(bytes(self._raw), _strictly)

    def _place(self) -> str:
        return f"offsets up to {self._strict.next_offset - 1}"

    def _time(self) -> int:
        return 0


def _tried(batch: bytes, read: Callable[[bytes], Iterator[Any]]) -> Iterator[Any]:
    """Return the records of a batch that is not compressed, if all of them can be read.

    They are read twice: a list of them would take many times the memory of their bytes.
    """
    deque(read(batch), maxlen=0)
    return read(batch)


def _strictly(batch: bytes) -> Iterator[Any]:
    return iter(MemoryRecords(batch).next_batch())


def _leniently(batch: bytes) -> Iterator[Any]:
    read = _DefaultRecordBatchPy(batch)
    read._decompressed = True  # noqa: SLF001 - the buffer is plain
    read._buffer = _Surrogates(read._buffer)  # noqa: SLF001
    return iter(read)


class _Surrogates(bytearray):
    """Bytes whose slices decode with surrogates for what is no UTF-8."""

    def __getitem__(self, key: Any) -> Any:
        found = super().__getitem__(key)
        return found if isinstance(found, int) else _Surrogates(found)

    def decode(self, encoding: str = "utf-8", errors: str = "surrogateescape") -> str:
        return super().decode(encoding, errors)
