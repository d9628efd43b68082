"""`escalation worker --stage delivery` as an operator starts it."""

from __future__ import annotations

import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest
from harness.alerts import alert
from harness.delivery import targets_file
from harness.kafka import send
from harness.receiver import SECRET
from harness.worker import WorkerProcess, environment, wait_until

from streams.cloudevents import alert_message
from streams.delivery.webhooks.signature import delivery_id
from streams.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from streams.settings import Settings


class Taking(BaseHTTPRequestHandler):
    """Takes everything."""

    def do_POST(self) -> None:
        """Take it."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append(self.headers["webhook-id"])  # type: ignore[attr-defined]
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[HTTPServer]:
    with HTTPServer(("127.0.0.1", 0), Taking) as running:
        running.taken = []  # type: ignore[attr-defined]
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()


@pytest.fixture
def told(
    settings: Settings, tmp_path: Path, server: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """Return the settings of a worker that delivers to the server."""
    monkeypatch.setenv("DESK_SECRET", SECRET)
    url = f"http://127.0.0.1:{server.server_port}/"
    desk = {"name": "desk", "kind": "generic", "url": url, "secret_env": "DESK_SECRET"}
    changed = settings.model_copy(update={"webhooks_file": targets_file(tmp_path, desk)})
    changed.model_fields_set.add("webhooks_file")
    return changed


@pytest.mark.kafka
def test_a_worker_of_the_stage_delivers_tells_its_metrics_and_ends_in_order(
    settings: Settings, told: Settings, tmp_path: Path, server: HTTPServer
) -> None:
    send(settings, [alert_message(alert("i", n), settings.alerts_topic) for n in (1, 2, 3)])
    worker = WorkerProcess(told, tmp_path / "worker.log", "delivery")
    try:
        worker.start()
        taken: list[str] = server.taken  # type: ignore[attr-defined]
        wait_until("all are delivered", lambda: len(set(taken)) == 3, 60)
        counted = 'escalation_webhook_deliveries_total{result="delivered",target="desk"} 3.0'
        wait_until("all are counted", lambda: counted in worker.get("/metrics"), 30)
        lag = 'escalation_webhook_lag_records{partition="0",target="desk"} 0.0'
        wait_until("no lag is left", lambda: lag in worker.get("/metrics"), 30)
        assert 'escalation_webhook_circuit_state{target="desk"} 0.0' in worker.get("/metrics")
        assert worker.terminate() == 0
    finally:
        worker.stop()
    assert SECRET not in worker.log


@pytest.mark.kafka
def test_a_killed_worker_loses_no_delivery_and_repeats_only_what_was_under_way(
    settings: Settings, told: Settings, tmp_path: Path, server: HTTPServer
) -> None:
    sent = [alert(f"i{each}", n) for n in range(1, 51) for each in range(8)]
    send(settings, [alert_message(each, settings.alerts_topic) for each in sent])
    worker = WorkerProcess(told, tmp_path / "worker.log", "delivery")
    taken: list[str] = server.taken  # type: ignore[attr-defined]
    try:
        worker.start()
        wait_until("some are delivered", lambda: len(taken) >= 50, 60)
        worker.kill()
        before = len(taken)
        worker.start()
        wait_until("all are delivered", lambda: len(set(taken)) == len(sent), 90)
    finally:
        worker.stop()
    assert before < len(sent)
    assert set(taken) == {delivery_id("desk", each.id) for each in sent}
    assert len(taken) - len(sent) <= settings.partitions


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (None, "ESCALATION_WEBHOOKS_FILE is needed for the stage delivery"),
        ('{"targets": [{"name": "desk"}]}', "targets[0]: Object missing required field `kind`"),
    ],
)
def test_a_worker_without_targets_that_it_can_use_says_so_and_ends(
    tmp_path: Path, file: str | None, message: str
) -> None:
    settings = load_settings(data_dir=tmp_path)
    if file is not None:
        (tmp_path / "targets.json").write_text(file)
        settings = load_settings(data_dir=tmp_path, webhooks_file=tmp_path / "targets.json")

    done = subprocess.run(
        [sys.executable, "-m", "streams.cli", "worker", "--stage", "delivery"],
        env=environment(settings),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 1
    assert message in done.stderr.replace("\n", " ")
