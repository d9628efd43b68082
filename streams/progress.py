"""What the worker knows of its own progress; the probes and the watchdog read it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(slots=True)
class Progress:
    """Progress decides liveness: a worker that is alive but stalled is dead.

    While the broker does not answer, the clock of the stalls stands still: a restart would mend
    nothing, and every worker would be restarted at once.

    Attributes
    ----------
    stall_timeout
        Seconds with lag above zero and no commit after which `stalled` is true.
    clock
        Monotonic seconds; injected in tests.
    lag
        Records not yet committed, by stage.
    assigned
        Whether the group has told a stage its partitions, be they none, by stage.
    waiting
        What else the worker waits for before it can work (topics, tables), by who waits.
    broker_errors
        Name of the last broker error by who met it; empty when the broker answers all.
    fatal
        Why the worker has stopped consuming for good, None while it works.
    """

    stall_timeout: float
    clock: Callable[[], float] = time.monotonic
    lag: dict[str, int] = field(default_factory=dict)
    assigned: dict[str, bool] = field(default_factory=dict)
    waiting: dict[str, str] = field(default_factory=dict)
    broker_errors: dict[str, str] = field(default_factory=dict)
    fatal: str | None = None
    _last: dict[str, float] = field(default_factory=dict)
    _stopped_at: float | None = None

    def advanced(self, stage: str) -> None:
        """Note that a stage has committed, or has nothing to do."""
        self._last[stage] = self._now()

    def note_broker(self, error: str | None, source: str = "publish") -> None:
        """Note the name of a broker error, or None when the broker answers this source again."""
        if error is not None:
            self.broker_errors[source] = error
            if self._stopped_at is None:
                self._stopped_at = self.clock()
            return
        self.broker_errors.pop(source, None)
        if self._stopped_at is not None and not self.broker_errors:
            away = self.clock() - self._stopped_at
            self._last = {stage: last + away for stage, last in self._last.items()}
            self._stopped_at = None

    def set_waiting(self, who: str, reason: str | None) -> None:
        """Note what the worker waits for before it can work, or None when it need not."""
        if reason is None:
            self.waiting.pop(who, None)
        else:
            self.waiting[who] = reason

    def set_lag(self, stage: str, lag: int) -> None:
        """Note a stage's lag in records; without lag there is nothing to be late with."""
        self.lag[stage] = lag
        if lag == 0:
            self.advanced(stage)

    def stalled(self) -> list[str]:
        """Return the stages that have lag and have not moved for `stall_timeout` seconds."""
        now = self._now()
        return [
            stage
            for stage, lag in list(self.lag.items())
            if lag > 0 and now - self._last.setdefault(stage, now) > self.stall_timeout
        ]

    def live_faults(self) -> list[str]:
        """Return why the worker should be restarted; empty when it should not."""
        faults = [f"stage {stage} is stalled" for stage in self.stalled()]
        return [*faults, self.fatal] if self.fatal else faults

    def ready_faults(self) -> list[str]:
        """Return why the worker cannot do its work now; empty when it can."""
        faults = self.live_faults()
        # Two sources with the same error are one fault.
        faults += dict.fromkeys(f"broker: {name}" for name in list(self.broker_errors.values()))
        faults += list(self.waiting.values())
        faults += [
            f"stage {stage} has no partitions assigned yet"
            for stage, assigned in list(self.assigned.items())
            if not assigned
        ]
        return faults

    def _now(self) -> float:
        return self.clock() if self._stopped_at is None else self._stopped_at
