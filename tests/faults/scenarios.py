"""The faults of the worker's own making: killed, stopped, moved, a model that fails."""

from __future__ import annotations

import asyncio
import random
import time
from typing import TYPE_CHECKING

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.records_to_delete import RecordsToDelete
from faults.oracle import read
from faults.world import RECOVERY_SECONDS, World

from streams.client import aiokafka_options
from streams.ledger import Ledger

if TYPE_CHECKING:
    from faults.world import Bench, Row
    from harness.worker import WorkerProcess

    from streams.settings import Settings

DRAW = random.Random(42)


async def kill_9(bench: Bench, times: int) -> Row:
    """Kill the worker at random and start it again."""
    async with World(bench) as world:
        worker = world.worker()
        await world.start(worker)
        for _ in range(times):
            await asyncio.sleep(DRAW.uniform(0.2, 2.5))
            worker.kill()
            await world.start(worker)
        return await world.finish("`kill -9` of the worker", times)


async def sigterm(bench: Bench, times: int) -> Row:
    """Tell the worker to stop at random: exit code 0 in time, no signal twice."""
    slowest = 0.0
    async with World(bench) as world:
        worker = world.worker()
        await world.start(worker)
        for _ in range(times):
            await asyncio.sleep(DRAW.uniform(0.2, 2.5))
            slowest = max(slowest, await stopped(world, worker))
            await world.start(worker)
        row = await world.finish(
            "SIGTERM of the worker", times, f"exit code 0 each time, within {slowest:.1f} s"
        )
    assert row.verdict.repeated_signals == 0, "a batch was not finished before the end"
    return row


async def stopped(world: World, worker: WorkerProcess) -> float:
    """Stop a worker in order; return how many seconds it took."""
    begun = time.monotonic()
    code = await asyncio.to_thread(worker.terminate)
    took = time.monotonic() - begun
    assert code == 0, f"exit code {code}: {worker.log[-2000:]}"
    assert took < world.settings.grace_period + 2, f"it took {took:.1f} seconds to stop"
    return took


async def launched(worker: WorkerProcess) -> None:
    """Start a worker and wait until its port answers, so that it hears signals."""
    worker.launch()
    async with asyncio.timeout(RECOVERY_SECONDS):
        while worker.probe("/livez") is None:  # noqa: ASYNC110 - a process sends no event of ours
            await asyncio.sleep(0.1)


async def rebalance_storm(bench: Bench, visits: int) -> Row:
    """Let workers join and leave every five seconds."""
    async with World(bench) as world:
        await world.start(world.worker())
        visitors = [world.worker(), world.worker()]
        for number in range(visits):
            visitor = visitors[number % 2]
            await launched(visitor)
            await asyncio.sleep(5)
            # The one before leaves while this one is still new.
            other = visitors[(number + 1) % 2]
            if number:
                await stopped(world, other)
        await stopped(world, visitors[(visits - 1) % 2])
        await world.recovered()
        return await world.finish("workers join and leave every 5 s", visits)


async def bug_in_500(bench: Bench, seconds: int) -> Row:
    """Raise for one item in 500: exactly those are dead letters of `score`."""
    async with World(bench) as world:
        await world.start(world.worker())
        await asyncio.sleep(seconds)
        row = await world.finish("the model raises for 1 item in 500", seconds, "")
    # The oracle knows which ones; that they are one in 500 depends on where the load ended.
    assert row.verdict.wrong == 0
    assert abs(row.verdict.dead.get("score", 0) - row.verdict.sent / 500) <= 2, row.verdict
    return row


async def broken_model(bench: Bench, restarts: int) -> Row:
    """Raise for every item: the worker stops, and its restarts drain nothing more."""
    async with World(bench) as world:
        # In small batches it takes some before the limit is met, so that restarts could add more.
        broken = world.worker("broken", batch_records=20)
        for _ in range(restarts):
            broken.launch()
            code = await asyncio.to_thread(broken.wait, RECOVERY_SECONDS)
            assert code == 1, f"exit code {code}"
        assert "dead letters, the last for: score, ZeroDivisionError" in broken.log
        drained = [
            letter async for letter in read(world.settings, world.settings.dead_letters_topic)
        ]
        limit = world.settings.dead_letter_minimum
        assert 0 < len(drained) <= limit, f"{len(drained)} dead letters; the limit is {limit}"
        await world.start(world.worker())
        note = f"{len(drained)} dead letters before it stopped for good; the limit is {limit}"
        return await world.finish("the model always raises, worker restarted", restarts, note)


async def stuck_model(bench: Bench, times: int) -> Row:
    """Block for ever: liveness fails, and the process ends with the stacks in its log."""
    slowest = 0.0
    async with World(bench) as world:
        for _ in range(times):
            stuck = world.worker("stuck", stall_timeout=5.0)
            begun = time.monotonic()
            await asyncio.to_thread(stuck.start)
            while not stuck.probe("/livez"):
                assert time.monotonic() - begun < 60, "liveness does not fail"
                await asyncio.sleep(0.1)
            code = await asyncio.to_thread(stuck.wait, 30)
            slowest = max(slowest, time.monotonic() - begun)
            assert code == 1
            assert "stage score is stalled" in stuck.log
            assert "in assess" in stuck.log, "the stacks are in the log"
        await world.start(world.worker())
        note = f"stall timeout 5 s; exit code 1 after at most {slowest:.1f} s from the start"
        return await world.finish("the model blocks for ever", times, note)


async def slow_model(bench: Bench, seconds: int) -> Row:
    """Score slower than the session timeout: heartbeats go on, nothing moves."""
    async with World(bench) as world:
        slow = world.worker("slow", batch_records=2000)
        await world.start(slow)
        await asyncio.sleep(seconds)
        moves = slow.log.count("partitions_assigned")
        assert moves == 1, f"partitions were assigned {moves} times"
        note = f"7 s a batch, session timeout {world.settings.session_timeout:.0f} s: no rebalance"
        await stopped(world, slow)
        await world.start(world.worker())
        return await world.finish("slow scoring", seconds, note)


async def out_of_range(bench: Bench, times: int) -> Row:
    """Let records expire while the worker is away: loud, and on from the earliest."""
    async with World(bench) as world:
        worker = world.worker()
        await world.start(worker)
        for number in range(times):
            await stopped(world, worker)
            await asyncio.sleep(1)
            await expire(world.settings)
            await world.start(worker)
            assert worker.log.count("offset_out_of_range") > number
        assert "escalation_offset_out_of_range_total{" in await asyncio.to_thread(
            worker.get, "/metrics"
        )
        return await world.finish(
            "committed offset expired", times, "of what has not expired; policy earliest"
        )


async def expire(settings: Settings) -> None:
    """Delete every record that is on the items topic now, as retention would."""
    async with Ledger(settings) as ledger:
        ends = ledger.opened_at(settings.items_topic)
    admin = AIOKafkaAdminClient(**aiokafka_options(settings))
    await admin.start()
    try:
        await admin.delete_records(
            {TopicPartition(*tp): RecordsToDelete(before_offset=end) for tp, end in ends.items()}
        )
    finally:
        await admin.close()
