"""A verdict as a record of its topic, both ways."""

from __future__ import annotations

import msgspec

from streams.deadletters import Reason
from streams.records import Feedback, Message, decode_feedback, encode


def read_feedback(value: bytes | None) -> Feedback | Reason:
    """Return the verdict in a record, or why there is none; the reason names the field."""
    try:
        return decode_feedback(value or b"")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return Reason.of("feedback", error)


def feedback_message(feedback: Feedback, topic: str) -> Message:
    """Return the verdict as a record, keyed as its incident's signals: it meets their table."""
    return Message(topic, feedback.key.encode(), encode(feedback))
