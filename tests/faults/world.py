"""One run with a fault: topics of its own, a load, workers, and what recovery took."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from faults.load import Load
from faults.oracle import Oracle, Verdict
from harness.worker import WorkerProcess

from streams.client import aiokafka_options
from streams.groups import committed_by
from streams.ledger import Ledger
from streams.local.apache import ApacheKafka
from streams.local.process import free_port
from streams.settings import Settings, load_settings
from streams.topics import create_topics

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

RATE = 220.0
"""Records a second: the requirement is 200."""
RECOVERY_SECONDS = 180.0
POLL_SECONDS = 0.1

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the results: a fault, how often, and what came of it.

    ``recovery`` is the longest time in seconds from the end of a fault (the worker was started
    again, the broker answers again, the network is whole) to the next commit.
    """

    fault: str
    times: int
    seconds: float
    verdict: Verdict
    recovery: float
    notes: str = ""


class Bench:
    """A broker for all runs, with a second door for those whose network suffers."""

    def __init__(self, directory: Path, say: Callable[[str], None] = print) -> None:
        self.directory = directory
        self.direct, self.door, self.proxied = free_port(), free_port(), free_port()
        self.broker = ApacheKafka(
            directory / "broker", load_settings().cache / "kafka", say, port=self.direct
        )
        controller = self.broker._controller_port
        self.broker._properties |= {
            "listeners": f"PLAINTEXT://127.0.0.1:{self.direct},DOOR://127.0.0.1:{self.door},"
            f"CONTROLLER://127.0.0.1:{controller}",
            "advertised.listeners": f"PLAINTEXT://127.0.0.1:{self.direct},"
            f"DOOR://127.0.0.1:{self.proxied}",
            "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,"
            "DOOR:PLAINTEXT",
            "inter.broker.listener.name": "PLAINTEXT",
        }

    def __enter__(self) -> Self:
        if self.broker.process is None:
            self.broker.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.broker.stop()

    def signal(self, number: int) -> None:
        """Send a signal to the broker's process."""
        assert self.broker.process is not None
        os.killpg(self.broker.process.pid, number)


class World:
    """An async context in which a load runs and workers may come and go."""

    def __init__(
        self,
        bench: Bench,
        *,
        rate: float = RATE,
        load: Callable[[Settings, float], Load] = Load,
        oracle: Oracle | None = None,
        **changes: Any,
    ) -> None:
        name = f"f{os.getpid()}-{next(_numbers)}"
        self.directory = bench.directory / name
        self.directory.mkdir()
        self.settings = load_settings(
            kafka_bootstrap_servers=f"127.0.0.1:{bench.direct}",
            **{
                field: f"{name}.{getattr(load_settings(), field)}"
                for field in Settings.model_fields
                if field.endswith("_topic")
            },
            group=name,
            data_dir=self.directory,
            session_timeout=6.0,  # the shortest that a broker allows
            **changes,
        )
        self._load = load(self.settings, rate)
        self._oracle = oracle or Oracle()
        self._workers: list[WorkerProcess] = []
        self._admin: AIOKafkaAdminClient | None = None
        self._begun = time.monotonic()
        self.recovery = 0.0

    async def __aenter__(self) -> Self:
        await create_topics(self.settings)
        self._begun = time.monotonic()
        self._load.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.stop()
        await self._load.stop()
        await self._forget()

    def worker(
        self,
        model: str | None = "word",
        stage: str = "score",
        environment: Mapping[str, str] | None = None,
        **changes: Any,
    ) -> WorkerProcess:
        """Return a worker that is not started yet; it is ended with this world."""
        # Validated anew, and known as set, so that the process is told them.
        told = {name: getattr(self.settings, name) for name in self.settings.model_fields_set}
        settings = load_settings(**(told | changes))
        log = self.directory / f"worker-{len(self._workers)}.log"
        worker = WorkerProcess(settings, log, stage, model, environment)
        self._workers.append(worker)
        return worker

    async def start(self, worker: WorkerProcess) -> None:
        """Start a worker and wait for its first commit; note how long that took."""
        worker.launch()
        await self.recovered()

    async def recovered(self) -> float:
        """Wait for the next commit, note and return how many seconds from now it took."""
        begun = time.monotonic()
        async with asyncio.timeout(RECOVERY_SECONDS):
            before = await self.committed()
            while await self.committed() <= before:  # noqa: ASYNC110 - the state is the broker's
                await asyncio.sleep(POLL_SECONDS)
        took = time.monotonic() - begun
        self.recovery = max(self.recovery, took)
        return took

    async def committed(self) -> int:
        """Return the sum of the score group's offsets, as soon as the broker tells it."""
        while True:
            try:
                if self._admin is None:
                    self._admin = AIOKafkaAdminClient(**aiokafka_options(self.settings))
                    await self._admin.start()
                found = await committed_by(self._admin, self.settings.score_group)
            except (KafkaError, OSError):
                await self._forget()
                await asyncio.sleep(POLL_SECONDS)
            else:
                return sum(meta.offset for meta in found.values())

    async def behind(self) -> int:
        """Return the records that the score group has not committed."""
        async with Ledger(self.settings) as ledger:
            return await ledger.behind(self.settings.score_group, self.settings.items_topic)

    @property
    def sent(self) -> int:
        """Records that were sent and acknowledged."""
        return self._load.sent

    async def stop_load(self) -> None:
        """Send no more."""
        await self._load.stop()

    async def finish(self, fault: str, times: int, notes: str = "") -> Row:
        """Stop the load, wait until all is committed, judge."""
        await self._load.stop()
        async with asyncio.timeout(RECOVERY_SECONDS):
            while await self.behind():  # noqa: ASYNC110 - the same
                await asyncio.sleep(POLL_SECONDS)
        return await self.judged(fault, times, notes)

    async def judged(self, fault: str, times: int, notes: str = "") -> Row:
        """Stop the load and judge what came of it by now: what is not processed is lost."""
        await self._load.stop()
        seconds = time.monotonic() - self._begun
        verdict = await self._oracle.judge(self.settings)
        return Row(fault, times, seconds, verdict, self.recovery, notes)

    async def _forget(self) -> None:
        if self._admin is not None:
            admin, self._admin = self._admin, None
            with contextlib.suppress(KafkaError, OSError):
                await admin.close()
