"""Publishing that ends in an acknowledgement, however long the broker takes.

Faust's own producer cannot be made idempotent outside a transaction, so the stages share one
aiokafka producer that is: `acks=all`, no duplicates or reordering by the client's own retries.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import (
    BrokerResponseError,
    InvalidTimestampError,
    KafkaError,
    MessageSizeTooLargeError,
    RecordListTooLargeError,
    for_code,
    kafka_errors,
)
from mode import Service

from streams.client import aiokafka_options
from streams.errors import refusal
from streams.retry import Backoff

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from streams.records import Message
    from streams.settings import Settings

log = structlog.get_logger(__name__)


class InvalidRecordError(BrokerResponseError):
    """The broker finds a fault in a record, as in one without a key for a compacted topic."""

    errno = 87
    message = "INVALID_RECORD"
    description = "The record has failed the validation on the broker."


# To a client that does not know the code it is an unknown error, which is worth a retry.
kafka_errors.setdefault(InvalidRecordError.errno, InvalidRecordError)

REFUSED = (
    MessageSizeTooLargeError,
    RecordListTooLargeError,
    InvalidTimestampError,
    for_code(InvalidRecordError.errno),
)
"""What a broker says of a record that it will never take as it is."""
STOP_SECONDS = 3.0
"""How long the client may take to say goodbye; nothing is in flight then that anybody waits for."""


class RefusedError(RuntimeError):
    """The broker will never take some records as they are; all others are acknowledged.

    Attributes
    ----------
    places
        Where the refused messages stood in what was to be published.
    """

    def __init__(self, refused: Sequence[tuple[int, Message, KafkaError]]) -> None:
        self.places = [place for place, _, _ in refused]
        _, message, error = refused[0]
        super().__init__(
            f"{message.topic}: the broker refuses a record of {len(message.value or b'')} bytes"
            f" ({type(error).__name__}); see the topic's"
            " max.message.bytes, timestamp limits and cleanup.policy (compact needs keys)"
        )


class Publisher(Service):
    """Publishes messages and waits until the broker has acknowledged each of them.

    Parameters
    ----------
    settings
        The settings of the client and of the retries.
    on_error
        Called with the name of a broker error, for metrics and readiness, and with None when
        publishing works again.
    """

    mundane_level = "debug"

    def __init__(
        self, settings: Settings, on_error: Callable[[str | None], None], **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self._settings = settings
        self._on_error = on_error
        self._producer: Any = None
        self._restart = asyncio.Lock()
        self._leaving: set[asyncio.Task[None]] = set()

    async def on_start(self) -> None:
        """Connect, trying until the broker answers."""
        await self._connected()

    async def on_stop(self) -> None:
        """Send what is buffered and disconnect, as long as the broker answers."""
        if self._producer is not None:
            self._leave(self._producer)
        if self._leaving:
            _, late = await asyncio.wait(self._leaving, timeout=STOP_SECONDS)
            for task in late:
                task.cancel()

    async def publish(self, messages: Sequence[Message]) -> None:
        """Return when all messages are acknowledged; repeat those that are not.

        Raises
        ------
        RefusedError
            The broker will never take some of them; all others are acknowledged.
        AccessError
            The broker refuses us; the message names the setting.
        """
        backoff = Backoff(self._settings.retry_backoff, self._settings.retry_backoff_max)
        waiting = list(enumerate(messages))
        suspects: list[tuple[int, Message]] = []
        refused: list[tuple[int, Message, KafkaError]] = []
        while waiting or suspects:
            # A refusal hits the whole batch of the client: each record of it is tried alone.
            alone = [] if waiting else [suspects.pop()]
            failed = await self._attempt(waiting or alone)
            told = [(i, m, e) for i, m, e in failed if isinstance(e, REFUSED)]
            if alone:
                refused += told
            else:
                suspects += [(place, message) for place, message, _ in told]
            waiting = [(i, m) for i, m, e in failed if not isinstance(e, REFUSED)]
            if waiting:
                await backoff.pause()
        if messages:
            self._on_error(None)
        if refused:
            raise RefusedError(refused)

    async def _attempt(
        self, messages: Sequence[tuple[int, Message]]
    ) -> list[tuple[int, Message, KafkaError]]:
        """Send once; return those that were not acknowledged, with the reason."""
        producer = await self._connected()
        results = await asyncio.gather(
            *(_send(producer, message) for _, message in messages), return_exceptions=True
        )
        failed = []
        for (place, message), error in zip(messages, results, strict=True):
            if isinstance(error, KafkaError):
                failed.append((place, message, error))
            elif isinstance(error, BaseException):
                raise error
        if failed:
            await self._recover(producer, failed)
        return failed

    async def _recover(
        self, producer: AIOKafkaProducer, failed: Sequence[tuple[int, Message, KafkaError]]
    ) -> None:
        _, message, error = failed[0]
        log.warning("publish_failed", topic=message.topic, records=len(failed), error=repr(error))
        # An idempotent producer that lost track of its sequence numbers fails for ever: start anew.
        if self._producer is producer:
            self._producer = None
            self._leave(producer)
        if not isinstance(error, REFUSED):
            self._on_error(type(error).__name__)
            await self._raise_refusal(error)

    async def _connected(self) -> AIOKafkaProducer:
        async with self._restart:
            backoff = Backoff(self._settings.retry_backoff, self._settings.retry_backoff_max)
            while self._producer is None:
                producer = self._new_producer()
                try:
                    await producer.start()
                except KafkaError as error:
                    await producer.stop()
                    self._on_error(type(error).__name__)
                    log.warning("broker_unreachable", error=repr(error))
                    await self._raise_refusal(error)
                    await backoff.pause()
                else:
                    self._producer = producer
            return self._producer

    async def _raise_refusal(self, error: KafkaError) -> None:
        refused = await refusal(self._settings, error)
        if refused is not None:
            raise refused from error

    def _new_producer(self) -> AIOKafkaProducer:
        return AIOKafkaProducer(
            **aiokafka_options(self._settings),
            acks="all",
            enable_idempotence=True,
            linger_ms=2,
            # A record came in compressed, and its dead letter must fit the same limit.
            compression_type="zstd",
            # The client measures before it compresses; the limit that counts is the topic's.
            max_request_size=64 * 1024 * 1024,
        )

    def _leave(self, producer: AIOKafkaProducer) -> None:
        """Stop a producer beside our work: it first waits for what others have in flight."""
        task = asyncio.create_task(_stop(producer))
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)


async def _stop(producer: AIOKafkaProducer) -> None:
    try:
        await producer.stop()
    except KafkaError as error:
        log.debug("producer_left", error=repr(error))


async def _send(producer: AIOKafkaProducer, message: Message) -> None:
    acknowledged = await producer.send(
        message.topic,
        value=message.value,
        key=message.key,
        headers=list(message.headers),
        timestamp_ms=message.timestamp_ms,
        partition=message.partition,
    )
    await acknowledged
