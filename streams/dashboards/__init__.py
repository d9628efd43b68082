"""What Grafana shows: two dashboards, generated from one description of each panel.

Written to ``deploy/grafana/dashboards`` by ``make docs``; a test runs the query of every panel
against a Prometheus that scrapes a real worker.
"""

from streams.dashboards.analyst import ANALYST
from streams.dashboards.operator import OPERATOR
from streams.dashboards.panels import Dashboard, Panel, Query, Row, Variable, dashboard_json

DASHBOARDS: tuple[Dashboard, ...] = (ANALYST, OPERATOR)

__all__ = ["DASHBOARDS", "Dashboard", "Panel", "Query", "Row", "Variable", "dashboard_json"]
