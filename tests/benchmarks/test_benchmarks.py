"""What the benchmark counts is what happened, whoever is measured."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks import open_incidents
from benchmarks.contestants import LINEAR
from benchmarks.drawing import Bar, bars
from benchmarks.items import Feed, is_cue, number_of
from benchmarks.profile import shares
from benchmarks.progress import Mark, Output, agree, marks, window
from benchmarks.report import write
from benchmarks.runs import _latencies, backlog, open_loop
from benchmarks.tables import Spread, percentile
from benchmarks.world import World

if TYPE_CHECKING:
    from pathlib import Path

    from classifier import EscalationModel
    from streams.local import Broker


@pytest.mark.parametrize(("length", "share"), [(100, 0.05), (1500, 0.5), (20_000, 0.002)])
def test_items_have_the_mean_length_that_was_asked_for(
    model: EscalationModel, length: int, share: float
) -> None:
    found = list(Feed(model).items(300, length, share))
    assert sum(map(len, found)) / 300 == pytest.approx(length, rel=0.05)
    assert [number_of(json.loads(line)["id"]) for line in found] == list(range(300))


def test_one_item_in_so_many_is_about_a_cue_and_the_first_is() -> None:
    cues = [number for number in range(2000) if is_cue(number, 0.05)]
    assert cues[0] == 0
    assert [number // 20 for number in cues] == list(range(100))


def test_a_rate_is_taken_from_the_end_of_a_burst_to_the_end_of_another() -> None:
    # Ten batches of 40 items, one a second; the last may have been cut.
    found = [Output(at + n / 1e4, at * 160 + n) for at in range(10) for n in range(0, 160, 4)]
    seen = marks(found)
    assert len(seen) == 9
    begin, end = window(seen)
    assert (end.done - begin.done) / (end.at - begin.at) == pytest.approx(40)
    assert begin.at >= seen[0].at + 1


def test_two_bursts_are_needed_for_a_rate() -> None:
    with pytest.raises(ValueError, match="too few"):
        window([Mark(0.0, 1)])


def test_alerts_agree_as_far_as_both_have_come() -> None:
    assert agree([0, 4, 8, 12], [0, 4, 8])
    assert not agree([0, 4, 8, 12], [0, 8, 12])


def test_latency_counts_from_the_moment_that_was_meant() -> None:
    row: dict[str, Any] = {"begun": 100.0, "rate": 10.0, "first": 5, "count": 10}
    found = [Output(100.5, 7), Output(101.0, 5), Output(99.0, 4), Output(103.0, 15)]
    assert _latencies(row, found)["seconds"] == [0.3, 1.0]


def test_a_percentile_is_a_value_that_was_measured() -> None:
    assert percentile([float(n) for n in range(1, 101)], 0.99) == 99.0
    assert percentile([3.0], 0.5) == 3.0


def test_a_function_counts_once_for_a_stack_however_deep_it_is_in_it() -> None:
    stacks = "run (a.py:1);step (b.py:2);run (a.py:9) 3\nrun (a.py:1) 1\n"
    assert shares(stacks) == {"run (a.py)": 1.0, "step (b.py)": 0.75}


def test_bars_are_a_drawing_with_a_bar_for_each() -> None:
    drawn = bars("a < b", [Bar("one", 2.0, 1.0, 3.0), Bar("two", 1.0, 1.0, 1.0)])
    root = ET.fromstring(drawn)  # noqa: S314 - our own
    assert len(root.findall("{http://www.w3.org/2000/svg}rect")) == 3


def test_a_signal_is_timed_with_so_many_incidents_open() -> None:
    [row] = open_incidents.cost(50, 100, 1)
    assert row["open"] >= 50
    assert row["each"] > 0


def test_the_page_says_what_was_missed_and_by_how_much(tmp_path: Path) -> None:
    run = {"commit": "c", "at": "t", "load": "0", "processor": "p", "machine": "m", "versions": "v"}
    rows = [
        {"contestant": name, "repetition": n, "rate": rate + n}
        for name, rate in (("linear", 2000.0), ("confluent", 1000.0), ("scorer, linear", 2100.0))
        for n in range(3)
    ]
    write({"throughput": {"run": run, "rows": rows}}, tmp_path)
    page = (tmp_path / "RESULTS.md").read_text(encoding="utf-8")
    assert (
        "| items/s, linear judge, over the best batch peer | at least 4 | 2 | missed by 50% |"
        in page
    )
    assert "| items/s, linear judge, over our scorer alone | at least 0.8 | 0.952 | met |" in page
    assert "2,001 (2,000 to 2,002)" in page
    assert (tmp_path / "throughput.svg").exists()


def test_a_spread_without_a_range_is_one_figure() -> None:
    assert str(Spread.of([5.0, 5.0, 5.0])) == "5.0"


@pytest.mark.kafka
def test_our_service_is_measured_over_a_backlog_and_under_a_load(
    broker: Broker, bundle_path: Path, tmp_path: Path
) -> None:
    assert bundle_path.exists()
    place = World(broker, tmp_path, lambda _: None)
    row = backlog(place, LINEAR, place.backlog(4000), None)
    assert row["rate"] > 0
    assert row["done"] > 3000
    assert 0 < row["startup"] < 120
    assert 50 < row["steady"] <= row["peak"] < 2000
    [load] = open_loop(place, LINEAR, {"slow": (200.0, 400)}, 400.0)
    assert len(load["seconds"]) >= 10
    assert load["seconds"] == sorted(load["seconds"])
    assert load["seconds"][0] > 0
