"""On what a figure was measured: commit, machine, load and versions."""

from __future__ import annotations

import datetime as dt
import os
import platform
import re
import subprocess
from importlib.metadata import version
from pathlib import Path

from streams.local.apache import POM, find_java

ROOT = Path(__file__).resolve().parents[2]


def circumstances(packages: tuple[str, ...] = ("aiokafka", "faust-streaming")) -> dict[str, str]:
    """Return the circumstances of a run that ends now."""
    kafka = re.search(r"<kafka.version>(.*?)<", POM.read_text(encoding="utf-8"))
    java = subprocess.run([find_java(), "-version"], capture_output=True, text=True, check=True)
    return {
        "commit": commit(),
        "at": dt.datetime.now(dt.UTC).isoformat(timespec="minutes"),
        # The load average tells whether others were at work on the machine.
        "machine": f"{os.cpu_count()} cores, {platform.system()} {platform.machine()},"
        f" load average {os.getloadavg()[1]:.1f}",
        "versions": f"Apache Kafka {kafka.group(1) if kafka else 'of the pom'},"
        f" {java.stderr.splitlines()[0]}, Python {platform.python_version()}, "
        + ", ".join(f"{name} {version(name)}" for name in packages),
    }


def commit() -> str:
    """Return the commit of the code, and whether it has changes that no commit holds."""
    head = _git("rev-parse", "--short", "HEAD")
    changed = _git("status", "--porcelain", "--", "streams", "classifier")
    return (head or "unknown") + (" and changes" if changed else "")


def _git(*words: str) -> str:
    git = ["git", *words]
    done = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip()
