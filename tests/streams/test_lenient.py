"""Records that the client cannot read end as records all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy
from aiokafka.record.legacy_records import _LegacyRecordBatchBuilderPy
from harness.records import RawName
from hypothesis import given
from hypothesis import strategies as st

from streams.lenient import LenientRecords, escaped, is_text, unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = st.binary(max_size=20)


def batch(names: list[bytes], codec: int = 0, base: int = 0) -> bytes:
    """Return a batch of records with one header each, named so, and one record without any."""
    builder = _DefaultRecordBatchBuilderPy(2, codec, 0, -1, -1, -1, 1 << 20)
    for offset, name in enumerate(names):
        builder.append(offset, 1000, b"k", b"v%d" % offset, [(RawName(name), b"h")])
    builder.append(len(names), 1000, None, b"last", [])
    return base.to_bytes(8, "big") + bytes(builder.build()[8:])


def read(data: bytes) -> list[Any]:
    """Return the records as the fetcher reads them."""
    records = LenientRecords(bytes(data))
    found = []
    while records.has_next():
        each = records.next_batch()
        assert each.validate_crc()
        found += list(each)
    return found


@given(names=st.lists(NAMES, max_size=5), codec=st.sampled_from([0, 1, 3, 4]))
def test_any_header_name_is_read_and_no_byte_of_it_is_lost(names: list[bytes], codec: int) -> None:
    found = read(batch(names, codec))

    assert [each.value for each in found] == [*(b"v%d" % n for n in range(len(names))), b"last"]
    read_names = [name for each in found for name, _ in each.headers]
    assert [name.encode("utf-8", "surrogateescape") for name in read_names] == names


@given(name=NAMES)
def test_a_name_is_text_or_is_escaped(name: bytes) -> None:
    decoded = name.decode("utf-8", "surrogateescape")

    assert is_text(decoded) == (name.decode("utf-8", "ignore").encode() == name)
    assert escaped(decoded).encode().decode() == escaped(decoded)
    assert (escaped(decoded) == decoded) == is_text(decoded)


@given(place=st.integers(0, 200), value=st.integers(0, 255), codec=st.sampled_from([0, 1, 3, 4]))
def test_a_damaged_batch_is_one_record_and_the_next_batch_is_read(
    place: int, value: int, codec: int
) -> None:
    damaged = bytearray(batch([b"a", b"b"], codec))
    place = 17 + place % (len(damaged) - 17)
    if damaged[place] == value:
        value ^= 255
    damaged[place] = value
    whole = batch([], base=3)

    found = read(bytes(damaged) + whole)

    assert [each.value for each in found] == [bytes(damaged), b"last"]
    assert "checksum" in (unreadable(found[0]) or "")


def test_a_codec_error_is_one_record_that_says_so() -> None:
    records = LenientRecords(bytes(batch([b"a"], codec=1)))
    broken = records.next_batch()
    broken._strict = _Raises(broken._strict)
    broken._raw = memoryview(b"\0" * 100)

    [wreck] = list(broken)

    assert "offsets 0 to 1" in (unreadable(wreck) or "")


class _Raises:
    """A batch that cannot be iterated."""

    def __init__(self, batch: Any) -> None:
        self._batch = batch

    def __getattr__(self, name: str) -> Any:
        return getattr(self._batch, name)

    def __iter__(self) -> Iterator[Any]:
        raise RuntimeError("a codec")


def old(magic: int, codec: int, values: list[bytes]) -> bytes:
    """Return a batch as it was before Kafka 0.11."""
    builder = _LegacyRecordBatchBuilderPy(magic, codec, 1 << 20)
    for offset, value in enumerate(values):
        builder.append(offset, 1000, b"k", value, [])
    return bytes(builder.build())


@pytest.mark.parametrize(("magic", "codec"), [(0, 1), (0, 2), (1, 1), (1, 2), (1, 3)])
def test_a_compressed_batch_of_an_old_format_is_one_record_that_says_so(
    magic: int, codec: int
) -> None:
    """What it expands to has no bound. What comes after it, in another format, is read."""
    raw = old(magic, codec, [bytes(100)] * 3)

    wreck, after = read(raw + batch([b"next"], base=3))[:2]

    assert wreck.value == raw
    assert (wreck.offset, wreck.timestamp) == (0, 0)
    assert f"a compressed batch of format {magic}" in (unreadable(wreck) or "")
    assert (after.offset, after.headers) == (3, [("next", b"h")])


@pytest.mark.parametrize("magic", [0, 1])
def test_records_of_an_old_format_are_read_when_they_are_not_compressed(magic: int) -> None:
    found = read(old(magic, 0, [b"a", b"b"]))

    assert [(each.offset, each.key, each.value) for each in found] == [
        (0, b"k", b"a"),
        (1, b"k", b"b"),
    ]


@given(
    magic=st.sampled_from([0, 1]),
    codec=st.sampled_from([0, 1, 2]),
    place=st.integers(12, 200),
    value=st.integers(0, 255),
)
def test_a_damaged_batch_of_an_old_format_stops_nothing(
    magic: int, codec: int, place: int, value: int
) -> None:
    data = bytearray(old(magic, codec, [b"a" * 50]))
    place = 12 + (place - 12) % (len(data) - 12)
    data[place] = value

    found = read(bytes(data) + batch([b"next"], base=1))

    assert found[-2].headers == [("next", b"h")]
    assert len(found) == 3
