"""The faults around the worker: the broker, the network, the disk."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import re
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

from faults.proxy import Proxy
from faults.scenarios import stopped
from faults.world import RECOVERY_SECONDS, Bench, World

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterator

    from faults.world import Row
    from harness.worker import WorkerProcess

DRAW = random.Random(43)
FULL = "the broker's disk is full"
ENDED = "the broker ended itself {} times and was started again"
COMPLAINT = re.compile(r"^\[.*?\] ERROR (.*(?:\n(?!\[|\s+at ).*)*)", re.MULTILINE)
SMALL_DISK = 256 * 1024 * 1024


async def broker_killed(bench: Bench, away: list[float]) -> Row:
    """Kill the broker and start it again after some seconds; the worker waits, and goes on."""
    async with World(bench) as world:
        worker = world.worker()
        await world.start(worker)
        for seconds in away:
            await asyncio.sleep(DRAW.uniform(0.5, 2))
            assert bench.broker.process is not None
            bench.broker.process.kill()
            await asyncio.sleep(seconds)
            assert worker.probe("/livez") == [], "a broker that is away is no stall"
            await asyncio.to_thread(bench.broker.start)
            await world.recovered()
        told = ", ".join(f"{seconds:g}" for seconds in away)
        return await world.finish("broker killed and restarted", len(away), f"away for {told} s")


async def broker_paused(bench: Bench, seconds: float) -> Row:
    """Let the broker stand still: the worker is unready and live, and goes on by itself."""
    async with World(bench) as world:
        worker = world.worker()
        await world.start(worker)
        bench.signal(signal.SIGSTOP)
        try:
            told = await unready(worker, seconds)
            assert worker.probe("/livez") == []
        finally:
            bench.signal(signal.SIGCONT)
        await world.recovered()
        return await world.finish(
            f"broker stopped (SIGSTOP) for {seconds:g} s", 1, f"unready: {told}"
        )


async def unready(worker: WorkerProcess, seconds: float) -> str:
    """Wait for some seconds; return what the worker's readiness told meanwhile."""
    begun, told = time.monotonic(), set[str]()
    while time.monotonic() - begun < seconds:
        told |= set(worker.probe("/readyz") or ())
        await asyncio.sleep(0.5)
    assert any(fault.startswith("broker: ") for fault in told), told
    return ", ".join(sorted(told))


async def stopped_without_broker(bench: Bench, times: int) -> Row:
    """Tell the worker to stop while the broker is away: exit code 0 in time, nothing lost."""
    slowest = 0.0
    async with World(bench) as world:
        worker = world.worker(grace_period=8.0)
        await world.start(worker)
        for _ in range(times):
            bench.signal(signal.SIGSTOP)
            try:
                await asyncio.sleep(DRAW.uniform(0.5, 2))
                slowest = max(slowest, await stopped(world, worker))
            finally:
                bench.signal(signal.SIGCONT)
            await world.start(worker)
        return await world.finish(
            "SIGTERM while the broker is stopped",
            times,
            f"exit code 0 each time, within {slowest:.1f} s of a grace period of 8 s",
        )


async def connection_cut(bench: Bench, times: int) -> Row:
    """Reset every connection between worker and broker, and let none in for a while."""
    async with Proxy(bench.proxied, bench.door) as proxy, World(bench) as world:
        await world.start(world.worker(kafka_bootstrap_servers=f"127.0.0.1:{bench.proxied}"))
        for _ in range(times):
            await asyncio.sleep(DRAW.uniform(0.5, 2))
            proxy.refusing = True
            proxy.cut()
            await asyncio.sleep(DRAW.uniform(0, 3))
            proxy.refusing = False
            await world.recovered()
        return await world.finish("connections cut by a proxy", times)


async def connection_slow(bench: Bench, seconds: float) -> Row:
    """Delay each packet between worker and broker."""
    async with Proxy(bench.proxied, bench.door) as proxy, World(bench) as world:
        await world.start(world.worker(kafka_bootstrap_servers=f"127.0.0.1:{bench.proxied}"))
        proxy.delay = 0.3
        await asyncio.sleep(seconds)
        await world.recovered()
        proxy.delay = 0.0
        return await world.finish("packets late by 0.3 s each way", 1, f"for {seconds:g} s")


