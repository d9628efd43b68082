"""A dead letter gives back the record that it was, whatever the record held."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from harness.records import record
from hypothesis import given
from hypothesis import strategies as st

from streams.deadletters import Reason, cut_down, dead_letter
from streams.dlq.letters import (
    ATTEMPT_HEADER,
    MARK_HEADER,
    Letter,
    Place,
    attempts,
    mark,
    marked,
    original,
)

if TYPE_CHECKING:
    from aiokafka import ConsumerRecord

    from streams.records import Message

NAMES = st.sampled_from(
    [
        "feed",
        "traceparent",
        "__connect.errors.topic",
        "__connect.errors.stage",
        "escalation.null.value",
        MARK_HEADER,
    ]
)
HEADERS = st.lists(st.tuples(NAMES | st.text(max_size=8), st.binary(max_size=8)), max_size=5)


def dead(original: ConsumerRecord, reason: Reason | None = None) -> ConsumerRecord:
    """Return the dead letter of a record as it is read back."""
    return arrived(dead_letter(original, reason or Reason("decode", "BadItem", "not JSON"), "dlq"))


def arrived(message: Message, offset: int = 5) -> ConsumerRecord:
    return record(
        message.value,
        key=message.key,
        headers=message.headers,
        offset=offset,
    )


@given(
    key=st.none() | st.binary(max_size=8), value=st.none() | st.binary(max_size=8), headers=HEADERS
)
def test_a_letter_gives_back_key_value_headers_and_topic(
    key: bytes | None, value: bytes | None, headers: list[tuple[str, bytes]]
) -> None:
    came = record(value, key=key, headers=headers)

    back = original(dead(came))

    assert (back.topic, back.key, back.value) == ("news.items", key, value)
    assert back.headers == (*headers, (ATTEMPT_HEADER, b"1"))


def test_the_attempt_count_survives_the_next_death_and_grows_by_one() -> None:
    first = original(dead(record(b"{", headers=[("feed", b"f")])))
    second = original(dead(arrived(first)))

    assert second.headers == (("feed", b"f"), (ATTEMPT_HEADER, b"2"))
    assert Letter.of(dead(arrived(second))).attempts == 2


@pytest.mark.parametrize("count", [b"", b"-1", b"1e9", b"many", b"9" * 40, b"\xff", "²".encode()])
def test_a_count_that_is_none_is_zero(count: bytes) -> None:
    assert attempts([(ATTEMPT_HEADER, count)]) == 0


def test_a_letter_tells_the_reason_and_where_it_came_from() -> None:
    came = record(b"{", key=b"k", offset=7, headers=[("__connect.errors.stage", b"other")])

    letter = Letter.of(dead(came, Reason("score", "ZeroDivisionError", "x" * 900)))

    assert (letter.topic, letter.origin) == ("news.items", "0:7")
    assert (letter.stage, letter.error) == ("score", "ZeroDivisionError")
    assert letter.message == "x" * 300
    assert (letter.size, letter.attempts, letter.sendable) == (1, 0, True)


def test_a_record_of_nothing_is_not_sendable() -> None:
    letter = Letter.of(dead(record(None)))

    assert (letter.size, letter.sendable) == (None, False)


def test_a_letter_that_was_cut_down_is_not_sendable() -> None:
    """Half of an item is none; the whole still stands where it came from."""
    whole = dead_letter(record(b"x" * 100_000, key=b"k"), Reason("decode", "E", "m"), "dlq")

    letter = Letter.of(arrived(cut_down(whole)))

    assert (letter.sendable, letter.origin) == (False, "0:0")


def test_a_mark_names_a_letter_of_its_own_partition() -> None:
    message = mark("dlq", Place(2, 17))

    assert (message.topic, message.partition) == ("dlq", 2)
    assert marked(arrived(message)) == Place(0, 17)


@given(HEADERS)
def test_no_record_that_died_is_taken_for_a_mark(headers: list[tuple[str, bytes]]) -> None:
    came = record(None, headers=[*headers, (MARK_HEADER, b"0")])

    assert marked(dead(came)) is None


@given(st.none() | st.binary(max_size=8), st.none() | st.binary(max_size=8), HEADERS)
def test_any_record_of_the_topic_can_be_told(
    key: bytes | None, value: bytes | None, headers: list[tuple[str, bytes]]
) -> None:
    """Another program's record has no reason of ours; it is told all the same."""
    letter = Letter.of(record(value, key=key, headers=headers, offset=3))

    assert letter.place == Place(0, 3)
