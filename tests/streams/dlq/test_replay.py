"""What a replay sends, and what it leaves alone; the broker is `tests/e2e/test_dlq.py`'s."""

from __future__ import annotations

from dataclasses import replace

from streams.dlq.letters import Letter, Place
from streams.dlq.reading import Known

LETTER = Letter(
    place=Place(0, 1),
    timestamp=0,
    topic="news.items",
    origin="0:1",
    stage="decode",
    error="BadItem",
    message="",
    attempts=2,
    size=3,
    sendable=True,
)


def state(letter: Letter, *replayed: Place) -> str:
    return Known((letter,), frozenset(replayed), 3, frozenset({"news.items"})).state(letter)


def test_a_letter_waits_until_it_was_sent_back() -> None:
    assert state(LETTER) == "waiting"
    assert state(LETTER, Place(0, 1)) == "replayed"
    assert state(LETTER, Place(1, 1)) == "waiting"


def test_a_letter_that_failed_too_often_is_parked() -> None:
    assert state(replace(LETTER, attempts=3)) == "parked"


def test_a_letter_that_no_client_can_send_is_parked() -> None:
    assert state(replace(LETTER, sendable=False)) == "parked"


def test_a_letter_of_a_topic_that_is_not_ours_is_left_alone() -> None:
    assert state(replace(LETTER, topic="payments")) == "foreign"
    assert state(replace(LETTER, topic="")) == "foreign"
