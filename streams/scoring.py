"""From a batch of records to what must come of each: a signal, nothing, or a dead letter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from classifier import Assessment, Item
from streams.deadletters import Reason
from streams.intake import decode_item
from streams.keys import signal_key
from streams.records import ModelRef, NewsItem, Signal, encode
from streams.shapes import BadItem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiokafka import ConsumerRecord


class Model(Protocol):
    """What the stream needs of a classifier."""

    def assess(self, items: Sequence[Item]) -> list[Assessment]:
        """Return one assessment for each item, in order."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one record: dead for a reason, or scored, with a signal or below the floors.

    ``encoded`` is the signal as it goes over the wire.
    """

    record: ConsumerRecord
    dead: Reason | None = None
    assessment: Assessment | None = None
    signal: Signal | None = None
    encoded: bytes | None = None

    @property
    def name(self) -> str:
        """One word for metrics."""
        if self.dead is not None:
            return "dead_letter"
        if self.signal is not None:
            return "signal"
        supported = self.assessment is None or self.assessment.supported
        return "below_floor" if supported else "unsupported"


class Scorer:
    """Scores batches of records. Stateless between batches.

    Parameters
    ----------
    model
        The classifier.
    reference
        The model's name as it stands in signals.
    max_item_bytes
        A larger record is dead-lettered unread.
    """

    def __init__(self, model: Model, reference: ModelRef, max_item_bytes: int) -> None:
        self._model = model
        self._reference = reference
        self._max_item_bytes = max_item_bytes

    def score(self, records: Sequence[ConsumerRecord]) -> list[Outcome]:
        """Return one outcome for each record, in order. Raises nothing for any bytes or text."""
        outcomes: dict[int, Outcome] = {}
        items: list[tuple[int, NewsItem]] = []
        for index, record in enumerate(records):
            decoded = self._decode(record)
            if isinstance(decoded, Reason):
                outcomes[index] = Outcome(record, dead=decoded)
            else:
                items.append((index, decoded))
        assessed = self._assess([item for _, item in items])
        for (index, item), assessment in zip(items, assessed, strict=True):
            record = records[index]
            outcomes[index] = (
                Outcome(record, dead=assessment)
                if isinstance(assessment, Reason)
                else self._outcome(record, item, assessment)
            )
        return [outcomes[index] for index in range(len(records))]

    def _decode(self, record: ConsumerRecord) -> NewsItem | Reason:
        size = len(record.value or b"")
        if size > self._max_item_bytes:
            limit = f"{size} bytes, more than ESCALATION_MAX_ITEM_BYTES={self._max_item_bytes}"
            return Reason("decode", "ItemTooLarge", limit)
        try:
            return decode_item(record.value, record.headers)
        except BadItem as error:
            return Reason.of("decode", error)

    def _assess(self, items: Sequence[NewsItem]) -> list[Assessment | Reason]:
        """Assess all items together; on an error halve them, until the faulty ones stand alone."""
        if not items:
            return []
        try:
            return list(self._model.assess([_for_model(item) for item in items]))
        except Exception as error:  # noqa: BLE001 - a bug in scoring costs its item, not the batch
            if len(items) == 1:
                return [Reason.of("score", error)]
        middle = len(items) // 2
        return self._assess(items[:middle]) + self._assess(items[middle:])

    def _outcome(self, record: ConsumerRecord, item: NewsItem, assessment: Assessment) -> Outcome:
        try:
            signal = self._signal(record, item, assessment)
            encoded = None if signal is None else encode(signal)
        except Exception as error:  # noqa: BLE001 - the same: it costs this item only
            return Outcome(record, dead=Reason.of("score", error))
        return Outcome(record, None, assessment, signal, encoded)

    def _signal(
        self, record: ConsumerRecord, item: NewsItem, assessment: Assessment
    ) -> Signal | None:
        if not assessment.cues:
            return None
        return Signal(
            id=item.id,
            key=signal_key(assessment.actors, assessment.cues, item.title),
            title=item.title,
            url=item.url,
            source=item.source,
            published_at=item.published_at,
            ingested_at=_time(record.timestamp),
            language=assessment.language,
            score=assessment.score,
            scores=dict(assessment.scores),
            alert=assessment.alert,
            severity=assessment.severity,
            severity_score=assessment.severity_score,
            cues=assessment.cues,
            actors=assessment.actors,
            model=self._reference,
        )


def _time(milliseconds: int) -> datetime | None:
    """Return a record's time, or None for one that no calendar has; producers send strange ones."""
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _for_model(item: NewsItem) -> Item:
    return Item(id=item.id, title=item.title, text=item.text, language=item.language)
