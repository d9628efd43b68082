"""A panel in a few words, and its long form in Grafana's JSON (schema version 39, Grafana 11+)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["stat", "timeseries", "table", "bargauge", "heatmap", "state-timeline"]

WIDTH = 24
"""Columns of Grafana's grid."""
SCHEMA = 39
DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}

SEVERITY_COLOURS = {
    "critical": "dark-red",
    "high": "semi-dark-red",
    "medium": "orange",
    "low": "blue",
    "info": "text",
}


@dataclass(frozen=True, slots=True)
class Query:
    """A PromQL expression and how its series are called."""

    expr: str
    legend: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel.

    Parameters
    ----------
    title, description
        What it shows, and what to do when it looks wrong.
    queries
        At least one.
    kind
        Grafana's panel type.
    unit
        Grafana's unit id (``s``, ``percentunit``, ``short``, ``bytes``).
    width, height
        In the grid's columns and rows.
    stacked
        Whether series are summed on top of one another.
    steps
        Thresholds: value from which a colour holds; the first is None, "from the beginning".
    zero
        Shown where a query has no series: for counters of things that have not happened.
    across
        Of a table: two labels, of which the first has a row and the second a column for each
        value, and the columns in order.
    """

    title: str
    description: str
    queries: tuple[Query, ...]
    kind: Kind = "timeseries"
    unit: str = "short"
    width: int = 8
    height: int = 7
    stacked: bool = False
    steps: tuple[tuple[float | None, str], ...] = ((None, "green"),)
    zero: bool = False
    across: tuple[str, str, tuple[str, ...]] | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """Panels under one heading."""

    title: str
    panels: tuple[Panel, ...]


@dataclass(frozen=True, slots=True)
class Variable:
    """A choice at the head of a dashboard: the values of a query, cut by an expression."""

    name: str
    query: str
    regex: str = ""


@dataclass(frozen=True, slots=True)
class Dashboard:
    """A whole dashboard."""

    uid: str
    title: str
    description: str
    rows: tuple[Row, ...]
    variables: tuple[Variable, ...]


def dashboard_json(dashboard: Dashboard) -> str:
    """Return a dashboard as the JSON that Grafana provisions."""
    content = {
        "uid": dashboard.uid,
        "title": dashboard.title,
        "description": dashboard.description,
        "tags": ["escalation"],
        "schemaVersion": SCHEMA,
        "version": 1,
        "editable": True,
        "refresh": "30s",
        "time": {"from": "now-24h", "to": "now"},
        "timezone": "utc",
        "graphTooltip": 1,
        "templating": {"list": _variables(dashboard)},
        "annotations": {"list": []},
        "links": [
            {
                "type": "dashboards",
                "tags": ["escalation"],
                "title": "Escalation Signals",
                "asDropdown": False,
            }
        ],
        "panels": _laid_out(dashboard),
    }
    return json.dumps(content, indent=2) + "\n"


def _variables(dashboard: Dashboard) -> list[dict[str, Any]]:
    source = {
        "name": "datasource",
        "label": "Data source",
        "type": "datasource",
        "query": "prometheus",
        "current": {},
    }
    asked = [
        {
            "name": variable.name,
            "label": variable.name.capitalize(),
            "type": "query",
            "datasource": DATASOURCE,
            "query": {"query": variable.query, "refId": variable.name},
            "regex": variable.regex,
            "refresh": 2,
            "includeAll": True,
            # Also what has no such label: outside of a cluster there is no namespace.
            "allValue": ".*",
            "multi": True,
            "current": {"text": "All", "value": "$__all"},
            "sort": 1,
        }
        for variable in dashboard.variables
    ]
    return [source, *asked]


def _laid_out(dashboard: Dashboard) -> list[dict[str, Any]]:
    panels: list[dict[str, Any]] = []
    top = 0
    for row in dashboard.rows:
        panels.append(
            {
                "type": "row",
                "title": row.title,
                "id": len(panels) + 1,
                "collapsed": False,
                "panels": [],
                "gridPos": {"x": 0, "y": top, "w": WIDTH, "h": 1},
            }
        )
        top += 1
        left = height = 0
        for panel in row.panels:
            if left + panel.width > WIDTH:
                top, left, height = top + height, 0, 0
            place = {"x": left, "y": top, "w": panel.width, "h": panel.height}
            panels.append(_panel(panel, len(panels) + 1, place))
            left, height = left + panel.width, max(height, panel.height)
        top += height
    return panels


def _panel(panel: Panel, number: int, place: dict[str, int]) -> dict[str, Any]:
    table = panel.kind == "table"
    return {
        "id": number,
        "type": panel.kind,
        "title": panel.title,
        "description": panel.description,
        "datasource": DATASOURCE,
        "gridPos": place,
        "targets": [
            {
                "refId": chr(ord("A") + at),
                "datasource": DATASOURCE,
                "expr": query.expr,
                "legendFormat": query.legend or "__auto",
                "instant": table or panel.kind == "bargauge",
                "range": not table and panel.kind != "bargauge",
                "format": "table" if table else "time_series",
            }
            for at, query in enumerate(panel.queries)
        ],
        "fieldConfig": {
            "defaults": {
                "unit": panel.unit,
                "min": 0,
                "noValue": "0" if panel.zero else "-",
                "thresholds": {
                    "mode": "absolute",
                    "steps": [{"value": value, "color": colour} for value, colour in panel.steps],
                },
                "custom": _drawing(panel),
            },
            "overrides": [
                {
                    "matcher": {"id": "byName", "options": word},
                    "properties": [
                        {"id": "color", "value": {"mode": "fixed", "fixedColor": colour}}
                    ],
                }
                for word, colour in SEVERITY_COLOURS.items()
            ],
        },
        "options": _options(panel),
        "transformations": _transformations(panel) if table else [],
    }


def _transformations(panel: Panel) -> list[dict[str, Any]]:
    """Return what makes a table of a query's series; else it has a row for each, with the time."""
    hidden = {"excludeByName": {"Time": True, "Value": True}}
    if panel.across is None:
        return [{"id": "organize", "options": hidden}]
    row, column, columns = panel.across
    head = f"{row}\\{column}"
    places = {name: at for at, name in enumerate((head, *columns))}
    return [
        {
            "id": "groupingToMatrix",
            "options": {"rowField": row, "columnField": column, "valueField": "Value"},
        },
        {
            "id": "organize",
            "options": {**hidden, "indexByName": places, "renameByName": {head: row}},
        },
    ]


def _drawing(panel: Panel) -> dict[str, Any]:
    if panel.kind != "timeseries":
        return {}
    mode = "normal" if panel.stacked else "none"
    return {
        "drawStyle": "bars" if panel.stacked else "line",
        "fillOpacity": 60 if panel.stacked else 8,
        "lineWidth": 1,
        "showPoints": "never",
        "stacking": {"mode": mode, "group": "A"},
        "thresholdsStyle": {"mode": "dashed" if len(panel.steps) > 1 else "off"},
    }


def _options(panel: Panel) -> dict[str, Any]:
    reduce = {"calcs": ["lastNotNull"], "fields": "", "values": False}
    if panel.kind == "stat":
        return {"reduceOptions": reduce, "colorMode": "value", "graphMode": "area"}
    if panel.kind == "bargauge":
        return {"reduceOptions": reduce, "orientation": "horizontal", "displayMode": "gradient"}
    if panel.kind == "timeseries":
        return {
            "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True},
            "tooltip": {"mode": "multi", "sort": "desc"},
        }
    return {}
