"""A whole dashboard: every panel where the grid has it, with what its queries have found."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from streams.dashboards.picture.chart import chart
from streams.dashboards.picture.frame import (
    COLUMN,
    MARGIN,
    ROW,
    Box,
    Named,
    framed,
    heading,
    inside,
    nothing,
    placed,
)
from streams.dashboards.picture.rows import rows
from streams.dashboards.picture.small import bars, stat, table
from streams.dashboards.picture.variables import filled
from streams.svg import PALE, document, text

if TYPE_CHECKING:
    from streams.dashboards.picture.source import Series, Source, Span

HEAD: Final = 58
GRID: Final = 24
NOTE: Final = "our rendering of the panels' queries, not Grafana's"


def sheet(dashboard: dict[str, Any], source: Source, span: Span, interval: str) -> str:
    """Return a dashboard as SVG.

    Parameters
    ----------
    dashboard
        The provisioned JSON.
    source
        What is asked.
    span
        What time is shown.
    interval
        In place of ``$__rate_interval``, for example ``1m``.

    Raises
    ------
    SourceError
        A query is refused, or nobody answers.
    """
    width = GRID * COLUMN + 2 * MARGIN
    height = HEAD + MARGIN + ROW * max(_bottom(panel) for panel in dashboard["panels"])
    begin, end = (datetime.fromtimestamp(at, UTC) for at in (span.start, span.end))
    when = f"{begin:%Y-%m-%d %H:%M} to {end:%H:%M} UTC · {NOTE}"
    parts = [
        text(MARGIN + 4, 26, dashboard["title"], size=20, weight="bold"),
        text(MARGIN + 4, 46, when, size=12, colour=PALE),
    ]
    for panel in dashboard["panels"]:
        box = placed(panel, HEAD)
        if panel["type"] == "row":
            parts += heading(panel, box)
        else:
            found = _asked(panel, dashboard, source, span, interval)
            parts += [*framed(panel, box), *_drawn(panel, inside(box), found, span)]
    return document(width, height, dashboard["title"], parts)


def _bottom(panel: dict[str, Any]) -> int:
    place: dict[str, int] = panel["gridPos"]
    return place["y"] + place["h"]


def _asked(
    panel: dict[str, Any], dashboard: dict[str, Any], source: Source, span: Span, interval: str
) -> list[Named]:
    found = []
    for target in panel["targets"]:
        expr = filled(target["expr"], dashboard, interval)
        series = source.instant(expr, span.end) if target["instant"] else source.course(expr, span)
        found += [Named(_name(target["legendFormat"], each), each) for each in series]
    return found


def _name(legend: str, series: Series) -> str:
    if legend == "__auto":
        return ", ".join(series.labels.values()) or "Value"
    return re.sub(r"{{(\w+)}}", lambda found: series.labels.get(found[1], ""), legend).strip()


def _drawn(panel: dict[str, Any], box: Box, found: list[Named], span: Span) -> list[str]:
    if not found:
        return nothing(panel, box)
    match panel["type"]:
        case "timeseries":
            return chart(panel, box, found, span)
        case "stat":
            return stat(panel, box, found, span)
        case "bargauge":
            return bars(panel, box, found)
        case "table":
            return table(*rows(panel, found), box)
    raise ValueError(f"{panel['title']}: no picture is made of a panel of type {panel['type']}")
