"""The rows of the long form: kept as JSON with what they were measured on, written as a page."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any, TypeAlias

from faults.world import RATE

HERE = Path(__file__).parent
RESULTS, JSON = HERE / "RESULTS.md", HERE / "results.json"
HEAD = """# What the faults came to

Written by `make soak`; no figure is typed. A mixed load of {rate:.0f} records a second (ordinary
items, alerts, and one in ten malformed) runs through each fault, and an oracle that knows what must
come of every record compares. Lost and wrong must be 0 (where a model is broken on purpose, good
records are dead letters, and count as wrong). Repeats are outputs beyond one for each record; what
is left after de-duplication by id is one id with different bytes. Recovery is the time from the end
of the fault to the next commit, the start of a process included.

{together}

| fault | times | sent | lost | wrong | repeated | the same, by id | recovery, s | notes |
|---|--:|--:|--:|--:|--:|--:|--:|---|
"""
ROOMS = ("streams", "classifier")
UNKNOWN = "unknown"
Rows: TypeAlias = dict[str, Any]


def known_rows(path: Path = JSON) -> Rows:
    """Return the rows that are written already."""
    found: Rows = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found


def trees() -> dict[str, str]:
    """Return git's hash of each package, and whether it has changes that no commit holds."""
    return {
        room: (_git("rev-parse", "--short", f"HEAD:{room}") or UNKNOWN)
        + (" and changes" if _git("status", "--porcelain", "--", f"../../{room}") else "")
        for room in ROOMS
    }


def measured(rows: Rows, now: dict[str, str]) -> set[str]:
    """Return the rows that were measured on the very code that is here now."""
    told = " ".join(now.values())
    if UNKNOWN in told or "changes" in told:
        return set()
    return {name for name, row in rows.items() if row["run"].get("trees") == now}


def _git(*words: str) -> str:
    git = ["git", *words]
    done = subprocess.run(git, cwd=HERE, capture_output=True, text=True, check=False)
    return done.stdout.strip()


def write(rows: Rows) -> None:
    """Write both files."""
    JSON.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    RESULTS.write_text(page(rows), encoding="utf-8")


def page(rows: Rows) -> str:
    """Return the rows as Markdown."""
    head = HEAD.format(rate=RATE, together=_together(rows))
    where = ["", "## Where", ""]
    where += [f"| fault | commit | {' | '.join(ROOMS)} | when | machine |", "|---" * 6 + "|"]
    for row in rows.values():
        run = row["run"]
        code = (_trees(row)[room] for room in ROOMS)
        cells = (row["fault"], run["commit"], *code, run["at"], run["machine"])
        where.append("| " + " | ".join(cells) + " |")
    versions = sorted({row["run"]["versions"] for row in rows.values()})
    lines = [_line(row) for row in rows.values()]
    return head + "\n".join([*lines, *where, "", *versions]) + "\n"


def _together(rows: Rows) -> str:
    """Say whether the rows are of one code."""
    codes = {tuple(_trees(row).values()) for row in rows.values()}
    told = " ".join(word for code in codes for word in code)
    if len(codes) == 1 and UNKNOWN not in told and "changes" not in told:
        return "All rows are of one code: `streams` and `classifier` have the same hash in each."
    return (
        "**The rows are not of one code**: the table below has the commit of each, and git's hash"
        " of `streams` and `classifier` in it. Rows with the same hashes belong together."
    )


def _trees(row: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = row["run"].get("trees") or dict.fromkeys(ROOMS, UNKNOWN)
    return found


def _line(row: dict[str, Any]) -> str:
    verdict = row["verdict"]
    numbers = (
        *(row["times"], verdict["sent"], verdict["lost"], verdict["wrong"]),
        *(verdict["repeated"], verdict["repeated_ids"]),
    )
    cells = [row["fault"], *map(str, numbers), f"{row['recovery']:.1f}", row["notes"]]
    return "| " + " | ".join(cells) + " |"
