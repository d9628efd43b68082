"""The watchdog ends a process that is stuck, and says where."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time

import pytest

from streams.progress import Progress
from streams.watchdog import LAST_WORDS_SECONDS, TICK_SECONDS, Watchdog

TICKS = int(20 / TICK_SECONDS)


def first_end(watchdog: Watchdog, ticks: int = TICKS) -> tuple[float, str, int] | None:
    """Return after how many seconds of ticks the watchdog ends the process, why and how."""
    for number in range(1, ticks + 1):
        if (end := watchdog.tick()) is not None:
            return number * TICK_SECONDS, *end
    return None


def test_a_worker_that_is_alive_is_left_alone() -> None:
    watchdog = Watchdog(Progress(60.0), 60.0, 10.0)

    assert first_end(watchdog) is None


def test_a_fault_is_told_for_some_seconds_before_the_process_ends() -> None:
    watchdog = Watchdog(Progress(60.0, fatal="score: a bug"), 60.0, 10.0)

    assert first_end(watchdog) == (LAST_WORDS_SECONDS + TICK_SECONDS, "score: a bug", 1)


@pytest.mark.parametrize(("fatal", "code"), [(None, 0), ("score: a bug", 1)])
def test_a_stop_ends_in_the_grace_period(fatal: str | None, code: int) -> None:
    watchdog = Watchdog(Progress(60.0, fatal=fatal), 60.0, 10.0)
    watchdog.expect_end()

    end = first_end(watchdog)

    assert end is not None
    assert end[0] < 10.0
    assert end[2] == code


def test_a_loop_that_does_not_turn_is_stuck_even_without_lag() -> None:
    loop = asyncio.new_event_loop()
    watchdog = Watchdog(Progress(3.0), 3.0, 10.0)
    watchdog._loop = loop

    end = first_end(watchdog)
    loop.close()

    assert end is not None
    assert (end[0], end[2]) == (3.0 + TICK_SECONDS, 1)
    assert "event loop has not turned" in end[1]


def test_the_stacks_of_threads_and_tasks_are_written_before_the_end() -> None:
    program = """
import asyncio, time
from streams.progress import Progress
from streams.watchdog import Watchdog

async def waits_for_ever():
    await asyncio.Event().wait()

def blocks():
    time.sleep(60)

async def main():
    task = asyncio.create_task(waits_for_ever())
    await asyncio.sleep(0)
    Watchdog(Progress(1.0), 1.0, 10.0).start(asyncio.get_running_loop())
    blocks()

asyncio.run(main())
"""
    started = time.monotonic()
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=50, check=False
    )

    assert ended.returncode == 1
    assert time.monotonic() - started < 50
    assert "event loop has not turned" in ended.stdout + ended.stderr
    assert "in blocks" in ended.stderr
    assert "waits_for_ever" in ended.stderr
