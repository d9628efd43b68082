"""A child process that is a server: started, waited for, stopped; nothing is left behind."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

STOP_SECONDS = 15


class BrokerError(RuntimeError):
    """A broker cannot be fetched or started; the message says why."""


class ServerProcess:
    """One server process, its output in a log file.

    Parameters
    ----------
    command
        Program and arguments.
    log
        File for its output; the end of it is in the error when the process dies.
    """

    def __init__(self, command: Sequence[str], log: Path) -> None:
        self._command = list(command)
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Process id of the running server."""
        if self._process is None:
            raise BrokerError("the server is not running")
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether the server has been started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def start(self, port: int, seconds: float) -> None:
        """Start the process and return when ``port`` on the loopback address accepts.

        Raises
        ------
        BrokerError
            It ended, or the port stayed closed for ``seconds``.
        """
        with self._log.open("ab") as log:
            # A session of its own, so that Ctrl-C reaches us first and we stop it in order.
            self._process = subprocess.Popen(
                self._command, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise BrokerError(f"it ended at once: {self._tail()}")
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                return
            time.sleep(0.05)
        self.stop()
        raise BrokerError(f"it did not listen within {seconds:.0f} seconds: {self._tail()}")

    def stop(self) -> None:
        """End the process with SIGTERM, after `STOP_SECONDS` with SIGKILL."""
        if self._process is None or self._process.poll() is not None:
            return
        self._signal(signal.SIGTERM)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End the process with SIGKILL, as a crash would."""
        if self._process is not None:
            self._signal(signal.SIGKILL)
            self._process.wait()

    def _signal(self, number: signal.Signals) -> None:
        """Signal the whole group: a server's launcher need not pass a signal on."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def _tail(self) -> str:
        text = self._log.read_text(encoding="utf-8", errors="replace")
        return " / ".join(text.strip().splitlines()[-3:])


def free_port() -> int:
    """Return a TCP port on the loopback address that nothing listens on now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port
