"""What a batch expands to is bounded before it is made."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

import cramjam
import pytest
from aiokafka.codec import gzip_encode, lz4_encode, snappy_encode, zstd_encode
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy
from harness.batches import CODECS, batch, frame
from hypothesis import given
from hypothesis import strategies as st

from streams.expansion import RECORD, TooFarError, plain
from streams.lenient import LenientRecords, unreadable

if TYPE_CHECKING:
    from collections.abc import Callable

MOST = 1_000_000
PLENTY = 200_000_000
COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip_encode,
    "snappy": snappy_encode,
    "snappy, one block": lambda data: bytes(cramjam.snappy.compress_raw(data)),
    "lz4": lz4_encode,
    "zstd": zstd_encode,
}
RECORDS = st.lists(
    st.tuples(
        st.none() | st.binary(max_size=50),
        st.none() | st.binary(max_size=200),
        st.lists(st.tuples(st.text(max_size=5), st.binary(max_size=5)), max_size=3),
    ),
    min_size=1,
    max_size=8,
)


@given(records=RECORDS, codec=st.sampled_from(list(CODECS.values())))
def test_a_batch_has_the_same_records_when_it_is_plain(
    records: list[tuple[bytes | None, bytes | None, list[tuple[str, bytes]]]], codec: int
) -> None:
    def made(codec: int) -> bytes:
        builder = _DefaultRecordBatchBuilderPy(2, codec, 0, -1, -1, -1, 1 << 20)
        for offset, (key, value, headers) in enumerate(records):
            builder.append(offset, 1000, key, value, headers)
        return bytes(builder.build())

    # All but the checksum, which is that of the batch as it came.
    assert plain(made(codec))[:17] == made(0)[:17]
    assert plain(made(codec))[21:] == made(0)[21:]


@pytest.mark.parametrize("name", COMPRESS)
def test_a_bomb_is_refused_in_little_memory(name: str) -> None:
    codec = CODECS[name.removesuffix(", one block")]
    bomb = frame(COMPRESS[name](bytes(PLENTY)), codec, count=1)

    tracemalloc.start()
    with pytest.raises(TooFarError, match=f"more than {MOST} bytes"):
        plain(bomb, MOST)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 3 * len(bomb) + 3 * MOST < PLENTY / 2


@pytest.mark.parametrize("codec", CODECS.values(), ids=CODECS)
@pytest.mark.parametrize("more", [0, 1])
def test_a_batch_may_take_just_so_much(codec: int, more: int) -> None:
    raw = batch([(b"k", b"v" * 1000, [])], codec)
    most = len(plain(raw)) - 61 + RECORD - more

    if more:
        with pytest.raises(TooFarError):
            plain(raw, most)
    else:
        assert len(plain(raw, most)) > 1000


def test_many_empty_records_weigh_more_than_their_bytes() -> None:
    raw = batch([(None, b"", [])] * 20_000, CODECS["zstd"])

    with pytest.raises(TooFarError, match="20000 records would take"):
        plain(raw, MOST)


def test_many_empty_headers_weigh_more_than_their_bytes() -> None:
    raw = batch([(None, b"", [("", b"")] * 900_000)], CODECS["zstd"])

    with pytest.raises(TooFarError, match="1 records would take"):
        plain(raw, 20_000_000)
    assert len(plain(raw, PLENTY)) > 1_800_000


def test_a_snappy_block_of_negative_size_ends() -> None:
    """The client's own loop goes back by the size for ever."""
    stream = snappy_encode(b"abc")[:16] + (-4).to_bytes(4, "big", signed=True)

    with pytest.raises(ValueError, match="negative"):
        plain(frame(stream, CODECS["snappy"], count=1))


@given(
    codec=st.integers(0, 7), records=st.binary(max_size=300), count=st.integers(-(2**31), 2**31 - 1)
)
def test_any_bytes_are_records_or_stand_for_their_batch(
    codec: int, records: bytes, count: int
) -> None:
    read = LenientRecords(frame(records, codec, count))
    found = list(read.next_batch())

    if count > 0:
        assert found
    assert all(unreadable(each) is not None or codec == 0 for each in found) or len(found) == count


def test_a_bomb_stands_as_one_record_where_its_batch_ends() -> None:
    """Reading may begin inside a batch, and records before that place are skipped."""
    raw = batch([(None, b"v" * 1000, [])] * 3, CODECS["gzip"], base=40)
    read = LenientRecords(raw, most=200)

    [wreck] = list(read.next_batch())

    assert (wreck.offset, wreck.key, wreck.value) == (42, None, raw)
    assert "offsets 40 to 42: TooFarError" in (unreadable(wreck) or "")


def test_a_length_that_lies_is_noticed_before_the_fast_parser_reads_past_the_end() -> None:
    """It would take the process with it."""
    whole = batch([(b"k", b"v", [("a", b"1")])])[61:]
    lies = [whole[:at] + b"\x7e" + whole[at + 1 :] for at in (0, 4, 6, 8, 9, 11)]

    for records in lies:
        read = LenientRecords(frame(records, codec=0, count=1))
        [wreck] = list(read.next_batch())
        assert unreadable(wreck) is not None
