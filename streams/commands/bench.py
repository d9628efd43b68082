"""`escalation bench`: the benchmark of a checkout, from the command line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from streams.commands.terminal import fail

app = typer.Typer()
ROOT = Path(__file__).resolve().parents[2]


@app.command()
def bench(
    quick: Annotated[
        bool, typer.Option("--quick", help="Once and in small, in a few minutes; keeps nothing.")
    ] = False,
    only: Annotated[
        list[str] | None, typer.Option(help="A part to run; may be given several times.")
    ] = None,
) -> None:
    """Measure the service beside its peers on Apache Kafka; needs a checkout of the project.

    Peers whose packages are not installed are left out; `make bench` installs them.
    """
    tests = ROOT / "tests"
    if not (tests / "benchmarks").is_dir():
        fail("the benchmark is not part of the installed package; run it in a checkout")
    words = [*(["--quick"] if quick else []), *(["--only", *only] if only else [])]
    path = os.pathsep.join((str(ROOT), str(tests)))
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", *words],
        env={**os.environ, "PYTHONPATH": path},
        check=False,
    )
    raise typer.Exit(done.returncode)
