"""A dashboard is drawn from what a source answers, panel by panel."""

from __future__ import annotations

import json
import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from streams.dashboards import DASHBOARDS, Dashboard, Panel, Query, Row, Variable, dashboard_json
from streams.dashboards.picture import Source, SourceError, Span, sheet
from streams.dashboards.picture.source import Series

SPAN = Span(1_764_000_000.0, 1_764_000_300.0, 60.0)
TIMES = [SPAN.start + 60 * at for at in range(6)]


class Canned(Source):
    """Answers every query with the same series, and remembers the queries."""

    def __init__(self, *series: Series) -> None:
        super().__init__("http://127.0.0.1:1")
        self.series = list(series)
        self.asked: list[str] = []

    def instant(self, expr: str, at: float | None = None) -> list[Series]:  # noqa: ARG002
        self.asked.append(expr)
        return [Series(each.labels, each.points[-1:]) for each in self.series]

    def course(self, expr: str, span: Span) -> list[Series]:  # noqa: ARG002
        self.asked.append(expr)
        return self.series


def course(*values: float, **labels: str) -> Series:
    return Series(labels, tuple(zip(TIMES, values, strict=False)))


def board(panel: Panel) -> dict[str, Any]:
    dashboard = Dashboard(
        "u", "A board", "", (Row("A row", (panel,)),), (Variable("namespace", "q"),)
    )
    content: dict[str, Any] = json.loads(dashboard_json(dashboard))
    return content


def panel(**fields: Any) -> Panel:
    return Panel("A panel", "", (Query('x{namespace=~"$namespace"}', "{{pair}}"),), **fields)


def words(svg: str) -> list[str]:
    return [each.text or "" for each in ET.fromstring(svg).iter() if each.tag.endswith("text")]  # noqa: S314 - ours


def drawn(what: Panel, *series: Series) -> str:
    return sheet(board(what), Canned(*series), SPAN, "1m")


@pytest.mark.parametrize("dashboard", DASHBOARDS, ids=lambda each: each.uid)
def test_every_panel_of_ours_is_drawn(dashboard: Dashboard) -> None:
    """Each kind and unit that a dashboard of ours uses is known."""
    svg = sheet(
        json.loads(dashboard_json(dashboard)),
        Canned(course(1, 2, 3, pair="A-B", window="1h", version="1", digest="ab")),
        SPAN,
        "1m",
    )
    assert {each.title for row in dashboard.rows for each in row.panels} <= set(words(svg))


def test_it_says_that_it_is_not_grafanas() -> None:
    said = words(drawn(panel(), course(1, pair="A-B")))
    assert any("not Grafana's" in line and "2025-11-24 16:00 to 16:05 UTC" in line for line in said)


def test_variables_are_all_and_the_rate_interval_is_what_it_was_told() -> None:
    source = Canned(course(1, pair="A-B"))
    query = Query('rate(x{namespace=~"$namespace"}[$__rate_interval])')
    sheet(board(Panel("A panel", "", (query,))), source, SPAN, "20s")
    assert source.asked == ['rate(x{namespace=~".*"}[20s])']


def test_a_chart_has_a_legend_an_axis_to_a_round_value_and_a_line_for_each_series() -> None:
    svg = drawn(panel(unit="s"), course(1, 2, 93, pair="A-B"), course(4, 5, pair="C-D"))
    assert {"A-B", "C-D", "0 s", "1.67 min"} <= set(words(svg))
    assert svg.count('fill="none"') == 2


def test_where_points_are_missing_the_line_is_broken() -> None:
    with_gap = Series({"pair": "A-B"}, ((TIMES[0], 1.0), (TIMES[1], 1.0), (TIMES[4], 1.0)))
    [path] = re.findall(r'<path d="([^"]+)" fill="none"', drawn(panel(), with_gap))
    assert path.count("M") == 2


def test_stacked_bars_reach_to_the_sum() -> None:
    said = words(drawn(panel(stacked=True), course(3, pair="A"), course(4, pair="B")))
    assert "8" in said
    assert "10" not in said


def test_thresholds_are_dashed_lines_as_far_as_they_lie_in_the_picture() -> None:
    steps = ((None, "green"), (0.1, "orange"), (50.0, "red"))
    svg = drawn(panel(steps=steps), course(1, pair="A"))
    assert svg.count("stroke-dasharray") == 1


@pytest.mark.parametrize(("value", "colour"), [(0, "#37872d"), (1, "#e0670b"), (7, "#c4162a")])
def test_a_stat_is_its_latest_value_in_the_colour_of_its_threshold(
    value: float, colour: str
) -> None:
    steps = ((None, "green"), (1.0, "orange"), (5.0, "red"))
    svg = drawn(panel(kind="stat", steps=steps), course(9, value, pair="A"))
    assert re.search(rf'fill="{colour}">{value}</text>', svg)


@pytest.mark.parametrize(("zero", "shown"), [(True, "0"), (False, "-")])
def test_a_panel_without_series_says_so(zero: bool, shown: str) -> None:
    assert words(drawn(panel(zero=zero)))[-1] == shown


def test_a_table_puts_one_label_in_rows_and_another_in_columns() -> None:
    what = panel(kind="table", across=("pair", "window", ("1h", "24h")))
    said = words(
        drawn(
            what,
            course(7, pair="A-B", window="24h"),
            course(2, pair="A-B", window="1h"),
            course(1, pair="C-D", window="24h"),
        )
    )
    assert said[-9:] == [*("pair", "1h", "24h"), *("A-B", "2", "7"), *("C-D", "", "1")]


def test_a_table_without_columns_of_its_own_shows_labels_and_no_time() -> None:
    said = words(drawn(panel(kind="table"), course(1, version="0.1.0", digest="ab")))
    assert said[-4:] == ["version", "digest", "0.1.0", "ab"]


def test_what_has_no_room_in_a_table_or_legend_is_counted() -> None:
    many = [course(1, pair=f"pair number {n}") for n in range(60)]
    assert any(re.fullmatch(r"and \d+ more", word) for word in words(drawn(panel(), *many)))
    assert "and 53 more" in words(drawn(panel(kind="table"), *many))


def test_a_label_from_outside_is_no_markup() -> None:
    assert "<b>&" in words(drawn(panel(), course(1, pair="<b>&")))


def test_a_prometheus_that_is_not_there_is_named() -> None:
    with pytest.raises(SourceError, match=r"http://127\.0\.0\.1:1: "):
        Source("http://127.0.0.1:1").instant("up")
