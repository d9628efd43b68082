"""The compose file is one that docker takes, and what it mounts is there."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from harness.tools import needs, run

from streams.settings import Settings, variable_of

COMPOSE = Path(__file__).parents[2] / "deploy" / "compose"


def compose() -> list[str]:
    """Return docker's compose command: the plugin, or the one that a Python package carries."""
    docker = shutil.which("docker")
    if docker is not None:
        plugin = subprocess.run([docker, "compose", "version"], capture_output=True, check=False)
        if plugin.returncode == 0:
            return [docker, "compose"]
    carried = Path(sys.executable).with_name("docker-compose")
    if not carried.exists():
        pytest.skip("no docker compose here")
    return [str(carried)]


def test_docker_takes_the_file() -> None:
    said = run([*compose(), "-f", str(COMPOSE / "compose.yaml"), "config", "--format", "json"])
    services = json.loads(said[said.index("{") :])["services"]
    assert {"kafka", "topics", "score", "incidents", "page", "prometheus"} <= services.keys()


def test_every_file_that_is_mounted_is_there() -> None:
    content = yaml.safe_load((COMPOSE / "compose.yaml").read_text())
    mounts = [
        volume.split(":")[0]
        for service in content["services"].values()
        for volume in service.get("volumes", [])
    ]
    missing = [path for path in mounts if path.startswith(".") and not (COMPOSE / path).exists()]
    assert mounts
    assert missing == []


def test_every_variable_of_a_worker_is_a_setting_of_ours() -> None:
    content = yaml.safe_load((COMPOSE / "compose.yaml").read_text())
    known = {variable_of(field) for field in Settings.model_fields}
    assert set(content["services"]["score"]["environment"]) <= known


def test_alertmanager_takes_its_file() -> None:
    said = run([needs("amtool"), "check-config", str(COMPOSE / "alertmanager.yaml")])
    assert "SUCCESS" in said


def test_prometheus_takes_its_file(tmp_path: Path) -> None:
    """With the rules where the container has them."""
    rules = COMPOSE.parent / "prometheus" / "escalation.rules.yaml"
    content = (COMPOSE / "prometheus.yaml").read_text()
    file = tmp_path / "prometheus.yaml"
    file.write_text(content.replace("/etc/prometheus/escalation.rules.yaml", str(rules)))
    assert "SUCCESS" in run([needs("promtool"), "check", "config", str(file)])
