"""A record that cannot be processed, as it goes to the dead-letter topic.

The original bytes, key and headers stay as they were; the reason is in headers with Kafka Connect's
names (KIP-298), so that tools made for Connect's dead letters read ours.
"""

from __future__ import annotations

import collections
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from streams.records import Message

if TYPE_CHECKING:
    from aiokafka import ConsumerRecord

Stage = Literal["decode", "score", "incidents", "feedback"]

PREFIX = "__connect.errors."
CONNECTOR = "escalation-signals"
NULL_VALUE = ("escalation.null.value", b"true")
"""Header of a dead letter whose empty value stands for none."""
MESSAGE_LIMIT = 2000
"""Longest reason in a header, in characters: the record must stay near its original size."""


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
    """Return the dead letter of a record, to be sent to ``topic``."""
    why = {
        "topic": record.topic,
        "partition": str(record.partition),
        "offset": str(record.offset),
        "connector.name": CONNECTOR,
        "stage": reason.stage,
        "exception.class.name": reason.error,
        "exception.message": reason.message[:MESSAGE_LIMIT],
    }
    added = tuple((PREFIX + name, _bytes(text)) for name, text in why.items())
    headers = (*record.headers, *added)
    if record.key is None and record.value is None:
        # The client sends no record without both, so that the value is empty and marked.
        return Message(topic, None, b"", (*headers, NULL_VALUE), record.timestamp)
    return Message(topic, record.key, record.value, headers, record.timestamp)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")


class DeadLetterLimit:
    """Tells when so many recent records are dead that the fault must be ours.

    Without it a bad deployment would drain the whole topic into the dead letters, one by one.

    Parameters
    ----------
    share
        Share of dead letters, from 0 to 1, above which to stop.
    window
        Number of recent records that the share is taken over.
    minimum
        No stop before this many dead letters are in the window.
    """

    def __init__(self, share: float, window: int, minimum: int) -> None:
        self._share = share
        self._minimum = minimum
        self._recent: collections.deque[bool] = collections.deque(maxlen=window)

    def would_pass(self, dead: list[bool]) -> bool:
        """Tell whether the records of a batch, added to the recent ones, pass the limit."""
        recent = [*self._recent, *dead][-(self._recent.maxlen or 0) :]
        count = sum(recent)
        return count >= self._minimum and count > self._share * len(recent)

    def add(self, dead: list[bool]) -> None:
        """Count the records of a batch: True for each that is dead."""
        self._recent.extend(dead)
