"""The hot path as a flame graph, and the share of each function in it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.contestants import Running
from benchmarks.runs import START_SECONDS, _has_alerts, _wait

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.contestants import Contestant
    from benchmarks.world import World

HERE = Path(__file__).parent
WARM_SECONDS = 1.0
PER_SECOND = 200


def record(
    world: World, contestant: Contestant, topic: str, seconds: float
) -> Iterator[dict[str, Any]]:
    """Sample a worker under full load; write the flame graph and yield a row of shares.

    Native code counts for the Python function that called it; idle threads do not count.
    """
    program = shutil.which("py-spy", path=str(Path(sys.executable).parent)) or shutil.which(
        "py-spy"
    )
    if program is None:
        return
    settings = world.settings(f"profile-{contestant.name}", topic)
    raw = settings.data_dir / "stacks"
    with Running(contestant, settings, world) as running:
        _wait(lambda: _has_alerts(settings), running, START_SECONDS)
        time.sleep(WARM_SECONDS)
        for kind, path in (("flamegraph", HERE / f"flame-{contestant.name}.svg"), ("raw", raw)):
            command = [program, "record", "--pid", str(running.pids[0]), "--format", kind]
            command += ["--output", str(path), "--duration", str(max(1, round(seconds / 2)))]
            command += ["--rate", str(PER_SECOND), "--nonblocking"]
            subprocess.run(command, check=True, capture_output=True)
        _name(HERE / f"flame-{contestant.name}.svg", contestant)
    yield {"contestant": contestant.name, "shares": shares(raw.read_text(encoding="utf-8"))}


def _name(path: Path, contestant: Contestant) -> None:
    """Give a flame graph the title of its contestant, instead of the command with its paths."""
    text = path.read_text(encoding="utf-8")
    title = contestant.title.replace("*", "")
    path.write_text(re.sub(r">[^<]*py-spy record[^<]*<", f">{title}<", text), encoding="utf-8")


def shares(stacks: str) -> dict[str, float]:
    """Return function -> share of the samples in which it is on the stack, from collapsed stacks.

    A line is frames from the outermost to the innermost, ``function (file:line);...``, and a count.
    """
    total, found = 0, Counter[str]()
    for line in stacks.splitlines():
        frames, _, count = line.rpartition(" ")
        total += int(count)
        for name in {_function(frame) for frame in frames.split(";")}:
            found[name] += int(count)
    return {name: count / max(total, 1) for name, count in found.most_common()}


def _function(frame: str) -> str:
    name, _, place = frame.partition(" (")
    return f"{name} ({place.rstrip(')').rpartition(':')[0]})"
