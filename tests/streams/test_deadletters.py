"""Dead letters: the original intact, the reason beside it, and a limit."""

from __future__ import annotations

from harness.records import record

from streams.deadletters import DeadLetterLimit, Reason, dead_letter


def test_a_dead_letter_keeps_bytes_key_headers_and_time_and_adds_the_reason() -> None:
    original = record(b"\xff{", key=b"k", headers=[("feed", b"f:3")], offset=7)

    letter = dead_letter(original, Reason("decode", "BadItem", "not JSON"), "dlq")

    assert (letter.topic, letter.key, letter.value) == ("dlq", b"k", b"\xff{")
    assert letter.timestamp_ms == original.timestamp
    assert letter.headers == (
        ("feed", b"f:3"),
        ("__connect.errors.topic", b"news.items"),
        ("__connect.errors.partition", b"0"),
        ("__connect.errors.offset", b"7"),
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
