"""RESULTS.md, from what the parts have found; no figure is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks import aims
from benchmarks.contestants import ALL
from benchmarks.drawing import Bar, bars
from benchmarks.parts import COMPARED, USUAL
from benchmarks.tables import (
    TITLES,
    Row,
    Spread,
    best,
    distinct,
    latencies,
    select,
    spread,
    table,
    times,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    Known = Mapping[str, Mapping[str, Any]]

KINDS = {each.name: each.kind for each in ALL}
HEAD = """# What the service is worth

Written by `make bench`; no figure is typed. Everything runs on one Apache Kafka on one machine,
broker and load included, and contestants take turns; a figure is the median of the repetitions,
with the least and the most of them in brackets. Items are those of the demo feed and texts of the
corpus, joined with others of their kind to a mean of 1.5 kB, one in twenty about a cue, unless a
table says otherwise ([`items.py`](items.py)). The peers do the same whole job with scikit-learn's
TfidfVectorizer (words, 1- and 2-grams) and one-vs-rest logistic regression, fitted on the same
corpus: consume, decode, score, publish, commit after the alerts are acknowledged; they are in
[`peers/`](peers). How far a contestant is at which moment is told by its alerts and the broker's
clock alone, the same for all.

Two judges of ours are measured. The **linear judge** does what the peers' pipeline does, over
sentences: it buys speed, with evidence, actors and modality on top. The **default judge** adds an
encoder that reads what the linear judge lets through: it buys the quality that `classifier/` states
(who does what to whom, negation), for the time that the encoder takes.

"""


def write(known: Known, out: Path) -> None:
    """Write the page and its drawings."""
    sections = [
        text
        for name, make in SECTIONS.items()
        if name in known and (text := make(_rows(known, name), out))
    ]
    notes = out / "NOTES.md"
    said = notes.read_text(encoding="utf-8") if notes.exists() else ""
    text = "\n".join([HEAD + aims.text(known), *sections, said, _where(known)])
    (out / "RESULTS.md").write_text(text, encoding="utf-8")


def _rows(known: Known, name: str) -> list[Row]:
    """Return a part's rows, with those of the throughput where they are of the same kind."""
    rows: list[Row] = list(known[name]["rows"])
    if name in USUAL:
        column, value = USUAL[name]
        compared = [each.name for each in COMPARED]
        found = known.get("throughput", {}).get("rows", [])
        usual = [each for each in found if each["contestant"] in compared]
        rows = sorted([each | {column: value} for each in usual] + rows, key=lambda x: x[column])
    return rows


def _throughput(rows: Sequence[Row], out: Path) -> str:
    batch = best(rows, "rate", lambda name: KINDS.get(name) == "batch")
    names = distinct(rows, "contestant")
    named = {name: found for name in names if (found := spread(rows, "rate", contestant=name))}
    columns = ("cpu", "startup", "peak", "steady")
    body = [
        (
            TITLES[name],
            times(found, batch),
            found,
            *(spread(rows, column, contestant=name) for column in columns),
        )
        for name, found in named.items()
    ]
    head = (
        *("one process", "times the best batch peer", "items/s", "CPU s per 1,000 items"),
        *("start to first alert, s", "peak MB", "steady MB"),
    )
    contestants = {name: found for name, found in named.items() if name in KINDS}
    _draw(out, "throughput", "Items a second, one process, the whole job", contestants)
    same = [row["same"] for row in rows if "same" in row]
    agree = f"Peers' alerts are the same, item by item: {'yes' if all(same) else 'NO'}.\n"
    return f"## One process\n\n{table(head, body)}\n{agree}\n![Items a second](throughput.svg)\n"


def _latency(rows: Sequence[Row], out: Path) -> str:
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
    body = []
    drawn: dict[str, Spread] = {}
    for name in distinct(rows, "contestant"):
        for load in distinct(rows, "load"):
            where = {"contestant": name, "load": load}
            found = [latencies(rows, share, **where) for share in shares.values()]
            count = sum(len(row["seconds"]) for row in select(rows, **where))
            rate = spread(rows, "rate", **where)
            body.append((TITLES[name], load, rate, *found, count))
            if found[-1] is not None:
                drawn[f"{TITLES[name]}, {load}"] = found[-1]
    _draw(out, "latency", "Publish to alert, p99 in milliseconds", drawn)
    head = (
        *("publish to alert", "load, of capacity", "items/s"),
        *(f"{name}, ms" for name in shares),
        "alerts measured",
    )
    late = max(row["late"] for row in rows)
    return f"""## Latency

Open loop: an item's time begins when it was meant to be sent, at a fixed rate, whether or not the
sender was late (by {1000 * late:.0f} ms at most), and ends when the broker has taken its alert.

{table(head, body)}
![Latency](latency.svg)
"""


def _processes(rows: Sequence[Row], _: Path) -> str:
    def line(name: str) -> list[object]:
        one, two = (spread(rows, "rate", contestant=name, processes=n) for n in (1, 2))
        cpu = spread(rows, "cpu", contestant=name, processes=2)
        return [TITLES[name], times(two, one), one, two, cpu]

    head = ("processes", "two over one", "one, items/s", "two, items/s", "two, CPU s per 1,000")
    names = distinct(rows, "contestant")
    return (
        f"## One process and two\n\nTwo cores serve the broker too.\n\n{_lines(head, names, line)}"
    )


