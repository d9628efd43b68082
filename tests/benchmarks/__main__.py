"""`make bench`: everything side by side on one Apache Kafka; writes RESULTS.md and results.json.

Each part replaces its own rows, so that a run that was cut can be taken up with ``--only``.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import sys
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import Any

from harness.circumstances import circumstances

from benchmarks.parts import PARTS, QUICK, Sizes
from benchmarks.report import write
from benchmarks.tables import percentile
from benchmarks.world import world

HERE = Path(__file__).parent
PACKAGES = (
    *("aiokafka", "faust-streaming", "scikit-learn", "numpy", "onnxruntime"),
    *("confluent-kafka", "quixstreams"),
)


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="once, in small; prints, keeps nothing"
    )
    parser.add_argument("--only", nargs="*", default=[], choices=PARTS, help="parts to run")
    parser.add_argument("--repetitions", type=int)
    parser.add_argument("--seconds", type=float, help="of each run over a backlog")
    parser.add_argument("--backlogs", type=int, nargs="*", help="numbers of items")
    parser.add_argument("--page", action="store_true", help="only write the page anew")
    parser.add_argument("--out", type=Path, default=HERE, help="directory of the results")
    told = parser.parse_args()
    changes = {
        name: value
        for name in ("repetitions", "seconds", "backlogs")
        if (value := getattr(told, name)) is not None
    }
    if "backlogs" in changes:
        changes["backlogs"] = tuple(changes["backlogs"])
    sizes = replace(QUICK if told.quick else Sizes(), **changes)
    results = told.out / "results.json"
    known: dict[str, Any] = {}
    if results.exists() and not told.quick:
        known = json.loads(results.read_text(encoding="utf-8"))
    if told.page:
        write(known, told.out)
        return 0
    with world(say) as place:
        for name in told.only or (["throughput", "latency"] if told.quick else PARTS):
            say(f"{name}: begins")
            run = _run()
            rows = []
            for row in PARTS[name](place, replace(sizes, known=_capacities(known))):
                say(f"{name}: {_short(row)}")
                kept = {key: cell for key, cell in row.items() if key != "numbers"}
                rows.append(kept | {"busy": os.getloadavg()[0]})
            known[name] = {"run": run, "rows": rows}
            if told.quick:
                continue
            results.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
            write(known, told.out)
    return 0


def say(line: str) -> None:
    """Print one line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _run() -> dict[str, str]:
    """Return the circumstances at the beginning of a part."""
    installed = tuple(name for name in PACKAGES if _is_installed(name))
    info = Path("/proc/cpuinfo")
    names = re.findall(r"model name\s*: (.*)", info.read_text("utf-8")) if info.exists() else []
    return circumstances(installed) | {
        "processor": names[0] if names else platform.processor(),
        "load": f"{os.getloadavg()[0]:.1f}",
    }


def _is_installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


def _capacities(known: dict[str, Any]) -> dict[str, float]:
    """Return the median rate of each contestant that the throughput part has found."""
    found: dict[str, list[float]] = {}
    for row in known.get("throughput", {}).get("rows", []):
        found.setdefault(row["contestant"], []).append(row["rate"])
    return {name: median(rates) for name, rates in found.items()}


def _short(row: dict[str, Any]) -> str:
    cells = {k: v for k, v in row.items() if not isinstance(v, list | dict)}
    if seconds := row.get("seconds"):
        cells |= {"p50": percentile(seconds, 0.5), "p99": percentile(seconds, 0.99)}
    return ", ".join(
        f"{k} {v:.4g}" if isinstance(v, float) else f"{k} {v}" for k, v in cells.items()
    )


if __name__ == "__main__":
    sys.exit(main())
