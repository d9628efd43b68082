"""The order of writes: what was decided, then the alert, then that it was told.

A key's state goes to the changelog with its alert as pending, the alert is published once that is
acknowledged, and the state without it goes with the next writes. So whatever is decided is decided
once: a worker that takes over publishes what is pending, the same alert with the same id, and a
kill repeats one alert at most, since all earlier writes are acknowledged before the next alert.
Writes of a partition go in the order of the records that caused them, and only writes of one key
with nothing of another between them are made one. So what a kill leaves in the changelog is the
partition as it was after some record: were a key written later than its turn, its partition's clock
could be recovered from the others, ahead of it, and it would be told quiet before its own records
are read again.

An alert that the broker refuses for good, which its limits on size may do, is a dead letter in the
same place of this order: to a worker that takes over it has been told, one way or the other.

The changelog is written by the publisher that all stages share (idempotent, with retries that end
in an acknowledgement), and not by Faust's producer, which is neither; the table's recovery, its
standbys and its partitions are Faust's.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import structlog

from streams.cloudevents import alert_message
from streams.deadletters import Reason, undelivered
from streams.outbox import publish_letter
from streams.publisher import RefusedError
from streams.records import Message
from streams.tension.board import tension_message

if TYPE_CHECKING:
    from streams.feed import Publishes
    from streams.incidents.book import Change
    from streams.records import Alert
    from streams.settings import Settings

log = structlog.get_logger(__name__)


class Writer:
    """Writes changes to the changelog and publishes their alerts."""

    def __init__(self, settings: Settings, publisher: Publishes) -> None:
        self._settings = settings
        self._publisher = publisher
        self._waiting: defaultdict[int, list[tuple[str, bytes | None]]] = defaultdict(list)

    async def take(self, change: Change) -> Reason | None:
        """Take a change; return at once when it has no alert, else when that is acknowledged.

        Returns
        -------
        Reason or None
            Why its alert is a dead letter, None when it is not.
        """
        died = None
        if change.forget:
            self._write(change, None)
        elif change.value is not None:
            self._write(change, change.value)
        if change.tension is not None:
            message = tension_message(change.tension, self._settings.tension_topic)
            await self._publisher.publish([message])
        if change.alert is not None:
            await self.flush()
            died = await self._tell(change.alert, change.trace)
            self._write(change, change.after)
        return died

    async def _tell(self, alert: Alert, trace: bytes | None) -> Reason | None:
        message = alert_message(alert, self._settings.alerts_topic, trace)
        try:
            await self._publisher.publish([message])
        except RefusedError as error:
            log.error("alert_refused", alert=alert.id, reason=str(error))  # noqa: TRY400 - says all
            reason = Reason("incidents", "AlertRefused", str(error))
            letter = undelivered(message, reason, self._settings.dead_letters_topic)
            await publish_letter(self._publisher, letter)
            return reason
        return None

    async def flush(self) -> None:
        """Return when all changes are acknowledged."""
        topic = self._settings.state_topic
        messages = [
            Message(topic, key.encode("utf-8", "surrogatepass"), value, partition=partition)
            for partition, writes in self._waiting.items()
            for key, value in writes
        ]
        await self._publisher.publish(messages)
        self._waiting.clear()

    def drop(self) -> None:
        """Forget what is waiting; what has moved to another worker is decided there again."""
        self._waiting.clear()

    def _write(self, change: Change, value: bytes | None) -> None:
        writes = self._waiting[change.partition]
        if writes and writes[-1][0] == change.key:
            writes.pop()
        writes.append((change.key, value))
