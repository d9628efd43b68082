"""The incidents stage without Kafka, and what it would say of the signals on a topic."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from streams.incidents.engine import Engine
from streams.incidents.policy import Policy
from streams.records import decode_signal
from streams.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from aiokafka import ConsumerRecord

    from streams.incidents.book import Change
    from streams.records import Alert, Signal
    from streams.settings import Settings


def all_committed(_: int) -> int:
    """Return an offset that no signal reaches."""
    return sys.maxsize


class Bench:
    """An engine over a dictionary, with one partition."""

    def __init__(
        self, committed: Callable[[int], int] = all_committed, **overrides: object
    ) -> None:
        self.states: dict[bytes, bytes] = {}
        self.policy = Policy.of(load_settings(**{"time_source": "event", **overrides}))
        self.engine = Engine(self.policy, self.states, committed)
        self.engine.book.recover([0])
        self._offset = -1

    def changes(self, *signals: Signal) -> list[Change]:
        """Process signals and return all changes."""
        found = []
        for signal in signals:
            self._offset += 1
            found += list(self.engine.signal(0, self._offset, signal))
        return found

    def alerts(self, *signals: Signal) -> list[Alert]:
        """Process signals and return the alerts."""
        return [change.alert for change in self.changes(*signals) if change.alert is not None]

    def wait(self, seconds: float) -> list[Alert]:
        """Let time pass and return the alerts."""
        now = self.engine.book.partition(0).clock + seconds
        return [each.alert for each in self.engine.tick(0, now) if each.alert is not None]


def alerts_of(settings: Settings, records: Iterable[ConsumerRecord]) -> list[Alert]:
    """Return the alerts that an undisturbed stage publishes for the records of a signals topic."""
    ordered: Sequence[ConsumerRecord] = sorted(records, key=lambda x: (x.partition, x.offset))
    engine = Engine(Policy.of(settings), {}, all_committed)
    engine.book.recover({record.partition for record in ordered})
    return [
        change.alert
        for record in ordered
        for change in engine.signal(record.partition, record.offset, decode_signal(record.value))
        if change.alert is not None
    ]
