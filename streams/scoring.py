"""From a batch of records to what must come of each: a signal, nothing, or a dead letter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

from classifier import Assessment, Item
from streams.deadletters import Reason
from streams.intake import decode_item
from streams.keys import signal_key
from streams.lenient import unreadable
from streams.records import ModelRef, NewsItem, Signal, encode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiokafka import ConsumerRecord


Came = Literal["signal", "below_floor", "unsupported", "dead_letter"]
"""What came of a record, in one word."""


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
    def name(self) -> Came:
        """One word for metrics."""
        if self.dead is not None:
            return "dead_letter"
        if self.signal is not None:
            return "signal"
        supported = self.assessment is None or self.assessment.supported
        return "below_floor" if supported else "unsupported"


class Watcher(Protocol):
    """Looks at what is scored and changes nothing."""

    def saw(self, items: Sequence[Item], assessed: Sequence[Assessment]) -> None:
        """Note a batch's items and what the model in service says of them, in order."""

    def exchanged(self, model: Model) -> None:
        """Note that another model is in service from now on."""


class Serving(NamedTuple):
    """The model in service and its name as it stands in signals."""

    model: Model
    reference: ModelRef

    @property
    def floors(self) -> dict[str, float]:
        """The probabilities from which it reports its cues; empty when it does not say."""
        return dict(getattr(getattr(self.model, "info", None), "floors", {}))


class Scorer:
    """Scores batches of records. Stateless between batches but for the model in service.

    Parameters
    ----------
    model
        The classifier.
    reference
        The model's name as it stands in signals.
    max_item_bytes
        A larger record is dead-lettered unread.
    watchers
        Told of each batch, in the scoring thread.
    """

    def __init__(
        self,
        model: Model,
        reference: ModelRef,
        max_item_bytes: int,
        watchers: Sequence[Watcher] = (),
    ) -> None:
        self._serving = Serving(model, reference)
        self._max_item_bytes = max_item_bytes
        self._watchers = tuple(watchers)

    @property
    def serving(self) -> Serving:
        """The model in service."""
        return self._serving

    def exchange(self, model: Model, reference: ModelRef) -> None:
        """Score with another model from the next batch on; safe from any thread."""
        self._serving = Serving(model, reference)
        for watcher in self._watchers:
            watcher.exchanged(model)

    def score(self, records: Sequence[ConsumerRecord]) -> list[Outcome]:
        """Return one outcome for each record, in order. Raises nothing for any bytes or text."""
        # Read once: a batch is scored by one model, whatever is exchanged meanwhile.
        serving = self._serving
        outcomes: dict[int, Outcome] = {}
        items: list[tuple[int, NewsItem]] = []
        for index, record in enumerate(records):
            decoded = self._decode(record)
            if isinstance(decoded, Reason):
                outcomes[index] = Outcome(record, dead=decoded)
            else:
                items.append((index, decoded))
        for_model = [_for_model(item) for _, item in items]
        assessed = _assess(serving.model, for_model)
        self._tell(for_model, assessed)
        for (index, item), assessment in zip(items, assessed, strict=True):
            record = records[index]
            outcomes[index] = (
                Outcome(record, dead=assessment)
                if isinstance(assessment, Reason)
                else _outcome(record, item, assessment, serving)
            )
        return [outcomes[index] for index in range(len(records))]

    def _decode(self, record: ConsumerRecord) -> NewsItem | Reason:
        if (why := unreadable(record)) is not None:
            return Reason("decode", "UnreadableRecord", why)
        size = len(record.value or b"")
        if size > self._max_item_bytes:
            limit = f"{size} bytes, more than ESCALATION_MAX_ITEM_BYTES={self._max_item_bytes}"
            return Reason("decode", "ItemTooLarge", limit)
        try:
            return decode_item(record.value, record.headers)
        except Exception as error:  # noqa: BLE001 - a bug in decoding costs its item, no partition
            return Reason.of("decode", error)

    def _tell(self, items: Sequence[Item], assessed: Sequence[Assessment | Reason]) -> None:
        pairs = [(i, a) for i, a in zip(items, assessed, strict=True) if isinstance(a, Assessment)]
        for watcher in self._watchers:
            watcher.saw([item for item, _ in pairs], [found for _, found in pairs])


def _assess(model: Model, items: Sequence[Item]) -> list[Assessment | Reason]:
    """Assess all items together; on an error halve them, until the faulty ones stand alone."""
    if not items:
        return []
    try:
        return list(model.assess(items))
    except Exception as error:  # noqa: BLE001 - a bug in scoring costs its item, not the batch
        if len(items) == 1:
            return [Reason.of("score", error)]
    middle = len(items) // 2
    return _assess(model, items[:middle]) + _assess(model, items[middle:])


def _outcome(
    record: ConsumerRecord, item: NewsItem, assessment: Assessment, serving: Serving
) -> Outcome:
    try:
        signal = _signal(record, item, assessment, serving)
        encoded = None if signal is None else encode(signal)
    except Exception as error:  # noqa: BLE001 - the same: it costs this item only
        return Outcome(record, dead=Reason.of("score", error))
    return Outcome(record, None, assessment, signal, encoded)


def _signal(
    record: ConsumerRecord, item: NewsItem, assessment: Assessment, serving: Serving
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
        model=serving.reference,
        floors=serving.floors,
    )


def _time(milliseconds: int) -> datetime | None:
    """Return a record's time, or None for one that no calendar has; producers send strange ones."""
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _for_model(item: NewsItem) -> Item:
    return Item(id=item.id, title=item.title, text=item.text, language=item.language)
