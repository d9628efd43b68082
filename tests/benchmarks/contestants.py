"""Who is compared, and how each is started: a process of its own."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from harness.circumstances import ROOT
from harness.worker import environment

from benchmarks.peers.job import Job
from streams.local.process import free_port
from streams.settings import variable_of

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.world import World
    from streams.settings import Settings

STOP_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Contestant:
    """One row of the tables.

    Attributes
    ----------
    name, title
        In files and options, and as people read it.
    kind
        ``ours``, or how a peer scores: in batches or message by message.
    module
        What runs.
    judge, threads
        Of ours: which judge, and how many threads its encoder has.
    needs
        Package without which it cannot run; None where ours suffices.
    """

    name: str
    title: str
    kind: str
    module: str
    judge: str | None = None
    threads: int = 1
    needs: str | None = None

    def command(self) -> list[str]:
        """Return the command of its process."""
        if self.kind != "ours":
            return [sys.executable, "-m", self.module]
        if self.threads > 1:
            return [sys.executable, "-m", "benchmarks.threads", str(self.threads)]
        return [sys.executable, "-m", self.module, "worker", "--stage", "score"]

    @property
    def missing(self) -> str | None:
        """Package that is not installed here and that it needs, or None."""
        if self.needs is None or importlib.util.find_spec(self.needs) is not None:
            return None
        return self.needs


LINEAR = Contestant("linear", "**ours, linear judge**", "ours", "streams.cli", judge="linear")
ENCODER = Contestant("encoder", "**ours, default judge (encoder)**", "ours", "streams.cli")
ENCODER_2 = Contestant(
    "encoder-2", "ours, default judge, two threads", "ours", "streams.cli", threads=2
)
CONFLUENT = Contestant(
    "confluent",
    "confluent-kafka loop, batches",
    "batch",
    "benchmarks.peers.confluent_batch",
    needs="confluent_kafka",
)
AIOKAFKA = Contestant(
    "aiokafka", "aiokafka loop, batches", "batch", "benchmarks.peers.aiokafka_batch", needs="orjson"
)
TAKE = Contestant(
    "faust-take", "Faust agent, `take`", "batch", "benchmarks.peers.faust_take", needs="orjson"
)
EVENT = Contestant(
    "faust", "Faust agent, per event", "message", "benchmarks.peers.faust_event", needs="orjson"
)
QUIX = Contestant(
    "quix", "Quix Streams, per message", "message", "benchmarks.peers.quix", needs="quixstreams"
)
ALL = (LINEAR, ENCODER, CONFLUENT, AIOKAFKA, TAKE, EVENT, QUIX)


class Running:
    """One or more processes of a contestant while it is entered; they share a consumer group."""

    def __init__(
        self, contestant: Contestant, settings: Settings, world: World, processes: int = 1
    ) -> None:
        self._command = contestant.command()
        self._told = _told(contestant, settings, world)
        self._log = settings.data_dir / "log"
        self._count = processes
        self._processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        with self._log.open("ab") as log:
            for _ in range(self._count):
                port = {variable_of("http_port"): str(free_port())}
                self._processes.append(
                    subprocess.Popen(self._command, env=self._told | port, stdout=log, stderr=log)
                )
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    @property
    def pids(self) -> list[int]:
        """Process ids."""
        return [process.pid for process in self._processes]

    def check(self) -> None:
        """Fail with the end of the log when a process has ended."""
        if any(process.poll() is not None for process in self._processes):
            raise RuntimeError(f"it ended by itself:\n{_tail(self._log)}")


def python_path() -> dict[str, str]:
    """Return what lets a child process import the project and its tests."""
    return {"PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests")))}


def _told(contestant: Contestant, settings: Settings, world: World) -> dict[str, str]:
    if contestant.kind == "ours":
        judge = {} if contestant.judge is None else {variable_of("judge"): contestant.judge}
        return environment(settings) | python_path() | judge
    job = Job(
        servers=settings.kafka_bootstrap_servers,
        group=settings.score_group,
        items=settings.items_topic,
        alerts=settings.signals_topic,
        directory=str(settings.data_dir),
        model=str(world.plain()),
    )
    return {**os.environ, **python_path(), **job.environment()}


def _tail(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")[-2000:]
