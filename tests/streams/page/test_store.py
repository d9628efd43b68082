"""The alerts in the page's memory."""

from __future__ import annotations

import msgspec
import pytest
from harness.alerts import alert
from hypothesis import given
from hypothesis import strategies as st

from streams.delivery.page.store import AlertStore, PositionLostError
from streams.records import encode


def filled(count: int, *, most_alerts: int = 1000, most_bytes: int = 1 << 30) -> AlertStore:
    """Return a store with so many incidents, spread over two partitions."""
    store = AlertStore(most_alerts, most_bytes)
    store.begin({0: 0, 1: 0})
    for number in range(count):
        store.add(number % 2, number // 2, number, encode(alert(f"i{number}")))
    return store


def seen(store: AlertStore, position: dict[int, int]) -> list[int]:
    """Return when the alerts were told that a client at the position has missed."""
    return [entry.brief.told for entry in store.since(position)]


def test_a_client_gets_what_it_missed_in_the_order_in_which_it_came() -> None:
    assert seen(filled(8), {0: 2, 1: 3}) == [4, 6, 7]


def test_a_client_that_missed_nothing_gets_nothing() -> None:
    store = filled(8)

    assert seen(store, store.position) == []


@given(st.lists(st.integers(0, 2), max_size=40), st.integers(0, 40))
def test_a_position_taken_at_any_time_is_followed_by_the_rest_in_another_order(
    partitions: list[int], cut: int
) -> None:
    """A server that was started anew reads the partitions in another order than the first one."""
    offsets = [partitions[:rank].count(each) for rank, each in enumerate(partitions)]
    rows = list(zip(partitions, offsets, strict=True))
    before = rows[:cut]
    position = {p: sum(1 for row in before if row[0] == p) for p in range(3)}
    store = AlertStore(1000, 1 << 30)
    store.begin({0: 0, 1: 0, 2: 0})
    for partition, offset in sorted(rows):
        store.add(partition, offset, 0, encode(alert(f"{partition}-{offset}")))

    missed = [(entry.partition, entry.offset) for entry in store.since(position)]

    assert sorted(missed) == sorted(rows[cut:])


def test_a_record_that_comes_twice_is_there_once() -> None:
    store = filled(4)
    value = encode(alert("i0"))

    assert store.add(0, 0, 0, value) is None  # the same offset
    assert store.add(0, 2, 0, value) is None  # the same alert, published twice
    assert (len(store), store.position) == (4, {0: 3, 1: 2})


def test_the_oldest_goes_first_and_its_readers_load_anew() -> None:
    store = filled(10, most_alerts=4)

    assert [entry.brief.told for entry in store.newest_first()] == [9, 8, 7, 6]
    assert seen(store, {0: 3, 1: 3}) == [6, 7, 8, 9]
    with pytest.raises(PositionLostError, match="kept from offset 3"):
        store.since({0: 2, 1: 3})


def test_bytes_are_bounded_whatever_the_size_of_an_alert() -> None:
    one = filled(1).size
    store = filled(100, most_bytes=5 * one + one // 2)

    assert (len(store), store.size <= 6 * one) == (5, True)


def test_a_position_behind_the_end_of_the_topic_is_lost() -> None:
    with pytest.raises(PositionLostError, match="ends before offset 9"):
        filled(4).since({0: 9, 1: 2})


def test_a_record_that_is_no_alert_is_passed_over() -> None:
    store = filled(2)
    with pytest.raises(msgspec.DecodeError):
        store.add(0, 1, 0, b"{}")

    assert (len(store), store.position[0]) == (2, 2)


def test_the_steps_of_an_incident_are_together() -> None:
    store = AlertStore(100, 1 << 30)
    for number in (1, 2, 3):
        store.add(0, number, number, encode(alert("i", number)))

    assert [entry.brief.number for entry in store.incident("i")] == [1, 2, 3]
    assert store.incident("j") == []


def test_a_card_is_bounded_whatever_the_alert_holds() -> None:
    long = alert("i", headline="x" * 100_000, url="https://" + "y" * 5000, sources=("s",) * 500)
    entry = AlertStore(10, 1 << 30).add(0, 0, 0, encode(long))

    assert entry is not None
    assert len(entry.wire) < 5000
    assert (entry.brief.url, entry.brief.source_count) == (None, 500)
