"""Programs of another language: the packages of `tests/node`, installed once into the cache."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest

from streams.settings import load_settings

SOURCES = Path(__file__).resolve().parents[1] / "node"


def node_project() -> Path:
    """Return a directory with our scripts and their installed packages; skip without node."""
    missing = [program for program in ("node", "npm") if shutil.which(program) is None]
    if missing:
        pytest.skip(f"needs {' and '.join(missing)}")
    lock = (SOURCES / "package-lock.json").read_bytes()
    cache = load_settings().cache / "npm" / hashlib.sha256(lock).hexdigest()[:16]
    if not (cache / "node_modules" / ".package-lock.json").exists():
        _install(cache)
    for script in SOURCES.glob("*.mjs"):
        shutil.copy(script, cache)
    return cache


def run_node(script: str, *arguments: str, seconds: float = 60, stdin: str = "") -> str:
    """Run one of our scripts; return what it printed; fail the test with its errors."""
    done = subprocess.run(
        [shutil.which("node") or "node", script, *arguments],
        cwd=node_project(),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _install(cache: Path) -> None:
    cache.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(SOURCES / name, cache)
    done = subprocess.run(
        [
            shutil.which("npm") or "npm",
            "ci",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
        ],
        cwd=cache,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
