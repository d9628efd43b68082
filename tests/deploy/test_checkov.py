"""Checkov has no unexplained finding in the chart and the Dockerfile."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

import pytest
from harness.tools import helm, run

from streams.settings import load_settings

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
CHART = ROOT / "deploy" / "helm" / "escalation"
OPTIONS = ["--config-file", str(ROOT / "deploy" / "checkov.yaml"), "--skip-download", "--compact"]


@pytest.fixture(scope="module")
def checkov() -> str:
    """Return checkov's path, in an environment of its own."""
    home = load_settings().cache / "tools" / "checkov"
    program = home / "bin" / "checkov"
    if not program.exists():
        venv.create(home, with_pip=True)
        wanted = Path(__file__).with_name("checkov.txt")
        pip = [str(home / "bin" / "pip"), "install", "--quiet", "-r", str(wanted)]
        try:
            subprocess.run(pip, check=True, timeout=600)
        except subprocess.SubprocessError as error:
            pytest.skip(f"checkov cannot be installed here: {error}")
    return str(program)


@pytest.mark.parametrize(
    "values", sorted((CHART / "ci").glob("*-values.yaml")), ids=lambda path: path.stem
)
def test_the_chart_has_no_unexplained_finding(checkov: str, values: Path, tmp_path: Path) -> None:
    file = tmp_path / "rendered.yaml"
    file.write_text(run([helm(), "template", "news", str(CHART), "-f", str(values), "-n", "news"]))
    said = run([checkov, *OPTIONS, "--framework", "kubernetes", "-f", str(file)])
    assert "Failed checks: 0" in said


def test_the_dockerfile_has_no_unexplained_finding(checkov: str) -> None:
    file = str(ROOT / "Dockerfile")
    assert "Failed checks: 0" in run([checkov, *OPTIONS, "--framework", "dockerfile", "-f", file])


def test_checkov_does_find_what_is_wrong(checkov: str, tmp_path: Path) -> None:
    """The check can fail: a container as root is a finding."""
    file = tmp_path / "Dockerfile"
    file.write_text("FROM debian:12\nUSER root\n")
    command = [checkov, *OPTIONS, "--framework", "dockerfile", "-f", str(file)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1


def test_the_environment_of_checkov_is_not_ours(checkov: str) -> None:
    assert Path(checkov).parents[1] != Path(sys.prefix)
