"""Publishing that ends in an acknowledgement, however long the broker takes.

Faust's own producer cannot be made idempotent outside a transaction, so the stages share one
aiokafka producer that is: `acks=all`, no duplicates or reordering by the client's own retries.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError
from mode import Service

from streams.client import aiokafka_options
from streams.retry import Backoff

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from streams.records import Message
    from streams.settings import Settings

log = structlog.get_logger(__name__)


class PublishRefusedError(RuntimeError):
    """A record can never be published as it is; the message names the topic and the limit."""


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

    async def on_start(self) -> None:
        """Connect, trying until the broker answers."""
        await self._connected()

    async def on_stop(self) -> None:
        """Send what is buffered and disconnect."""
        if self._producer is not None:
            await self._producer.stop()

    async def publish(self, messages: Sequence[Message]) -> None:
        """Return when all messages are acknowledged; repeat those that are not.

        Raises
        ------
        PublishRefusedError
            A message is larger than the broker or the client allows.
        """
        backoff = Backoff(self._settings.retry_backoff, self._settings.retry_backoff_max)
        waiting = list(messages)
        while waiting:
            producer = await self._connected()
            results = await asyncio.gather(
                *(_send(producer, message) for message in waiting), return_exceptions=True
            )
            failed = [
                (message, error)
                for message, error in zip(waiting, results, strict=True)
                if isinstance(error, BaseException)
            ]
            if not failed:
                break
            waiting = [message for message, _ in failed]
            _raise_what_no_retry_mends(failed)
            await self._recover(producer, failed)
            await backoff.pause()
        if messages:
            self._on_error(None)

    async def _recover(
        self, producer: AIOKafkaProducer, failed: Sequence[tuple[Message, BaseException]]
    ) -> None:
        message, error = failed[0]
        self._on_error(type(error).__name__)
        log.warning("publish_failed", topic=message.topic, records=len(failed), error=repr(error))
        # An idempotent producer that lost track of its sequence numbers fails for ever: start anew.
        await self._drop(producer)

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
                    await backoff.pause()
                else:
                    self._producer = producer
            return self._producer

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

    async def _drop(self, producer: AIOKafkaProducer) -> None:
        async with self._restart:
            if self._producer is producer:
                self._producer = None
                await producer.stop()


def _raise_what_no_retry_mends(failed: Sequence[tuple[Message, BaseException]]) -> None:
    for message, error in failed:
        if isinstance(error, MessageSizeTooLargeError):
            raise PublishRefusedError(
                f"{message.topic}: a record of {len(message.value or b'')} bytes is refused;"
                " raise max.message.bytes of the topic"
            ) from error
        if not isinstance(error, KafkaError):
            raise error


async def _send(producer: AIOKafkaProducer, message: Message) -> None:
    acknowledged = await producer.send(
        message.topic,
        value=message.value,
        key=message.key,
        headers=list(message.headers),
        timestamp_ms=message.timestamp_ms,
    )
    await acknowledged
