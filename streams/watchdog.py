"""A thread that ends the process when nothing else can.

It is a thread, since the event loop itself may be blocked. Before it ends the process it writes
the stacks of all threads and tasks: they are what one needs to know and what is gone afterwards.
"""

from __future__ import annotations

import asyncio
import faulthandler
import os
import sys
import threading
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.progress import Progress

log = structlog.get_logger(__name__)

TICK_SECONDS = 0.5
LAST_WORDS_SECONDS = 5.0
"""How long `/livez` tells what is wrong before the process ends."""


class Watchdog:
    """Ends a process that is stuck (exit code 1) or does not stop in time (0 when nothing is lost).

    It counts its own ticks and not the clock: a machine that slept has not been stuck.

    Parameters
    ----------
    progress
        What the worker knows of itself.
    stall_timeout
        Seconds after which an event loop that does not turn is stuck.
    grace_period
        Seconds that the worker may take to stop once it was told to.
    leave
        Ends the process; injected in tests.
    """

    def __init__(
        self,
        progress: Progress,
        stall_timeout: float,
        grace_period: float,
        leave: Callable[[int], None] = os._exit,
    ) -> None:
        self._progress = progress
        self._stall_timeout = stall_timeout
        self._grace_period = grace_period
        self._leave = leave
        self._loop: asyncio.AbstractEventLoop | None = None
        self._silent = self._faulty = self._stopping = 0.0
        self._told_to_stop = threading.Event()
        self._ended = threading.Event()

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Watch a loop from now on."""
        self._loop = loop
        threading.Thread(target=self._run, name="watchdog", daemon=True).start()

    def expect_end(self) -> None:
        """Note that the worker was told to stop."""
        self._told_to_stop.set()

    def done(self) -> None:
        """Watch no longer."""
        self._ended.set()

    def _run(self) -> None:
        while not self._ended.wait(TICK_SECONDS):
            end = self.tick()
            if end is not None:
                self._end(*end)
                return

    def tick(self) -> tuple[str, int] | None:
        """Look once; return why to end the process and with which code, or None."""
        self._call_loop()
        self._silent += TICK_SECONDS
        faults = self._progress.live_faults()
        self._faulty = self._faulty + TICK_SECONDS if faults else 0.0
        if self._told_to_stop.is_set():
            self._stopping += TICK_SECONDS
            if self._stopping >= self._grace_period - TICK_SECONDS:
                return "the grace period is over; what is in hand will be redone", int(bool(faults))
        elif self._silent > self._stall_timeout:
            return f"the event loop has not turned for {self._silent:.0f} seconds", 1
        elif self._faulty > LAST_WORDS_SECONDS:
            return "; ".join(faults), 1
        return None

    def _call_loop(self) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._heard)

    def _heard(self) -> None:
        self._silent = 0.0

    def _end(self, reason: str, code: int) -> None:
        try:
            log.critical("process_ended_by_watchdog", reason=reason, code=code)
            faulthandler.dump_traceback(sys.stderr, all_threads=True)
            for task in asyncio.all_tasks(self._loop) if self._loop is not None else ():
                task.print_stack(file=sys.stderr)
            sys.stderr.flush()
        finally:
            # The tasks change under our eyes; whatever comes of their stacks, the process ends.
            self._leave(code)
