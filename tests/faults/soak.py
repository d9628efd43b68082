"""`make soak`: every fault in its long form; writes RESULTS.md and results.json here."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from faults import endurance, outages, scenarios
from faults.results import JSON, known_rows, measured, trees, write
from faults.world import Bench, Row
from harness.circumstances import circumstances

if TYPE_CHECKING:
    from collections.abc import Iterable

AWAY = (1.0, 5.0, 15.0, 30.0, 60.0)
"""Seconds that the broker is away, in turn."""
RUN_SECONDS = 1200.0
"""What a fault may take at most; the soak may take its minutes in addition."""
USUAL_SECONDS = 60.0
"""What a fault takes that was never measured, for the estimate."""
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
    parser.add_argument(
        "--resume", action="store_true", help="leave out what was measured on this very code"
    )
    told = parser.parse_args()
    before = known_rows()
    wanted = runs(told)
    if told.resume:
        done = measured(before, trees())
        say(f"measured on this code already: {', '.join(sorted(done)) or 'nothing'}")
        wanted = {name: run for name, run in wanted.items() if name not in done}
    elif not told.only:
        JSON.unlink(missing_ok=True)
    failed = False
    with tempfile.TemporaryDirectory(prefix="faults-") as place, Bench(Path(place), say) as bench:
        begun = time.monotonic()
        for number, (name, (scenario, times)) in enumerate(wanted.items(), 1):
            left = remaining(list(wanted)[number - 1 :], before)
            passed = (time.monotonic() - begun) / 60
            say(
                f"[{number}/{len(wanted)}] {name}: begins after {passed:.0f} minutes;"
                f" about {left / 60:.0f} minutes are left"
            )
            try:
                row = asyncio.run(bounded(scenario(bench, times), told.minutes))
            except Exception as error:  # noqa: BLE001 - it is told, and the other faults run
                say(f"{name}: FAILED: {error!r}")
                failed = True
                continue
            say(f"{name}: {row}")
            failed |= bool(row.verdict.lost or row.verdict.repeated_ids)
            # Read anew: another part may run beside this one.
            run = circumstances() | {"trees": trees()}
            write(known_rows() | {name: asdict(row) | {"run": run}})
    return int(failed)


async def bounded(running: Coroutine[Any, Any, Row], minutes: float) -> Row:
    """Return the row of a fault, or raise TimeoutError when it never ends."""
    return await asyncio.wait_for(running, RUN_SECONDS + minutes * 60)


def remaining(names: Iterable[str], rows: dict[str, Any]) -> float:
    """Return about how many seconds some faults take: as long as they took the last time."""
    return sum(rows[name]["seconds"] if name in rows else USUAL_SECONDS for name in names)


def say(line: str) -> None:
    """Print one line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
