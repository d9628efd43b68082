"""The command line as a user calls it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from harness.worker import environment

if TYPE_CHECKING:
    from subprocess import CompletedProcess

    from streams.settings import Settings


def escalation(settings: Settings, *arguments: str, seconds: float = 60) -> CompletedProcess[str]:
    """Run `escalation` to its end; fail the test when it takes longer than ``seconds``."""
    return subprocess.run(
        [sys.executable, "-m", "streams.cli", *arguments],
        env=environment(settings) | {"COLUMNS": "200"},
        capture_output=True,
        text=True,
        errors="surrogateescape",
        timeout=seconds,
        check=False,
    )
