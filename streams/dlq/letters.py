"""A dead letter as it is read: the reason on it, the record that it was, and the mark of a replay.

`original` is the exact inverse of `streams.deadletters.dead_letter`, apart from the attempt count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from streams.deadletters import CUT, NULL_VALUE, PREFIX
from streams.records import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

ATTEMPT_HEADER = "escalation.replay.attempt"
"""How often a record was sent back, in decimal digits; kept when it dies again."""

MARK_HEADER = "escalation.replayed.offset"
"""On an empty record: the dead letter at this offset of the same partition was sent back."""

FIRST = PREFIX + "topic"
MESSAGE_SHOWN = 300


class Place(NamedTuple):
    """Where a dead letter stands in its topic."""

    partition: int
    offset: int

    def __str__(self) -> str:
        """Return it as the command line takes it."""
        return f"{self.partition}:{self.offset}"


@dataclass(frozen=True, slots=True)
class Letter:
    """What is told of a dead letter; without its value, so that many fit into memory.

    Attributes
    ----------
    place
        Partition and offset in the dead-letter topic.
    timestamp
        When it died, in milliseconds.
    topic, origin
        Topic, partition and offset that the record came from; empty when it is not ours.
    stage, error, message
        The reason; the message is cut to `MESSAGE_SHOWN` characters.
    attempts
        How often it was sent back before.
    size
        Bytes of the value; None for a tombstone.
    sendable
        Whether it can be sent as it was: not a record that had neither key nor value, which no
        client sends, nor one whose letter was cut down.
    """

    place: Place
    timestamp: int
    topic: str
    origin: str
    stage: str
    error: str
    message: str
    attempts: int
    size: int | None
    sendable: bool

    @classmethod
    def of(cls, record: Any) -> Letter:
        """Return what a record of the dead-letter topic says; raises nothing for any headers."""
        _, added = split(record.headers)
        value = _value(record, added)
        why = {name: (value or b"").decode("utf-8", "replace") for name, value in added}
        topic = why.get(FIRST, "")
        origin = f"{why.get(PREFIX + 'partition', '')}:{why.get(PREFIX + 'offset', '')}"
        return cls(
            place=Place(record.partition, record.offset),
            timestamp=record.timestamp,
            topic=topic,
            origin=origin if topic else "",
            stage=why.get(PREFIX + "stage", ""),
            error=why.get(PREFIX + "exception.class.name", ""),
            message=why.get(PREFIX + "exception.message", "")[:MESSAGE_SHOWN],
            attempts=attempts(record.headers),
            size=None if value is None else len(value),
            sendable=(record.key is not None or value is not None)
            and not any(name.startswith(CUT) for name, _ in added),
        )


Headers = tuple[tuple[str, bytes], ...]


def split(headers: Sequence[tuple[str, bytes]]) -> tuple[Headers, Headers]:
    """Return the headers that the record came with, and those that were added when it died.

    What was added begins at the *last* topic header: a record that had passed through another
    dead-letter queue before keeps the headers from there.
    """
    starts = [index for index, (name, _) in enumerate(headers) if name == FIRST]
    at = starts[-1] if starts else len(headers)
    return tuple(headers[:at]), tuple(headers[at:])


def attempts(headers: Sequence[tuple[str, bytes]]) -> int:
    """Return how often a record was sent back; 0 for a count that is none."""
    told = [value for name, value in headers if name == ATTEMPT_HEADER]
    text = told[-1] if told else b""
    return int(text) if text and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004 - 32 bits


def original(record: Any) -> Message:
    """Return the record that a dead letter was, with one attempt more in its headers.

    The topic is empty when the dead letter does not name one. Its time is that of the replay, so
    that retention does not take it before it is read.
    """
    kept, added = split(record.headers)
    topic = dict(added).get(FIRST) or b""
    count = str(attempts(kept) + 1).encode()
    headers = tuple(header for header in kept if header[0] != ATTEMPT_HEADER)
    return Message(
        topic.decode("utf-8", "replace"),
        record.key,
        _value(record, added),
        (*headers, (ATTEMPT_HEADER, count)),
    )


def _value(record: Any, added: Headers) -> bytes | None:
    value: bytes | None = record.value
    return None if NULL_VALUE in added else value


def mark(topic: str, place: Place) -> Message:
    """Return the mark that says that a dead letter was sent back."""
    header = (MARK_HEADER, str(place.offset).encode())
    return Message(topic, None, b"", (header,), partition=place.partition)


def marked(record: Any) -> Place | None:
    """Return the place of the dead letter that a record marks, or None when it is no mark.

    Only an empty record without key and with this one header is a mark: a record that came in with
    such a header is a dead letter as any other.
    """
    if record.key is not None or record.value or len(record.headers) != 1:
        return None
    [(name, value)] = record.headers
    if name != MARK_HEADER or not (value or b"").isdigit():
        return None
    return Place(record.partition, int(value))
