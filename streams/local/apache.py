"""Apache Kafka itself: one KRaft node on the loopback address, fetched with Maven into a cache."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from streams.local.process import BrokerError, ServerProcess, free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

POM = Path(__file__).resolve().parents[2] / "deploy" / "kafka" / "pom.xml"
LOG4J = POM.with_name("log4j2.yaml")
JAVA_AT_LEAST = 17
START_SECONDS = 60
SMALL = ("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
"""Quick to start and modest: this is one node on somebody's own machine."""
FETCH_SECONDS = 600


class ApacheKafka:
    """A single node, replication factor 1, no delay before the first rebalance.

    Parameters
    ----------
    data
        Directory of the node's data and log; kept between starts.
    cache
        Where the class path is fetched to, once for each version of the pom.
    say
        Called with one line before a download.
    port
        Port for clients; a free one when None. The controller always takes a free one.
    properties
        Broker properties on top of ours.
    format_options
        More arguments for the storage tool, when the data is new.
    """

    kind = "Apache Kafka"

    def __init__(
        self,
        data: Path,
        cache: Path,
        say: Callable[[str], None],
        *,
        port: int | None = None,
        properties: Mapping[str, str] | None = None,
        format_options: Sequence[str] = (),
    ) -> None:
        self._data = data
        self._cache = cache
        self._say = say
        self._port = port or free_port()
        self._controller_port = free_port()
        self._properties = dict(properties or {})
        self._format_options = tuple(format_options)
        self.process: ServerProcess | None = None

    @property
    def bootstrap_servers(self) -> str:
        """Where clients start from."""
        return f"127.0.0.1:{self._port}"

    def start(self) -> None:
        """Fetch what is missing, format what is new, start, and return when it listens.

        Raises
        ------
        BrokerError
            Java or Maven is missing, the download fails, or the node does not start.
        """
        java = find_java()
        class_path = f"{fetch(self._cache, self._say)}/*"
        self._data.mkdir(parents=True, exist_ok=True)
        properties = self._data / "server.properties"
        properties.write_text(self._server_properties(), encoding="utf-8")
        jvm = [java, "-cp", class_path, f"-Dlog4j2.configurationFile={LOG4J}"]
        if not (self._data / "log" / "meta.properties").exists():
            storage = [*jvm, "kafka.tools.StorageTool", "format", "-c", str(properties)]
            _run([*storage, "-t", _cluster_id(), *self._format_options])
        self.process = ServerProcess(
            [*jvm, *SMALL, "kafka.Kafka", str(properties)],
            self._data / "broker.log",
        )
        self.process.start(self._port, START_SECONDS)

    def stop(self) -> None:
        """Stop in good order."""
        if self.process is not None:
            self.process.stop()

    def _server_properties(self) -> str:
        controller = f"127.0.0.1:{self._controller_port}"
        properties = {
            "process.roles": "broker,controller",
            "node.id": "1",
            "controller.quorum.voters": f"1@{controller}",
            "listeners": f"PLAINTEXT://{self.bootstrap_servers},CONTROLLER://{controller}",
            "advertised.listeners": f"PLAINTEXT://{self.bootstrap_servers}",
            "controller.listener.names": "CONTROLLER",
            "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
            "log.dirs": str(self._data / "log"),
            "offsets.topic.replication.factor": "1",
            "offsets.topic.num.partitions": "4",
            "transaction.state.log.replication.factor": "1",
            "transaction.state.log.min.isr": "1",
            "transaction.state.log.num.partitions": "4",
            "share.coordinator.state.topic.replication.factor": "1",
            "share.coordinator.state.topic.min.isr": "1",
            "group.initial.rebalance.delay.ms": "0",
            "auto.create.topics.enable": "false",
        } | self._properties
        return "".join(f"{name}={value}\n" for name, value in properties.items())


def find_java() -> str:
    """Return the Java program of the machine.

    Raises
    ------
    BrokerError
        There is none, or it is older than `JAVA_AT_LEAST`.
    """
    java = shutil.which("java")
    if java is None:
        raise BrokerError("there is no java on the PATH")
    version = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)
    found = re.search(r'version "(\d+)', version.stderr)
    if found is None or int(found.group(1)) < JAVA_AT_LEAST:
        raise BrokerError(f"java is older than {JAVA_AT_LEAST}")
    return java


def fetch(cache: Path, say: Callable[[str], None]) -> Path:
    """Return the directory of Apache Kafka's jars, fetching them when they are not there.

    Raises
    ------
    BrokerError
        Maven is missing, the pom is not there (no checkout), or the download fails.
    """
    if not POM.exists():
        raise BrokerError(f"there is no {POM.name}; the broker needs a checkout of the project")
    digest = hashlib.sha256(POM.read_bytes()).hexdigest()[:12]
    jars = cache / digest
    if jars.exists():
        return jars
    maven = shutil.which("mvn")
    if maven is None:
        raise BrokerError("there is no mvn on the PATH")
    say("fetching Apache Kafka with Maven, once (about 45 MB)")
    partial = cache / f"{digest}.{uuid.uuid4().hex[:8]}.partial"
    _run(
        [
            *(maven, "-B", "-q", "-f", str(POM), "dependency:copy-dependencies"),
            *(f"-DoutputDirectory={partial}", "-DincludeScope=runtime"),
        ]
    )
    try:
        partial.rename(jars)
    except OSError:
        # Another process was faster; its copy is as good as ours.
        shutil.rmtree(partial)
    return jars


def _run(command: list[str]) -> None:
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=FETCH_SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise BrokerError(f"{command[0]} took more than {FETCH_SECONDS} seconds") from error
    if done.returncode != 0:
        lines = (done.stderr or done.stdout).strip().splitlines()[-3:]
        raise BrokerError(f"{Path(command[0]).name} failed: {' / '.join(lines)}")


def _cluster_id() -> str:
    name = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
    # The storage tool takes a name that begins with a dash for an option; Kafka makes none either.
    return _cluster_id() if name.startswith("-") else name
