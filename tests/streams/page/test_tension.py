"""Tension per pair in the page's memory."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from streams.delivery.page.tension import TensionBoard
from streams.records import Tension, encode

NOON = datetime(2026, 11, 4, 12, tzinfo=UTC)


def record(value: float, minutes: int = 0, pair: tuple[str, str] = ("KHM", "THA")) -> bytes:
    return encode(
        Tension(
            pair=pair,
            at=NOON + timedelta(minutes=minutes),
            value={"24h": value},
            signals={"24h": 1},
            course={"24h": (0.0, value)},
        )
    )


def shown(board: TensionBoard) -> list[dict[str, Any]]:
    pairs: list[dict[str, Any]] = json.loads(board.snapshot())
    return pairs


def test_the_latest_record_of_a_pair_holds() -> None:
    board = TensionBoard()
    for minute, value in ((0, 1.0), (5, 2.0)):
        board.take(record(value, minute))

    (pair,) = shown(board)

    assert (pair["value"], pair["course"]) == ({"24h": 2.0}, {"24h": [0.0, 2.0]})


def test_changes_are_told_once_and_only_the_latest() -> None:
    board = TensionBoard()
    board.take(record(1.0))
    board.take(record(2.0, 1))
    told = board.changes()

    assert told is not None
    assert [pair["value"] for pair in json.loads(told)] == [{"24h": 2.0}]
    assert board.changes() is None


def test_the_pair_that_was_silent_longest_is_dropped_first() -> None:
    board = TensionBoard(most_pairs=2)
    for minute, pair in enumerate((("A", "B"), ("C", "D"), ("A", "B"), ("E", "F"))):
        board.take(record(1.0, minute, pair))

    assert [pair["pair"] for pair in shown(board)] == [["A", "B"], ["E", "F"]]


def test_an_empty_record_takes_a_pair_away() -> None:
    board = TensionBoard()
    board.take(record(1.0))
    board.drop(b"KHM-THA")

    assert (shown(board), board.changes()) == ([], None)


def test_a_record_that_is_no_tension_is_an_error() -> None:
    with pytest.raises(ValueError, match="missing required field `pair`"):
        TensionBoard().take(b"{}")