def libfaketime() -> Path | None:
    """Return the library that gives a process another clock, where the machine has it."""
    found = Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")
    return next(found, None)


async def clock_jumps(bench: Bench, hours: list[int]) -> Row:
    """Let the worker's clock jump ahead and back; it measures with the one that never jumps."""
    library = libfaketime()
    assert library is not None
    told = bench.directory / "clock"
    told.write_text("+0\n")
    clock = {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(told),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    async with World(bench) as world:
        worker = world.worker(environment=clock)
        await world.start(worker)
        for jump in hours:
            told.write_text(f"{jump:+d}h\n")
            await asyncio.sleep(2)
            await world.recovered()
            assert worker.probe("/livez") == [], "a jump of the clock is no stall"
        return await world.finish(
            "the worker's clock jumps", len(hours), f"to {', '.join(f'{h:+d}' for h in hours)} h"
        )


def can_mount() -> bool:
    """Tell whether we may mount a small file system."""
    return os.geteuid() == 0


@contextlib.contextmanager
def small_disk(directory: Path) -> Iterator[Path]:
    """Mount a file system of `SMALL_DISK` bytes in memory."""
    directory.mkdir()
    size = f"size={SMALL_DISK}"
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(directory)],  # noqa: S607 - the system's
        check=True,
    )
    try:
        yield directory
    finally:
        subprocess.run(["umount", "-l", str(directory)], check=True)  # noqa: S607 - the same


async def disk_full(bench: Bench, times: int) -> Row:
    """Fill the broker's disk: it gives errors and ends; with room again all goes on."""
    with small_disk(bench.directory / "disk") as disk, Bench(disk) as full:
        # Its worlds keep their logs on the large disk.
        full.directory = bench.directory
        async with World(full) as world:
            await world.start(world.worker())
            ended = 0
            try:
                for _ in range(times):
                    ended += await fill(disk, full, seconds=20)
                    ended += await restarting(full, world.recovered())
                return await world.finish(FULL, times, ENDED.format(ended))
            except TimeoutError:
                log = (disk / "broker" / "broker.log").read_text(errors="replace")
                note = (
                    f"{ENDED.format(ended)}; no commit within {RECOVERY_SECONDS:g} s of that, and"
                    f" the broker says: {complaint(log)}"
                )
                return await world.judged(FULL, times, note)


def complaint(log: str) -> str:
    """Return the last error in a broker's log, with the exception below it, on one line."""
    found = [match.group(1) for match in COMPLAINT.finditer(log)]
    return found[-1].strip().replace("\n", " ").replace("|", "/") if found else "nothing"


async def fill(disk: Path, bench: Bench, seconds: float) -> bool:
    """Leave no byte on the disk for some seconds; tell whether the broker ended itself."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(bytes(65536)):
            pass  # until there is no space left on the device
    begun = time.monotonic()
    while time.monotonic() - begun < seconds and alive(bench):  # noqa: ASYNC110 - a process
        await asyncio.sleep(0.2)
    ended = not alive(bench)
    filler.unlink()
    if ended:
        await asyncio.to_thread(bench.broker.start)
    return ended


async def restarting(bench: Bench, recovery: Awaitable[float]) -> int:
    """Wait for a recovery; start the broker when it ends, as its supervisor would; say how often.

    A broker that could not write may end long after there is room again.
    """
    waiting, ended = asyncio.ensure_future(recovery), 0
    while not waiting.done():
        if not alive(bench):
            ended += 1
            await asyncio.to_thread(bench.broker.start)
        await asyncio.wait([waiting], timeout=0.2)
    await waiting
    return ended


def alive(bench: Bench) -> bool:
    """Tell whether the broker's process runs."""
    process = bench.broker.process
    return process is not None and process.running
