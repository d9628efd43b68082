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

    Attributes
    ----------
    stall_timeout
        Seconds with lag above zero and no commit after which `stalled` is true.
    clock
        Monotonic seconds; injected in tests.
    lag
        Records not yet committed, by stage.
    broker_error
        Name of the last broker error, None when the broker answers.
    fatal
        Why the worker has stopped consuming for good, None while it works.
    """

    stall_timeout: float
    clock: Callable[[], float] = time.monotonic
    lag: dict[str, int] = field(default_factory=dict)
    assigned: dict[str, bool] = field(default_factory=dict)
    broker_error: str | None = None
    fatal: str | None = None
    _last: dict[str, float] = field(default_factory=dict)

    def advanced(self, stage: str) -> None:
        """Note that a stage has committed, or has nothing to do."""
        self._last[stage] = self.clock()

    def note_broker(self, error: str | None) -> None:
        """Note the name of a broker error, or None when the broker answers again."""
        self.broker_error = error

    def set_lag(self, stage: str, lag: int) -> None:
        """Note a stage's lag in records; without lag there is nothing to be late with."""
        self.lag[stage] = lag
        if lag == 0:
            self.advanced(stage)

    def stalled(self) -> list[str]:
        """Return the stages that have lag and have not moved for `stall_timeout` seconds."""
        now = self.clock()
        return [
            stage
            for stage, lag in self.lag.items()
            if lag > 0 and now - self._last.setdefault(stage, now) > self.stall_timeout
        ]

    def live_faults(self) -> list[str]:
        """Return why the worker should be restarted; empty when it should not."""
        faults = [f"stage {stage} is stalled" for stage in self.stalled()]
        return [*faults, self.fatal] if self.fatal else faults

    def ready_faults(self) -> list[str]:
        """Return why the worker cannot do its work now; empty when it can."""
        faults = self.live_faults()
        if self.broker_error:
            faults.append(f"broker: {self.broker_error}")
        faults += [
            f"stage {stage} has no partitions assigned yet"
            for stage, assigned in self.assigned.items()
            if not assigned
        ]
        return faults
