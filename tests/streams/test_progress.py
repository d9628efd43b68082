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


def test_the_clock_of_stalls_stands_still_while_the_broker_does_not_answer() -> None:
    clock = Clock()
    progress = Progress(10.0, clock)
    progress.set_lag("score", 5)
    assert progress.live_faults() == []
    clock.now = 4.0
    progress.note_broker("NodeNotReadyError", "probe")

    clock.now = 1000.0
    away = progress.live_faults()
    progress.note_broker(None, "probe")
    clock.now = 1005.0
    back = progress.live_faults()
    clock.now = 1007.0

    assert away == back == []
    assert progress.live_faults() == ["stage score is stalled"]


def test_a_broker_error_is_cleared_by_the_source_that_met_it() -> None:
    progress = Progress(10.0, Clock())
    progress.note_broker("NodeNotReadyError", "publish")
    progress.note_broker("NodeNotReadyError", "probe")

    progress.note_broker(None, "probe")
    one = progress.ready_faults()
    progress.note_broker(None, "publish")

    assert one == ["broker: NodeNotReadyError"]
    assert progress.ready_faults() == []


def test_what_a_worker_waits_for_makes_it_unready_and_not_dead() -> None:
    progress = Progress(10.0, Clock())
    progress.set_waiting("incidents", "tables are recovering")

    assert progress.live_faults() == []
    assert progress.ready_faults() == ["tables are recovering"]


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
