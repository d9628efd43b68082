"""A record that cannot be processed, as it goes to the dead-letter topic.

The original bytes, key and headers stay as they were; the reason is in headers with Kafka Connect's
names (KIP-298), so that tools made for Connect's dead letters read ours.
"""

from __future__ import annotations

import collections
import hashlib
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from streams.lenient import escaped, is_text
from streams.records import Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiokafka import ConsumerRecord

Stage = Literal["decode", "score", "incidents", "feedback", "delivery"]

PREFIX = "__connect.errors."
CONNECTOR = "escalation-signals"
NULL_VALUE = ("escalation.null.value", b"true")
"""Header of a dead letter whose empty value stands for none."""
ESCAPED_NAMES = ("escalation.header.names.escaped", b"true")
"""Header of a dead letter whose original had header names that are no UTF-8."""
CUT = "escalation.truncated."
"""Start of the headers of a dead letter that was cut down: what it was before."""
CUT_BYTES = 16 * 1024
"""What is kept of a value or key that the broker refuses whole."""
MESSAGE_LIMIT = 2000
"""Longest reason in a header, in characters: the record must stay near its original size."""


NOTE = re.compile(
    r"dead (?P<dead>\d{1,6}) of (?P<total>\d{1,6}) at (?P<at>\d{1,15}) by (?P<print>[0-9a-f]{16})"
)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a record is dead: the stage that failed and the error in words."""

    stage: Stage
    error: str
    message: str

    @classmethod
    def of(cls, stage: Stage, error: BaseException) -> Reason:
        """Return the reason that an exception gives."""
        return cls(stage, type(error).__name__, str(error))


def dead_letter(record: ConsumerRecord, reason: Reason, topic: str) -> Message:
    """Return the dead letter of a record, to be sent to ``topic``.

    It has the time of its death, since the topic's retention counts from there: with the time of
    an old record it would be gone before anybody has seen it. The record's own is in a header.
    """
    why = {
        "topic": record.topic,
        "partition": str(record.partition),
        "offset": str(record.offset),
        "timestamp": str(record.timestamp),
        "connector.name": CONNECTOR,
        "stage": reason.stage,
        "exception.class.name": reason.error,
        "exception.message": reason.message[:MESSAGE_LIMIT],
    }
    added = tuple((PREFIX + name, _bytes(text)) for name, text in why.items())
    headers = (*_headers(record), *added)
    if record.key is None and record.value is None:
        # The client sends no record without both, so that the value is empty and marked.
        return Message(topic, None, b"", (*headers, NULL_VALUE))
    return Message(topic, record.key, record.value, headers)


def undelivered(message: Message, reason: Reason, topic: str) -> Message:
    """Return the dead letter of a message of our own that the broker refuses.

    It has no place in the topic that it was meant for, so that partition and offset are -1.
    """
    return dead_letter(_Unsent(message), reason, topic)


class _Unsent:
    """A message with the names of a consumer record."""

    partition = offset = timestamp = -1

    def __init__(self, message: Message) -> None:
        self.topic, self.key, self.value = message.topic, message.key, message.value
        self.headers = message.headers


def _headers(record: ConsumerRecord) -> tuple[tuple[str, bytes], ...]:
    """Return the original headers; the client sends no name that is no UTF-8, so it is escaped."""
    if all(is_text(name) for name, _ in record.headers):
        return tuple(record.headers)
    return (*((escaped(name), value) for name, value in record.headers), ESCAPED_NAMES)


def cut_down(letter: Message) -> Message:
    """Return a dead letter that any broker takes, in place of one that it refused.

    The value keeps its first bytes; size and digest of the whole are in headers, as are the topic,
    partition and offset where the original stays until it expires. The time is the broker's own.
    """
    reasons = tuple(header for header in letter.headers if header[0].startswith(PREFIX))
    others = tuple(header for header in letter.headers if not header[0].startswith(PREFIX))
    value, key = letter.value or b"", letter.key
    told = {
        "value.bytes": len(value),
        "value.sha256": hashlib.sha256(value).hexdigest(),
    }
    if key is not None and len(key) > CUT_BYTES:
        told |= {"key.bytes": len(key), "key.sha256": hashlib.sha256(key).hexdigest()}
        key = key[:CUT_BYTES]
    if sum(len(name) + len(data or b"") for name, data in others) > CUT_BYTES:
        told["headers.dropped"] = len(others)
        others = ()
    marks = tuple((CUT + name, str(what).encode()) for name, what in told.items())
    short = None if letter.value is None else value[:CUT_BYTES]
    return Message(letter.topic, key, short, (*others, *reasons, *marks))


def is_cut_down(message: Message) -> bool:
    """Tell whether a message is a dead letter that was cut down already."""
    return any(name.startswith(CUT) for name, _ in message.headers)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")


class DeadLetterLimit:
    """Tells when so many recent records are dead that the fault must be ours.

    Without it a bad deployment would drain the whole topic into the dead letters, one by one. A
    worker that is restarted again and again must not begin anew each time: the window is noted
    beside each commit, and a worker of the same deployment recalls it.

    Parameters
    ----------
    share
        Share of dead letters, from 0 to 1, above which to stop.
    window
        Number of recent records that the share is taken over.
    minimum
        No stop before this many dead letters are in the window.
    deployment
        What made the records dead if they should not be; with another one the window is forgotten.
    clock
        Seconds since 1970, to tell which note is the last; injected in tests.
    """

    def __init__(
        self,
        share: float,
        window: int,
        minimum: int,
        deployment: str = "",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._share = share
        self._minimum = minimum
        self._recent: collections.deque[bool] = collections.deque(maxlen=window)
        self._clock = clock
        self._own = False
        self._recalled = -1
        told = f"{share} {window} {minimum} {deployment}"
        self._print = hashlib.sha256(told.encode()).hexdigest()[:16]

    def would_pass(self, dead: list[bool]) -> bool:
        """Tell whether the records of a batch, added to the recent ones, pass the limit."""
        recent = [*self._recent, *dead][-(self._recent.maxlen or 0) :]
        count = sum(recent)
        return count >= self._minimum and count > self._share * len(recent)

    def add(self, dead: list[bool]) -> None:
        """Count the records of a batch: True for each that is dead."""
        self._own = True
        self._recent.extend(dead)

    def note(self) -> str:
        """Return the window in a few words, for `recall`."""
        dead, total, at = sum(self._recent), len(self._recent), int(self._clock() * 1000)
        return f"dead {dead} of {total} at {at} by {self._print}"

    def recall(self, note: str) -> None:
        """Begin with the window of a note, unless records were counted or a later one is known.

        Each partition has the note of its own last commit, so that all of them are to be told.
        """
        found = NOTE.fullmatch(note)
        if self._own or found is None or found["print"] != self._print:
            return
        dead, total, at = (int(found[name]) for name in ("dead", "total", "at"))
        if at > self._recalled:
            self._recalled = at
            self._recent.clear()
            self._recent.extend([True] * dead + [False] * (total - dead))
