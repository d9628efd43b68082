"""Incidents that an Alertmanager shows as firing, told again and again.

An Alertmanager keeps its alerts in memory and expects its clients to repeat those that still fire;
without that a restart of it would resolve them in silence. What fires is read back from the topic
when a partition comes to us, so that a restart of ours forgets nothing either. A reminder goes the
way of its partition's alerts, between two of them: it cannot overtake the step that resolves.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
import structlog

from streams.delivery.webhooks.circuit import State
from streams.delivery.webhooks.kinds.alertmanager import reminder
from streams.delivery.webhooks.kinds.request import authorized
from streams.records import decode_alert
from streams.tail import read_records

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiokafka import AIOKafkaConsumer, TopicPartition

    from streams.delivery.webhooks.outlet import Outlet
    from streams.records import Alert
    from streams.settings import Settings

log = structlog.get_logger(__name__)

AT_ONCE = 200
"""Incidents in one request."""


class Firing:
    """What fires at one Alertmanager, of one partition.

    Parameters
    ----------
    outlet
        The target.
    clock
        Unix seconds.
    """

    def __init__(self, outlet: Outlet, clock: Callable[[], float] = time.time) -> None:
        self._outlet = outlet
        self._target = outlet.target
        self._only = outlet.target.only.selection()
        self._clock = clock
        self._until: dict[str, tuple[Alert, float]] = {}
        self._due = 0.0

    def wants(self, alert: Alert) -> bool:
        """Tell whether the target gets an alert: by its filter, or since it ends what fires there.

        An incident that closes is milder than it was, and might not pass the filter any more.
        """
        ends = alert.step == "closed" and alert.incident in self._until
        return ends or self._only.matches(alert)

    def note(self, alert: Alert, told: float) -> None:
        """Note an alert that the target was told at a time in Unix seconds."""
        self._until.pop(alert.incident, None)
        if alert.step != "closed":
            self._until[alert.incident] = (alert, told + self._target.firing_for)

    async def recall(
        self, settings: Settings, tp: TopicPartition, consumer: AIOKafkaConsumer
    ) -> None:
        """Read back what fires, from the records of the partition that are committed.

        Raises
        ------
        KafkaError
            The topic cannot be read now.
        """
        since = int((self._clock() - self._target.firing_for) * 1000)
        begin = (await consumer.offsets_for_times({tp: since}))[tp]
        upto = await consumer.committed(tp)
        if begin is None or upto is None:
            return
        ends = {tp: upto}
        async for record in read_records(settings, tp.topic, start={tp: begin.offset}, end=ends):
            try:
                alert = decode_alert(record.value or b"")
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                continue  # a dead letter since it was first read
            if self.wants(alert):
                self.note(alert, record.timestamp / 1000)

    async def remind(self) -> None:
        """Tell the target again what fires, when it is time to."""
        now = self._clock()
        if now < self._due or self._outlet.circuit.state is not State.CLOSED:
            return
        self._due = now + self._target.remind
        self._until = {name: each for name, each in self._until.items() if each[1] > now}
        firing = [
            (alert, datetime.fromtimestamp(until, UTC)) for alert, until in self._until.values()
        ]
        for start in range(0, len(firing), AT_ONCE):
            told = firing[start : start + AT_ONCE]
            request = reminder(told, self._outlet.access, datetime.fromtimestamp(now, UTC))
            answer = await self._outlet.caller.call(authorized(request, self._outlet.access))
            if answer.result != "ok":
                log.warning(
                    "webhook_reminder_failed",
                    target=self._target.name,
                    result=answer.result,
                    detail=answer.detail,
                )
                return
