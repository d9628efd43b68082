"""A real Prometheus that scrapes a worker, for the length of a test."""

from __future__ import annotations

import contextlib
import json
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from typing import TYPE_CHECKING, Any

from harness.tools import needs
from harness.worker import wait_until
from streams.local.process import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Prometheus:
    """Answers queries of what it has scraped."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self._opener = urllib.request.build_opener()

    def query(self, expression: str) -> list[dict[str, Any]]:
        """Return the series of an instant query.

        Raises
        ------
        AssertionError
            Prometheus does not take the expression; its reason is in the message.
        """
        asked = urllib.parse.urlencode({"query": expression})
        try:
            with self._opener.open(f"{self.address}/api/v1/query?{asked}", timeout=10) as answer:
                found: list[dict[str, Any]] = json.load(answer)["data"]["result"]
        except urllib.error.HTTPError as refused:
            with refused:
                raise AssertionError(f"{expression}: {refused.read().decode()}") from refused
        return found

    def answers(self) -> bool:
        """Tell whether it is up and has scraped at least once."""
        with contextlib.suppress(OSError):
            self._opener.open(f"{self.address}/-/ready", timeout=5).close()
            return bool(self.query("up == 1"))
        return False


@contextlib.contextmanager
def prometheus(targets: list[str], directory: Path) -> Iterator[Prometheus]:
    """Start Prometheus with these targets, scraped each second; stop it at the end."""
    program = needs("prometheus")
    config = directory / "prometheus.yaml"
    config.write_text(
        json.dumps(
            {
                "global": {"scrape_interval": "1s"},
                "scrape_configs": [
                    {"job_name": "escalation", "static_configs": [{"targets": targets}]}
                ],
            }
        )
    )
    port = free_port()
    with (directory / "prometheus.log").open("wb") as log:
        process = subprocess.Popen(
            [
                program,
                f"--config.file={config}",
                f"--storage.tsdb.path={directory / 'tsdb'}",
                f"--web.listen-address=127.0.0.1:{port}",
            ],
            stdout=log,
            stderr=log,
        )
        try:
            running = Prometheus(port)
            wait_until("Prometheus has scraped", running.answers, 60)
            yield running
        finally:
            process.terminate()
            process.wait(30)
