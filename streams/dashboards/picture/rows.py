"""What a table shows: labels and values of its series, put in order as the panel says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from streams.dashboards.picture.units import told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.dashboards.picture.frame import Named

Rows = list[dict[str, str]]


def rows(panel: dict[str, Any], found: Sequence[Named]) -> tuple[list[str], list[list[str]]]:
    """Return the heads and the cells of a table, after the panel's transformations."""
    unit = panel["fieldConfig"]["defaults"]["unit"]
    made = [each.series.labels | {"Value": told(each.series.last, unit)} for each in found]
    for step in panel.get("transformations", []):
        made = TRANSFORMATIONS[step["id"]](made, step["options"])
    heads = list(dict.fromkeys(name for row in made for name in row))
    return heads, [[row.get(head, "") for head in heads] for row in made]


def _matrix(made: Rows, options: dict[str, Any]) -> Rows:
    """Return a row for each value of one label, with a column for each value of another."""
    by_row: dict[str, dict[str, str]] = {}
    row, column = options["rowField"], options["columnField"]
    head = f"{row}\\{column}"
    for each in made:
        cells = by_row.setdefault(each[row], {head: each[row]})
        cells[each[column]] = each[options["valueField"]]
    return list(by_row.values())


def _organize(made: Rows, options: dict[str, Any]) -> Rows:
    """Return the columns that are not hidden, in their order, under their new names."""
    order, names = options.get("indexByName", {}), options.get("renameByName", {})
    hidden = options["excludeByName"]
    return [
        {
            names.get(name, name): row[name]
            for name in sorted(row, key=lambda each: order.get(each, len(order)))
            if not hidden.get(name)
        }
        for row in made
    ]


TRANSFORMATIONS = {"groupingToMatrix": _matrix, "organize": _organize}
"""Those that our dashboards use, by Grafana's names."""
