"""A dashboard's variables, each set to All, in the expressions of its panels."""

from __future__ import annotations

from typing import Any


def filled(expr: str, dashboard: dict[str, Any], interval: str) -> str:
    """Return an expression with every variable replaced.

    Parameters
    ----------
    expr
        Of a panel's target.
    dashboard
        The provisioned JSON.
    interval
        In place of ``$__rate_interval``: four scrapes, as Grafana takes it.
    """
    for variable in dashboard["templating"]["list"]:
        if "allValue" in variable:
            expr = expr.replace(f"${variable['name']}", variable["allValue"])
    return expr.replace("$__rate_interval", interval)
