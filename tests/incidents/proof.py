"""The long forms of what the incidents stage must stand, on Apache Kafka: ``make incidents-proof``.

A week of a crisis is replayed at 1,000 times real speed, once undisturbed and once with a worker
that is killed twenty times and a second one that comes and goes; both replays run side by side on
topics of their own. Then a million signals go through the engine. What was seen is written to
RESULTS.md with the commit.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from harness.incidents import alerts_of
from harness.kafka import read_all
from harness.replay import Result, disturbed, undisturbed
from harness.storysets import scored

import classifier
from incidents import scale
from streams.incidents.picture import timeline_svg
from streams.incidents.timeline import timelines
from streams.local import start_broker
from streams.records import decode_alert
from streams.run import DEMO_FEED
from streams.settings import Settings, load_settings
from streams.topics import create_topics

if TYPE_CHECKING:
    from streams.incidents.timeline import Timeline
    from streams.records import Signal

HERE = Path(__file__).resolve().parent
CRISIS = DEMO_FEED.parent / "crisis.jsonl"
SHARES = (0.1, 0.5, 1.0)


def main() -> None:
    """Run what is asked for and write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--speed", type=float, default=1000.0, help="times real speed")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--signals", type=int, default=1_000_000)
    parser.add_argument("--keys", type=int, default=50_000)
    parser.add_argument("--only", choices=("replay", "scale"), help="one of the two parts")
    given = parser.parse_args()
    parts = [HERE / "replay.md", HERE / "scale.md"]
    if given.only != "scale":
        parts[0].write_text(replays(given.speed, given.kills), encoding="utf-8")
    if given.only != "replay":
        marks = scale.measure(given.signals, given.keys, SHARES)
        parts[1].write_text(_scale(given, marks), encoding="utf-8")
    text = "\n".join(part.read_text(encoding="utf-8") for part in parts if part.exists())
    (HERE / "RESULTS.md").write_text(f"{__doc__.split(chr(10))[0]}\n\n{text}", encoding="utf-8")


def replays(speed: float, kills: int) -> str:
    """Replay the week twice, side by side, and return what was seen."""
    signals = scored(classifier.load(), CRISIS.read_bytes().splitlines())
    with tempfile.TemporaryDirectory(prefix="incidents-") as folder:
        broker = start_broker(Path(folder) / "broker", load_settings().cache, print)
        try:
            calm = _settings(broker.bootstrap_servers, "calm", Path(folder))
            rough = _settings(broker.bootstrap_servers, "rough", Path(folder))
            other = threading.Thread(target=undisturbed, args=(calm, Path(folder), signals, speed))
            other.start()
            seen = disturbed(rough, Path(folder), signals, speed, kills=kills, seed=20)
            other.join()
            return _replays(speed, signals, seen, calm, broker.kind)
        finally:
            broker.stop()


def _settings(servers: str, name: str, folder: Path) -> Settings:
    settings = load_settings(
        kafka_bootstrap_servers=servers,
        signals_topic=f"{name}.signals",
        alerts_topic=f"{name}.alerts",
        tension_topic=f"{name}.tension",
        feedback_topic=f"{name}.feedback",
        group=name,
        data_dir=folder / name,
        time_source="event",
        session_timeout=6.0,
    )
    asyncio.run(create_topics(settings))
    return settings


def _replays(speed: float, signals: list[Signal], seen: Result, calm: Settings, broker: str) -> str:
    alerts = [decode_alert(record.value) for record in read_all(calm, calm.alerts_topic)]
    expected = alerts_of(calm, read_all(calm, calm.signals_topic))
    [line] = [each for each in timelines(alerts) if each.last.key == "TKM-UZB"]
    (HERE / "crisis.svg").write_text(timeline_svg(line), encoding="utf-8")
    same = {alert.id for alert in alerts} == set(seen.told)
    engine = {alert.id for alert in alerts} == {alert.id for alert in expected}
    return f"""## A week of a crisis at {speed:,.0f} times real speed ({broker})

Commit {_commit()}. {len(signals)} signals of 300 items, scored before; {len(alerts)} alerts of
{len({alert.incident for alert in alerts})} incidents. The crisis itself, undisturbed:

{_steps(line)}

![The crisis](crisis.svg)

With {seen.kills} kills (`kill -9`) at random, {seen.on_the_way} of them while signals still came,
and a second worker that came and went, over {seen.seconds:.0f} seconds:

| what | seen |
|---|---|
| the set of alert ids equals that of the undisturbed run | {"yes" if same else "NO"} |
| both equal what the engine says without Kafka | {"yes" if engine else "NO"} |
| different alert ids | {len(seen.told)} |
| alerts repeated | {seen.repeats} |
| repeats that are not byte for byte the same | {len(seen.unlike)} |
"""


def _steps(line: Timeline) -> str:
    rows = ["| step | when (UTC) | why | severity | headline |", "|---|---|---|---|---|"]
    rows += [
        f"| {alert.number} {alert.step} | {alert.at:%a %H:%M} | {', '.join(alert.why)}"
        f" | {alert.severity} {alert.severity_score:.1f} | {alert.headline} |"
        for alert in line.alerts
    ]
    return "\n".join(rows)


def _scale(given: argparse.Namespace, marks: list[scale.Mark]) -> str:
    ratio = marks[-1].seconds_each / marks[0].seconds_each
    return f"""## {given.signals:,} signals over {given.keys:,} keys

Commit {_commit()}. Processor time of one process for decoding a signal, finding its incident,
deciding, encoding the key's state and putting it into the table's store; without Kafka. Taken over
the last twentieth before each share; memory is that of the whole process.

{scale.table(marks)}

Time a signal at the end over that at the start: {ratio:.2f}.
"""


def _commit() -> str:
    told = subprocess.run(
        ["git", "describe", "--always", "--dirty"],  # noqa: S607 - the git of the path
        capture_output=True,
        text=True,
        check=True,
        cwd=HERE,
    )
    return told.stdout.strip()


if __name__ == "__main__":
    main()
