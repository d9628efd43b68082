"""Progress decides liveness."""

from __future__ import annotations

from dataclasses import dataclass

from streams.progress import Progress


@dataclass
class Clock:
    """Seconds that a test sets."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def test_lag_without_commits_for_the_timeout_is_a_stall() -> None:
    clock = Clock()
    progress = Progress(10.0, clock)
    progress.set_lag("score", 5)
    assert progress.live_faults() == []

    clock.now = 10.5

    assert progress.live_faults() == ["stage score is stalled"]


def test_a_commit_starts_the_timeout_anew() -> None:
    clock = Clock()
    progress = Progress(10.0, clock)
    progress.set_lag("score", 5)
    clock.now = 8.0
    progress.advanced("score")
    clock.now = 16.0

    assert progress.live_faults() == []


def test_an_idle_stage_is_never_stalled() -> None:
    clock = Clock()
    progress = Progress(10.0, clock)
    progress.set_lag("score", 0)
    clock.now = 1000.0

    assert progress.live_faults() == []


def test_a_worker_without_partitions_or_broker_is_live_but_not_ready() -> None:
    progress = Progress(10.0, Clock())
    progress.assigned["score"] = False
    progress.note_broker("NodeNotReadyError")

    assert progress.live_faults() == []
    assert progress.ready_faults() == [
        "broker: NodeNotReadyError",
        "stage score has no partitions assigned yet",
    ]


def test_a_fatal_fault_is_told_by_both_probes() -> None:
    progress = Progress(10.0, Clock(), fatal="score: too many dead letters")

    assert progress.live_faults() == progress.ready_faults() == ["score: too many dead letters"]
