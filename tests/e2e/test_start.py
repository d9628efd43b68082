"""A worker that starts before its broker or its topics are there, or on a port that is taken."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING

import pytest
from harness.worker import WorkerProcess, wait_until

from streams.local.process import free_port
from streams.settings import load_settings
from streams.topics import create_topics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from streams.settings import Settings

pytestmark = pytest.mark.kafka


@pytest.fixture
def launch(tmp_path: Path) -> Iterator[Callable[[Settings], WorkerProcess]]:
    """Return a function that starts a worker of the score stage and waits for nothing."""
    started: list[WorkerProcess] = []

    def start(settings: Settings) -> WorkerProcess:
        worker = WorkerProcess(settings, tmp_path / "worker.log", "score", "word")
        started.append(worker)
        worker.launch()
        return worker

    yield start
    for worker in started:
        worker.stop()


def test_without_a_broker_a_worker_is_live_and_says_what_it_waits_for_and_stops_when_told(
    launch: Callable[[Settings], WorkerProcess], tmp_path: Path
) -> None:
    nowhere = f"127.0.0.1:{free_port()}"
    worker = launch(load_settings(kafka_bootstrap_servers=nowhere, data_dir=tmp_path))
    wanted = f"no broker answers at {nowhere}"
    wait_until("it says why", lambda: wanted in (worker.probe("/readyz") or []), 120)

    assert worker.probe("/livez") == []
    assert worker.terminate() == 0


def test_missing_topics_are_named_and_waited_for(
    launch: Callable[[Settings], WorkerProcess], settings: Settings
) -> None:
    missing = settings.model_copy(
        update={"items_topic": f"{settings.group}.late", "data_dir": settings.data_dir}
    )
    worker = launch(missing)
    wanted = f"topics are missing: {missing.items_topic}; `escalation topics create` makes them"
    wait_until("it names the topic", lambda: wanted in (worker.probe("/readyz") or []), 120)

    asyncio.run(create_topics(missing))

    wait_until("it is ready", lambda: worker.probe("/readyz") == [], 120)
    assert worker.terminate() == 0


def test_a_taken_port_ends_the_worker_with_the_name_of_the_setting(
    launch: Callable[[Settings], WorkerProcess], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setattr("harness.worker.free_port", lambda: taken.getsockname()[1])

        worker = launch(settings)

        assert worker.wait(120) == 1
    assert "ESCALATION_HTTP_PORT: cannot listen on" in worker.log
