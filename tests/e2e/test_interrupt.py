"""Ctrl-C ends `escalation run` and everything that it started."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from harness.worker import wait_until

if TYPE_CHECKING:
    from classifier import EscalationModel

pytestmark = pytest.mark.kafka


def _started_under(marker: str) -> list[str]:
    """Return the command lines of running processes that have ``marker`` in their environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if marker.encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_bytes().decode().replace("\0", " "))
    return found


@pytest.mark.parametrize("broker_kind", ["Apache Kafka", "embedded broker"])
def test_ctrl_c_stops_the_feed_the_worker_and_the_broker(
    broker_kind: str,
    model: EscalationModel,  # noqa: ARG001 - the run uses it
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    marker = f"ESCALATION_GROUP=interrupt-{uuid.uuid4().hex}"
    monkeypatch.setenv(*marker.split("="))
    monkeypatch.delenv("KAFKA_BOOTSTRAP_SERVERS", raising=False)
    if broker_kind == "embedded broker":
        monkeypatch.setenv("PATH", str(Path(sys.executable).parent))
    output = tmp_path / "out.txt"
    with output.open("wb") as out:
        run = subprocess.Popen(
            [sys.executable, "-m", "streams.cli", "run", "--rate", "20"], stdout=out, stderr=out
        )
    try:
        wait_until("an alert is printed", lambda: "HIGH" in output.read_text(), 90)
    finally:
        # Also when the test fails: what it started must not outlive it.
        run.send_signal(signal.SIGINT)
        code = run.wait(60)

    assert code == 0
    assert output.read_text().rstrip().endswith("stopped")
    wait_until(f"nothing is left: {_started_under(marker)}", lambda: not _started_under(marker), 15)
