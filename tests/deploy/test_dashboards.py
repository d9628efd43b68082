"""Every panel of the dashboards has data: its queries run on what a real worker has told.

A real Prometheus scrapes a real worker on a real broker that a crisis is replayed to.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from harness.kafka import send
from harness.prometheus import Prometheus, prometheus
from harness.replay import behind
from harness.scrape import value
from harness.tools import needs
from harness.worker import WorkerProcess, wait_until

from streams.dashboards import DASHBOARDS, dashboard_json
from streams.dashboards.picture import Source, SourceError, Span, sheet
from streams.dashboards.picture.variables import filled
from streams.feed import read_feed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.settings import Settings

pytestmark = [pytest.mark.kafka, pytest.mark.apache]

CRISIS = Path(__file__).parents[2] / "streams" / "demo" / "crisis.jsonl"
DEMO = CRISIS.with_name("feed.jsonl")

QUIET = {
    # No targets here, and too few items for drift.
    "Deliveries",
    "Drift",
}
"""Panels that may have no series here."""

_NOTHING = (["-"], ["0"])
TENSION = 'escalation_tension{window="24h"}'
GROWTH = "increase(escalation_alerts_total[5m])"


def panels() -> list[tuple[str, str, str]]:
    """Return dashboard, panel and query of every panel, variables filled in."""
    found = []
    for dashboard in DASHBOARDS:
        content = json.loads(dashboard_json(dashboard))
        for panel in content["panels"]:
            for target in panel.get("targets", []):
                expression = filled(target["expr"], content, "30s")
                found.append((dashboard.uid, panel["title"], expression))
    return found


@pytest.fixture(scope="module")
def scraped(
    module_settings: Settings,
    bundle_path: Path,  # noqa: ARG001 - the worker's process loads it
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Prometheus, WorkerProcess]]:
    """Return a Prometheus that has watched a worker through a crisis."""
    needs("prometheus")
    directory = tmp_path_factory.mktemp("dashboards")
    # The crisis is weeks old: it has its own time.
    told = module_settings.model_copy(update={"time_source": "event"})
    worker = WorkerProcess(told, directory / "worker.log")
    worker.start()
    try:
        with prometheus([worker.address], directory) as running:
            # Counters are born before they grow, as in life: a rate needs two scrapes.
            items = [
                message
                for feed in (DEMO, CRISIS)
                for message in read_feed(feed, module_settings.items_topic)
            ]
            send(module_settings, items[: len(items) // 2], 100)
            wait_until("half is scraped", lambda: _sum(running, "escalation_alerts_total") > 0, 120)
            send(module_settings, items[len(items) // 2 :], 100)
            wait_until(
                "all is scraped", lambda: _sum(running, "escalation_items_total") >= len(items), 120
            )
            wait_until("all signals are told", lambda: behind(told) == 0, 120)
            wait_until("alerts grow", lambda: _sum(running, GROWTH) > 0, 60)
            # Gauges of timers, which look every few seconds: one may have looked when half of the
            # pairs were told, and in the last 24 hours of the crisis only one pair is tense.
            for gauge in ("escalation_incidents_open", TENSION):
                wait_until(f"{gauge} is scraped", partial(_grown, running, gauge))
            yield running, worker
    finally:
        worker.stop()


def _grown(running: Prometheus, metric: str) -> bool:
    return _sum(running, metric) > 0


def _sum(running: Prometheus, expression: str) -> float:
    found = running.query(f"sum({expression})")
    return float(found[0]["value"][1]) if found else 0.0


def test_every_panel_has_data(scraped: tuple[Prometheus, WorkerProcess]) -> None:
    """Or is one of those that tell of things which have not happened."""
    running, _ = scraped
    empty = {title for _, title, query in panels() if not running.query(query)}
    assert empty <= QUIET


def test_every_panel_is_drawn_with_its_data(scraped: tuple[Prometheus, WorkerProcess]) -> None:
    """The picture of each dashboard has every title, and nothing is empty but what may be."""
    running, _ = scraped
    end = time.time()
    for dashboard in DASHBOARDS:
        content = json.loads(dashboard_json(dashboard))
        picture = sheet(content, Source(running.address), Span(end - 60, end, 1.0), "30s")
        words = [each.text for each in ET.fromstring(picture).iter() if each.text]  # noqa: S314 - ours
        titles = [panel["title"] for panel in content["panels"]]
        assert [word for word in words if word in titles] == titles
        starts = [*(words.index(title) for title in titles), len(words)]
        bodies = [words[at + 1 : stop] for at, stop in itertools.pairwise(starts)]
        # A panel without series says so with one sign.
        empty = {title for title, body in zip(titles, bodies, strict=True) if body in _NOTHING}
        assert empty <= QUIET


def test_a_query_that_is_refused_is_named(scraped: tuple[Prometheus, WorkerProcess]) -> None:
    running, _ = scraped
    with pytest.raises(SourceError, match=r"sum\(: .*parse error"):
        Source(running.address).instant("sum(")


def test_the_worker_has_told_of_the_crisis(scraped: tuple[Prometheus, WorkerProcess]) -> None:
    """Not only series, but the right ones."""
    running, worker = scraped
    assert value(worker, "escalation_alerts_total") > 0
    assert running.query(f"{TENSION} > 0")
    assert running.query("escalation_incidents_open > 0")


def test_prometheus_finds_no_fault_with_the_metrics(
    scraped: tuple[Prometheus, WorkerProcess],
) -> None:
    """`promtool check metrics`: names, units, help."""
    _, worker = scraped
    ours = "\n".join(line for line in worker.get("/metrics").splitlines() if "escalation_" in line)
    done = subprocess.run(
        [needs("promtool"), "check", "metrics"],
        input=ours + "\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
