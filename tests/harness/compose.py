"""The compose file's services as processes of this machine, where no container can run.

Environment, command and mounted configuration are read out of the file. What is put in another
place is where they listen (a port of loopback for each name and port), and where their files are.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from harness.tools import needs
from streams.local.apache import ApacheKafka
from streams.local.process import free_port
from streams.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

COMPOSE = Path(__file__).parents[2] / "deploy" / "compose"
PORTS = {
    ("kafka", 9092),
    ("kafka", 9093),
    ("score", 8473),
    ("incidents", 8473),
    ("page", 8473),
    ("prometheus", 9090),
    ("alertmanager", 9093),
}


class Compose:
    """The services of a compose file, each a process.

    Parameters
    ----------
    directory
        For data and logs.
    """

    def __init__(self, directory: Path) -> None:
        content = yaml.safe_load((COMPOSE / "compose.yaml").read_text(encoding="utf-8"))
        self.services: dict[str, dict[str, Any]] = content["services"]
        self._directory = directory
        self._ports = {place: free_port() for place in sorted(PORTS)}

    def address(self, service: str, port: int) -> str:
        """Return where a service's port is here."""
        return f"127.0.0.1:{self._ports[service, port]}"

    def here(self, text: str) -> str:
        """Return a text with every ``service:port`` as it is here.

        Raises
        ------
        KeyError
            It names a port that no service of the file has.
        """
        names = "|".join(sorted({name for name, _ in PORTS}))
        return re.sub(
            rf"\b({names}):(\d+)\b", lambda found: self.address(found[1], int(found[2])), text
        )

    def worker_environment(self, service: str) -> dict[str, str]:
        """Return what a service of our image is told, with nothing of this shell's settings."""
        given = self.services[service]["environment"]
        ours = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("ESCALATION_", "KAFKA_"))
        }
        return {
            **ours,
            **{name: self.here(value) for name, value in given.items()},
            "ESCALATION_DATA_DIR": str(self._directory / service),
            "ESCALATION_HTTP_PORT": str(self._ports.get((service, 8473), 0)),
        }

    def command(self, service: str) -> list[str]:
        """Return the command of a service of our image: its entry point is `escalation`."""
        return [sys.executable, "-m", "streams.cli", *self.services[service]["command"]]

    @contextlib.contextmanager
    def kafka(self) -> Iterator[None]:
        """Run the broker with the file's environment and nothing else."""
        given: dict[str, str] = self.services["kafka"]["environment"]
        properties = {
            # As the image of Apache Kafka reads its variables.
            name.removeprefix("KAFKA_").lower().replace("_", "."): self._listening(value)
            for name, value in given.items()
        }
        properties["log.dirs"] = str(self._directory / "kafka" / "log")
        broker = _Only(self._directory / "kafka", self._ports["kafka", 9092], properties)
        broker.start()
        try:
            yield
        finally:
            broker.stop()

    @contextlib.contextmanager
    def worker(self, service: str) -> Iterator[None]:
        """Run a stage, and hold that it ends in order."""
        command, env = self.command(service), self.worker_environment(service)
        with (self._directory / f"{service}.log").open("wb") as log:
            process = subprocess.Popen(command, env=env, stdout=log, stderr=log)
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            code = process.wait(60)
        assert code == 0, self.log(service)

    @contextlib.contextmanager
    def prometheus(self) -> Iterator[None]:
        """Run Prometheus with the file that the service mounts."""
        rules = COMPOSE.parent / "prometheus" / "escalation.rules.yaml"
        text = self.here(self._mounted("prometheus", "/etc/prometheus/prometheus.yml"))
        assert "/etc/prometheus/escalation.rules.yaml" in text
        # The interval, so that a test need not wait for it.
        text = text.replace("/etc/prometheus/escalation.rules.yaml", str(rules))
        config = self._write("prometheus.yaml", text.replace("15s", "1s"))
        with self._program(
            "prometheus",
            f"--config.file={config}",
            f"--storage.tsdb.path={self._directory / 'tsdb'}",
            f"--web.listen-address={self.address('prometheus', 9090)}",
        ):
            yield

    @contextlib.contextmanager
    def alertmanager(self) -> Iterator[None]:
        """Run Alertmanager with the file that the service mounts."""
        text = self._mounted("alertmanager", "/etc/alertmanager/alertmanager.yml")
        with self._program(
            "prometheus-alertmanager",
            f"--config.file={self._write('alertmanager.yaml', text)}",
            f"--storage.path={self._directory / 'alertmanager'}",
            f"--web.listen-address={self.address('alertmanager', 9093)}",
            "--cluster.listen-address=",
        ):
            yield

    def log(self, service: str) -> str:
        """Return the end of what a service has said."""
        return (self._directory / f"{service}.log").read_text(errors="replace")[-3000:]

    def _listening(self, value: str) -> str:
        listeners = re.sub(r"//:(\d+)", r"//kafka:\1", value)
        return self.here(listeners)

    def _mounted(self, service: str, target: str) -> str:
        [source] = [
            volume.split(":")[0]
            for volume in self.services[service]["volumes"]
            if volume.split(":")[1] == target
        ]
        file: Path = COMPOSE / source
        return file.read_text(encoding="utf-8")

    def _write(self, name: str, text: str) -> Path:
        path = self._directory / name
        path.write_text(text, encoding="utf-8")
        return path

    @contextlib.contextmanager
    def _program(self, name: str, *options: str) -> Iterator[None]:
        with (self._directory / f"{name}.log").open("wb") as log:
            process = subprocess.Popen([needs(name), *options], stdout=log, stderr=log)
        try:
            yield
        finally:
            process.terminate()
            process.wait(30)


class _Only(ApacheKafka):
    """A broker with these properties and none of those that our own local one has."""

    def __init__(self, data: Path, port: int, properties: dict[str, str]) -> None:
        super().__init__(data, load_settings().cache / "kafka", lambda _: None, port=port)
        self._only = properties

    def _server_properties(self) -> str:
        return "".join(f"{name}={value}\n" for name, value in self._only.items())


def answer(address: str, path: str) -> Any:
    """Return the JSON that an address answers with, or None while it does not answer."""
    url = f"http://{address}{path}"
    with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5) as found:
        return json.load(found)
    return None