def _threads(rows: Sequence[Row], _: Path) -> str:
    def line(name: str) -> list[object]:
        found = [spread(rows, column, contestant=name) for column in ("rate", "cpu", "peak")]
        return [TITLES[name], *found, *(latencies(rows, s, contestant=name) for s in (0.5, 0.99))]

    head = ("encoder", "items/s", "CPU s per 1,000 items", "peak MB", "p50 at 50 %, ms", "p99, ms")
    return f"## Threads of the encoder\n\n{_lines(head, distinct(rows, 'contestant'), line)}"


def _by(name: str, title: str, of: Callable[[Any], str]) -> Callable[[Sequence[Row], Path], str]:
    def section(rows: Sequence[Row], _: Path) -> str:
        values = distinct(rows, name)

        def line(contestant: str) -> list[object]:
            found = [spread(rows, "rate", contestant=contestant, **{name: v}) for v in values]
            cpu = [spread(rows, "cpu", contestant=contestant, **{name: v}) for v in values]
            return [TITLES[contestant], *found, *cpu]

        head = (title, *(f"{of(value)}, items/s" for value in values))
        head += tuple(f"{of(value)}, CPU s per 1,000" for value in values)
        return f"## {title}\n\n{_lines(head, distinct(rows, 'contestant'), line)}"

    return section


def _backlogs(rows: Sequence[Row], _: Path) -> str:
    counts = distinct(rows, "backlog")
    first = spread(rows, "cpu", backlog=min(counts))

    def line(count: int) -> list[object]:
        found = spread(rows, "cpu", backlog=count)
        more = [spread(rows, column, backlog=count) for column in ("rate", "early", "late")]
        return [f"{count:,}", times(found, first), found, *more]

    head = (
        *("backlog, items", "times the smallest", "CPU s per 1,000 items", "items/s"),
        *("MB after warming up", "MB at the end"),
    )
    return f"## Backlogs\n\nThe linear judge, to the end.\n\n{_lines(head, counts, line)}"


def _incidents(rows: Sequence[Row], _: Path) -> str:
    counts = distinct(rows, "opened")
    first = spread(rows, "each", opened=min(counts))

    def line(count: int) -> list[object]:
        found = Spread.of(1e6 * row["each"] for row in select(rows, opened=count))
        more = spread(rows, "mb", opened=count)
        return [f"{count:,}", times(spread(rows, "each", opened=count), first), found, more]

    head = ("open incidents", "times the fewest", "CPU microseconds a signal", "MB")
    return f"""## Open incidents

Processor time of the incidents stage for one signal, without Kafka: decoding, finding its incident,
deciding, and encoding the state of its key.

{_lines(head, counts, line)}"""


def _profile(rows: Sequence[Row], _: Path) -> str:
    body = [
        (TITLES[row["contestant"]], name, f"{share:.1%}")
        for row in rows
        for name, share in row["shares"].items()
        if share >= 0.02 and name.rpartition("(")[2].startswith(("streams/", "classifier/"))
    ]
    pictures = "\n".join(
        f"[Flame graph, {row['contestant']}](flame-{row['contestant']}.svg)" for row in rows
    )
    head = ("judge", "function of ours, with all that it calls", "share of samples")
    return f"## The hot path\n\n{pictures}\n\n{table(head, body)}"


def _lines(head: Sequence[str], values: Sequence[Any], line: Callable[[Any], list[object]]) -> str:
    return table(head, [line(value) for value in values])


def _draw(out: Path, name: str, title: str, found: Mapping[str, Spread]) -> None:
    drawn = [
        Bar(TITLES.get(label, label), *each, ours="ours" in TITLES.get(label, label))
        for label, each in found.items()
    ]
    if drawn:
        (out / f"{name}.svg").write_text(bars(title, drawn), encoding="utf-8")


def _where(known: Known) -> str:
    body = [
        (
            *(name, part["run"]["commit"], part["run"]["at"], part["run"]["load"]),
            spread(part["rows"], "busy"),
        )
        for name, part in known.items()
    ]
    machines = sorted({f"{p['run']['processor']}, {p['run']['machine']}" for p in known.values()})
    versions = sorted({p["run"]["versions"] for p in known.values()})
    head = ("part", "commit", "when", "load average at its start", "after each run")
    return "\n".join(["## Where", "", table(head, body), *machines, "", *versions]) + "\n"


SECTIONS: dict[str, Callable[[Sequence[Row], Path], str]] = {
    "throughput": _throughput,
    "latency": _latency,
    "processes": _processes,
    "threads": _threads,
    "lengths": _by("length", "Length of items", lambda value: f"{value:,} B"),
    "shares": _by("share", "Share of items about a cue", lambda value: f"{value:.1%}"),
    "backlogs": _backlogs,
    "incidents": _incidents,
    "profile": _profile,
}
