"""Alerts for a Python program: an async iterator that resumes where its group left off."""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Literal, Self

import msgspec
import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError

from streams.client import aiokafka_options
from streams.errors import refusal
from streams.records import Alert, decode_alert
from streams.selection import Selection
from streams.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from aiokafka import ConsumerRecord

    from streams.settings import Settings

log = structlog.get_logger(__name__)

POLL_MILLISECONDS = 500
COMMIT_SECONDS = 1.0
REMEMBERED = 10_000
"""Ids of alerts that a subscription knows again; older ones are forgotten."""


def subscribe(
    group: str,
    *,
    min_severity: str | None = None,
    cues: Iterable[str] = (),
    countries: Iterable[str] = (),
    steps: Iterable[str] = (),
    start: Literal["earliest", "latest"] = "earliest",
    settings: Settings | None = None,
) -> Subscription:
    """Return the alerts as an async iterator that never ends by itself.

    An alert counts as done when the next one is asked for, and is committed within a second. So
    an alert whose handling raises, or that is the last before ``break``, comes again at the next
    start: at least once. Within one subscription no id comes twice.

    Parameters
    ----------
    group
        Consumer group: who has the same name shares the alerts and resumes where it left off.
    min_severity
        ``info``, ``low``, ``medium``, ``high`` or ``critical``.
    cues
        Labels of which an alert has at least one.
    countries
        Countries, by name or ISO code, of which one is among the actors.
    steps
        Steps of an incident's life: ``opened``, ``updated``, ``cooled``, ``closed``.
    start
        Where a group begins that has committed nothing yet.
    settings
        Broker and topic; from the environment when None.

    Raises
    ------
    SelectionError
        A filter names what there is not.
    SettingsError
        The environment holds a setting that cannot be used.

    Examples
    --------
    >>> async def watch() -> None:
    ...     async with subscribe("desk", min_severity="high") as alerts:
    ...         async for alert in alerts:
    ...             print(alert.headline)
    """
    wanted = Selection.of(min_severity=min_severity, cues=cues, countries=countries, steps=steps)
    return Subscription(settings or load_settings(), group, wanted, start)


class Subscription:
    """An async iterator of alerts, see `subscribe`. As a context manager it leaves the group."""

    def __init__(
        self,
        settings: Settings,
        group: str,
        wanted: Selection,
        start: Literal["earliest", "latest"] = "earliest",
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._group = group
        self._wanted = wanted
        self._start = start
        self._clock = clock
        self._consumer: AIOKafkaConsumer | None = None
        self._seen = _Remembered(REMEMBERED)
        self._in_hand: tuple[TopicPartition, int] | None = None
        self._done: dict[TopicPartition, int] = {}
        self._committed_at = clock()

    async def __aenter__(self) -> Self:
        await self._started()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Alert:
        """Return the next alert; the one before counts as done.

        Raises
        ------
        KafkaError
            The broker does not answer at the start.
        AccessError
            The broker refuses us; the message names the setting.
        """
        consumer = await self._started()
        self._finish()
        while True:
            await self._commit_when_due()
            fetched = await consumer.getmany(timeout_ms=POLL_MILLISECONDS, max_records=1)
            if not fetched:
                await self._commit()
            for tp, records in fetched.items():
                for record in records:
                    self._in_hand = (tp, record.offset + 1)
                    if (alert := self._alert(record)) is not None:
                        return alert
                    self._finish()

    async def aclose(self) -> None:
        """Commit what is done and leave the group; the alert in hand is not done."""
        if self._consumer is not None:
            await self._commit()
            await self._consumer.stop()
            self._consumer = None

    async def _started(self) -> AIOKafkaConsumer:
        if self._consumer is None:
            consumer = AIOKafkaConsumer(
                **aiokafka_options(self._settings),
                group_id=self._group,
                enable_auto_commit=False,
                auto_offset_reset=self._start,
            )
            try:
                await consumer.start()
            except KafkaError as error:
                await consumer.stop()
                raise await refusal(self._settings, error) or error from None
            consumer.subscribe([self._settings.alerts_topic], listener=_CommitFirst(self._commit))
            self._consumer = consumer
        return self._consumer

    def _alert(self, record: ConsumerRecord) -> Alert | None:
        try:
            alert = decode_alert(record.value or b"")
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            log.warning(
                "no_alert", partition=record.partition, offset=record.offset, error=str(error)
            )
            return None
        wanted = self._wanted.matches(alert) and self._seen.is_new(alert.id)
        return alert if wanted else None

    def _finish(self) -> None:
        if self._in_hand is not None:
            tp, offset = self._in_hand
            self._done[tp] = offset
            self._in_hand = None

    async def _commit_when_due(self) -> None:
        if self._clock() - self._committed_at >= COMMIT_SECONDS:
            await self._commit()

    async def _commit(self) -> None:
        self._committed_at = self._clock()
        if self._consumer is None:
            return
        held = self._consumer.assignment()
        done = {tp: offset for tp, offset in self._done.items() if tp in held}
        self._done = {}
        if not done:
            return
        try:
            await self._consumer.commit(done)
        except (CommitFailedError, IllegalStateError) as error:
            # The partition has moved: its new owner begins at the last commit and repeats.
            log.warning("commit_lost", error=repr(error))
        except KafkaError as error:
            self._done = done | self._done
            log.warning("commit_failed", error=repr(error))


class _Remembered:
    """The last so many ids."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._ids: OrderedDict[str, None] = OrderedDict()

    def is_new(self, identity: str) -> bool:
        """Tell whether an id was not seen of late, and remember it."""
        new = identity not in self._ids
        self._ids[identity] = None
        self._ids.move_to_end(identity)
        if len(self._ids) > self._limit:
            self._ids.popitem(last=False)
        return new


class _CommitFirst(ConsumerRebalanceListener):
    """Commits what is done before partitions move."""

    def __init__(self, commit: Callable[[], object]) -> None:
        self._commit = commit

    async def on_partitions_revoked(self, _: Iterable[TopicPartition]) -> None:
        await self._commit()  # type: ignore[misc]

    async def on_partitions_assigned(self, _: Iterable[TopicPartition]) -> None:
        """Nothing is needed."""
