"""`make soak`: every fault in its long form; writes RESULTS.md and results.json here."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Callable, Coroutine
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeAlias

from faults import endurance, outages, scenarios
from faults.world import RATE, Bench, Row
from harness.circumstances import circumstances

HERE = Path(__file__).parent
RESULTS, JSON = HERE / "RESULTS.md", HERE / "results.json"
AWAY = (1.0, 5.0, 15.0, 30.0, 60.0)
"""Seconds that the broker is away, in turn."""
HEAD = """# What the faults came to

Written by `make soak`; no figure is typed. A mixed load of {rate:.0f} records a second (ordinary
items, alerts, and one in ten malformed) runs through each fault, and an oracle that knows what must
come of every record compares. Lost and wrong must be 0 (where a model is broken on purpose, good
records are dead letters, and count as wrong). Repeats are outputs beyond one for each record; what
is left after de-duplication by id is one id with different bytes. Recovery is the time from the end
of the fault to the next commit, the start of a process included.

| fault | times | sent | lost | wrong | repeated | the same, by id | recovery, s | notes |
|---|--:|--:|--:|--:|--:|--:|--:|---|
"""
Run: TypeAlias = tuple[Callable[[Bench, Any], Coroutine[Any, Any, Row]], Any]


def runs(told: argparse.Namespace) -> dict[str, Run]:
    """Return the scenarios by name, with how often or how long."""
    found: dict[str, Run] = {
        "kill": (scenarios.kill_9, told.kills),
        "sigterm": (scenarios.sigterm, told.sigterms),
        "broker": (outages.broker_killed, [AWAY[n % len(AWAY)] for n in range(told.broker)]),
        "pause": (outages.broker_paused, 30.0),
        "sigterm-no-broker": (outages.stopped_without_broker, 3),
        "cut": (outages.connection_cut, 10),
        "slow-network": (outages.connection_slow, 30.0),
        "storm": (scenarios.rebalance_storm, told.visits),
        "bug": (scenarios.bug_in_500, 30),
        "broken": (scenarios.broken_model, 5),
        "stuck": (scenarios.stuck_model, 3),
        "slow-model": (scenarios.slow_model, 30),
        "out-of-range": (scenarios.out_of_range, 3),
        "disk": (outages.disk_full, 3),
        "clock": (outages.clock_jumps, [48, -48, 1, 0]),
        "soak": (endurance.soak, told.minutes),
    }
    if not outages.can_mount():
        say("disk: left out, it needs root to mount a small file system")
        del found["disk"]
    if outages.libfaketime() is None:
        say("clock: left out, it needs libfaketime")
        del found["clock"]
    return {name: run for name, run in found.items() if not told.only or name in told.only}


def main() -> int:
    """Run what was asked for; exit code 1 when anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--sigterms", type=int, default=20)
    parser.add_argument("--broker", type=int, default=5)
    parser.add_argument("--visits", type=int, default=24, help="of the rebalance storm, 5 s each")
    parser.add_argument("--minutes", type=float, default=30, help="of the soak")
    parser.add_argument("--only", nargs="*", default=[], help="names; their rows are replaced")
    told = parser.parse_args()
    if not told.only:
        JSON.unlink(missing_ok=True)
    failed = False
    with tempfile.TemporaryDirectory(prefix="faults-") as place, Bench(Path(place), say) as bench:
        for name, (scenario, times) in runs(told).items():
            say(f"{name}: begins")
            try:
                row = asyncio.run(scenario(bench, times))
            except (AssertionError, TimeoutError) as error:
                say(f"{name}: FAILED: {error!r}")
                failed = True
                continue
            say(f"{name}: {row}")
            failed |= bool(row.verdict.lost or row.verdict.repeated_ids)
            # Read anew: another part may run beside this one.
            write(known_rows() | {name: asdict(row) | {"run": circumstances()}})
    return int(failed)


def known_rows() -> dict[str, Any]:
    """Return the rows that are written already."""
    return json.loads(JSON.read_text(encoding="utf-8")) if JSON.exists() else {}


def say(line: str) -> None:
    """Print one line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def write(rows: dict[str, Any]) -> None:
    """Write both files."""
    JSON.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    lines = [_line(row) for row in rows.values()]
    where = ["", "## Where", "", "| fault | commit | when | machine |", "|---|---|---|---|"]
    where += [
        f"| {row['fault']} | {run['commit']} | {run['at']} | {run['machine']} |"
        for row, run in ((each, each["run"]) for each in rows.values())
    ]
    versions = sorted({row["run"]["versions"] for row in rows.values()})
    text = HEAD.format(rate=RATE) + "\n".join([*lines, *where, "", *versions]) + "\n"
    RESULTS.write_text(text, encoding="utf-8")


def _line(row: dict[str, Any]) -> str:
    verdict = row["verdict"]
    numbers = (
        *(row["times"], verdict["sent"], verdict["lost"], verdict["wrong"]),
        *(verdict["repeated"], verdict["repeated_ids"]),
    )
    cells = [row["fault"], *map(str, numbers), f"{row['recovery']:.1f}", row["notes"]]
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    sys.exit(main())
