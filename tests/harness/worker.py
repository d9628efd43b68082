"""A worker as a real process, as an operator would start it, and wait-until with a limit."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from streams.local.process import free_port
from streams.settings import variable_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from streams.settings import Settings


def wait_until(what: str, condition: Callable[[], bool], seconds: float = 30.0) -> None:
    """Return as soon as the condition holds; fail the test, naming it, when it never does."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:.0f} seconds: {what}")
        time.sleep(0.05)


def environment(settings: Settings) -> dict[str, str]:
    """Return the variables that give a process these settings."""
    told = {
        variable_of(field): _revealed(getattr(settings, field))
        for field in settings.model_fields_set
        if getattr(settings, field) is not None
    }
    return {**os.environ, **told}


def _revealed(value: object) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


class WorkerProcess:
    """`escalation worker`, its log in a file, with the model of the repository.

    With the name of a model of `harness.word_worker`, the same worker with that one.
    """

    def __init__(
        self,
        settings: Settings,
        log: Path,
        stage: str = "all",
        model: str | None = None,
        more: Mapping[str, str] | None = None,
    ) -> None:
        self._port = free_port()
        self._environment = environment(settings) | {variable_of("http_port"): str(self._port)}
        self._command = [sys.executable, "-m", "streams.cli", "worker", "--stage", stage]
        if model is not None:
            self._command = [sys.executable, "-m", "harness.word_worker", stage, model]
            self._environment["PYTHONPATH"] = str(Path(__file__).parents[1])
        self._environment |= more or {}
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and return when the worker is ready."""
        self.launch()
        wait_until("the worker is ready", self._ready, 180)

    def launch(self) -> None:
        """Start, and return at once."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, env=self._environment, stderr=log, stdout=log
            )

    @property
    def address(self) -> str:
        """Where it answers, `host:port`."""
        return f"127.0.0.1:{self._port}"

    def url(self, path: str) -> str:
        """Return the address of a path on the worker's HTTP port."""
        return f"http://{self.address}{path}"

    def get(self, path: str) -> str:
        """Return the answer of the worker's HTTP port."""
        with urllib.request.urlopen(self.url(path), timeout=5) as answer:  # noqa: S310 - ours, http
            text: str = answer.read().decode()
        return text

    def kill(self) -> None:
        """End the worker as a crash would."""
        self._running().kill()
        self._running().wait()

    def probe(self, path: str) -> list[str] | None:
        """Return the faults that a probe tells, or None when the port does not answer."""
        try:
            answer = self.get(path)
        except urllib.error.HTTPError as error:
            with error:
                answer = error.read().decode()
        except OSError:
            return None
        faults: list[str] = json.loads(answer)["faults"]
        return faults

    def wait(self, seconds: float) -> int:
        """Return the exit code of a worker that ends by itself."""
        return self._running().wait(seconds)

    @property
    def running(self) -> bool:
        """Whether the process has not ended."""
        return self._running().poll() is None

    @property
    def pid(self) -> int:
        """Process id."""
        return self._running().pid

    def terminate(self) -> int:
        """End the worker as the cluster would; return its exit code."""
        self._running().send_signal(signal.SIGTERM)
        return self._running().wait(60)

    def stop(self) -> None:
        """End the worker whatever state it is in."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    @property
    def log(self) -> str:
        """What the worker has logged."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def _ready(self) -> bool:
        if self._running().poll() is not None:
            raise AssertionError(f"the worker ended at once:\n{self.log[-3000:]}")
        with contextlib.suppress(OSError):
            return '"ok": true' in self.get("/readyz")
        return False

    def _running(self) -> subprocess.Popen[bytes]:
        assert self._process is not None
        return self._process
