"""Choosing and starting a broker on this machine."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from streams.local import BrokerError, start_broker
from streams.local.apache import ApacheKafka
from streams.local.process import ServerProcess, free_port


def test_without_java_the_stand_in_is_started_and_one_line_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent))
    said: list[str] = []

    broker = start_broker(tmp_path, tmp_path / "cache", said.append)
    broker.stop()

    assert broker.kind == "embedded broker (noida-db)"
    [line] = said
    assert line.startswith("Apache Kafka cannot be used here (there is no java on the PATH)")
    assert line.endswith("starting the embedded broker instead")


def test_without_java_and_stand_in_the_error_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))

    with pytest.raises(BrokerError, match=r"escalation-signals\[local\]"):
        start_broker(tmp_path, tmp_path, lambda _: None)


def test_a_server_that_ends_at_once_is_an_error_with_its_last_words(tmp_path: Path) -> None:
    server = ServerProcess([sys.executable, "-c", "raise SystemExit('no disk')"], tmp_path / "log")

    with pytest.raises(BrokerError, match="no disk"):
        server.start(free_port(), 10)


def test_a_server_that_never_listens_is_stopped(tmp_path: Path) -> None:
    server = ServerProcess([sys.executable, "-c", "import time; time.sleep(60)"], tmp_path / "log")

    with pytest.raises(BrokerError, match="did not listen within"):
        server.start(free_port(), 0.5)


def test_an_old_java_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    java = tmp_path / "java"
    java.write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\"' >&2\n")
    java.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")

    with pytest.raises(BrokerError, match="older than 17"):
        ApacheKafka(tmp_path / "data", tmp_path / "cache", lambda _: None).start()
