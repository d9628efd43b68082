"""Records are given out also to a consumer that is older than the bound."""

from __future__ import annotations

from typing import Any

from aiokafka import TopicPartition

from streams.portions import FetchResult

TP = TopicPartition("news", 0)


class Record:
    """A record as the client gives it."""

    headers: tuple[tuple[str, bytes], ...] = ()
    key = b"k"
    value = b"v"


class Result(FetchResult):
    """A fetch of two records."""

    def __init__(self) -> None:
        self._topic_partition = TP
        self._partition_records = iter([Record(), Record()])

    def check_assignment(self, tp: Any) -> bool:
        """Tell that the partition is ours."""
        return bool(tp == TP)

    def has_more(self) -> bool:
        """Tell whether records are left."""
        return self._partition_records is not None

    def _update_position(self) -> None:
        """Keep no position."""


def test_records_are_given_out_where_no_call_has_set_a_bound() -> None:
    result = Result()

    assert len(result.getall(1)) == 1
    assert len(result.getall(10)) == 1
    assert result.getall(10) == []
