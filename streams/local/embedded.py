"""The stand-in for where Java is missing: the Kafka side of noida-db, from a PyPI wheel.

Offsets, groups and transactions are right; a killed member is never evicted, and the last seconds
of data are lost when the broker itself is killed. Good for a look, not for a proof.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from streams.local.process import BrokerError, ServerProcess, free_port

START_SECONDS = 20


class EmbeddedBroker:
    """noida-db with only Kafka switched on."""

    kind = "embedded broker (noida-db)"

    def __init__(self, data: Path, *, port: int | None = None) -> None:
        self._data = data
        self._port = port or free_port()
        self._process: ServerProcess | None = None

    @property
    def bootstrap_servers(self) -> str:
        """Where clients start from."""
        return f"127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start, and return when it answers.

        Raises
        ------
        BrokerError
            The package is missing or the process does not start.
        """
        program = shutil.which("noida-db") or shutil.which(
            "noida-db", path=str(Path(sys.executable).parent)
        )
        if program is None:
            raise BrokerError("noida-db is not installed; pip install escalation-signals[local]")
        self._data.mkdir(parents=True, exist_ok=True)
        command = [program, "start", "--only", "kafka", "--kafka-port", str(self._port)]
        self._process = ServerProcess(
            [*command, "--data-dir", str(self._data / "data")], self._data / "broker.log"
        )
        self._process.start(self._port, START_SECONDS)

    def stop(self) -> None:
        """Stop in good order."""
        if self._process is not None:
            self._process.stop()
