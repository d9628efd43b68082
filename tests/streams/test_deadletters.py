"""Dead letters: the original intact, the reason beside it, and a limit."""

from __future__ import annotations

import functools
import hashlib

import pytest
from harness.records import record

from streams.deadletters import DeadLetterLimit, Reason, cut_down, dead_letter, is_cut_down


def test_a_dead_letter_keeps_bytes_key_and_headers_and_adds_the_reason() -> None:
    original = record(b"\xff{", key=b"k", headers=[("feed", b"f:3")], offset=7)

    letter = dead_letter(original, Reason("decode", "BadItem", "not JSON"), "dlq")

    assert (letter.topic, letter.key, letter.value) == ("dlq", b"k", b"\xff{")
    assert letter.timestamp_ms is None
    assert letter.headers == (
        ("feed", b"f:3"),
        ("__connect.errors.topic", b"news.items"),
        ("__connect.errors.partition", b"0"),
        ("__connect.errors.offset", b"7"),
        ("__connect.errors.timestamp", b"1762000000000"),
        ("__connect.errors.connector.name", b"escalation-signals"),
        ("__connect.errors.stage", b"decode"),
        ("__connect.errors.exception.class.name", b"BadItem"),
        ("__connect.errors.exception.message", b"not JSON"),
    )


def test_a_tombstone_with_a_key_stays_a_tombstone() -> None:
    letter = dead_letter(record(None, key=b"k"), Reason("decode", "BadItem", "none"), "dlq")

    assert letter.value is None


def test_a_record_of_nothing_is_marked_since_no_client_sends_one() -> None:
    letter = dead_letter(record(None), Reason("decode", "BadItem", "none"), "dlq")

    assert letter.value == b""
    assert dict(letter.headers)["escalation.null.value"] == b"true"


def test_a_reason_with_any_text_fits_a_header() -> None:
    reason = Reason("score", "ValueError", "\ud800" + "x" * 5000)

    message = dict(dead_letter(record(b""), reason, "dlq").headers)[
        "__connect.errors.exception.message"
    ]

    assert len(message) < 2100


def test_a_header_name_that_is_no_utf8_is_escaped_and_marked() -> None:
    original = record(b"v", headers=[("\udcff\udcfe", b"1"), ("plain", b"2")])

    letter = dead_letter(original, Reason("decode", "UnreadableRecord", "no name"), "dlq")

    assert letter.headers[:3] == (
        ("\\xff\\xfe", b"1"),
        ("plain", b"2"),
        ("escalation.header.names.escaped", b"true"),
    )


def test_a_letter_that_is_cut_down_says_what_it_was() -> None:
    original = record(b"x" * 100_000, key=b"k" * 20_000, headers=[("big", b"h" * 20_000)])
    whole = dead_letter(original, Reason("decode", "ItemTooLarge", "too large"), "dlq")

    letter = cut_down(whole)

    headers = dict(letter.headers)
    assert not is_cut_down(whole)
    assert is_cut_down(letter)
    assert letter.value == b"x" * 16384
    assert letter.timestamp_ms is None
    assert headers["escalation.truncated.value.bytes"] == b"100000"
    assert headers["escalation.truncated.value.sha256"] == (
        hashlib.sha256(b"x" * 100_000).hexdigest().encode()
    )
    assert headers["escalation.truncated.key.bytes"] == b"20000"
    assert headers["escalation.truncated.headers.dropped"] == b"1"
    assert headers["__connect.errors.stage"] == b"decode"


def test_a_restarted_worker_recalls_the_window_of_the_last_commit() -> None:
    before = DeadLetterLimit(0.5, 10, 4, "model")
    before.add([True, True, True, False])
    again = DeadLetterLimit(0.5, 10, 4, "model")

    again.recall(before.note())

    assert again.would_pass([True])


@pytest.mark.parametrize(
    "note",
    [
        pytest.param(DeadLetterLimit(0.5, 10, 4, "another model").note(), id="another deployment"),
        pytest.param("", id="no note"),
        pytest.param("dead 9 of 9 at 1 by somebody else", id="somebody else's"),
    ],
)
def test_a_window_of_another_deployment_is_forgotten(note: str) -> None:
    limit = DeadLetterLimit(0.5, 10, 1, "model")

    limit.recall(note)

    assert limit.note().startswith("dead 0 of 0")


def test_of_several_notes_the_last_counts_and_none_once_records_were_counted() -> None:
    notes = []
    for dead, at in ((2, 1.0), (5, 3.0), (7, 2.0)):
        other = DeadLetterLimit(0.5, 10, 4, "model", clock=functools.partial(float, at))
        other.add([True] * dead)
        notes.append(other.note())
    limit = DeadLetterLimit(0.5, 10, 4, "model")
    for note in notes:
        limit.recall(note)
    recalled = limit.note()
    limit.add([False] * 10)

    limit.recall(notes[1])

    assert recalled.startswith("dead 5 of 5")
    assert limit.note().startswith("dead 0 of 10")


def test_the_limit_is_passed_by_the_share_of_recent_records() -> None:
    limit = DeadLetterLimit(share=0.5, window=10, minimum=3)
    limit.add([False] * 4)

    assert not limit.would_pass([True] * 4)
    assert limit.would_pass([True] * 5)


def test_the_limit_waits_for_its_minimum() -> None:
    limit = DeadLetterLimit(share=0.5, window=10, minimum=3)

    assert not limit.would_pass([True, True])
    assert limit.would_pass([True, True, True])


def test_old_records_leave_the_window() -> None:
    limit = DeadLetterLimit(share=0.5, window=4, minimum=1)
    limit.add([True, True, True])
    limit.add([False, False, False])

    assert not limit.would_pass([True])
