"""A dashboard as a picture: our own rendering of its panels' queries, for where Grafana is not.

It reads the JSON that Grafana is provisioned with, asks a Prometheus every panel's query, and draws
the panels where the dashboard lays them out. It is not Grafana: what it knows is what our
dashboards use. ``python -m streams.dashboards.picture --help``.
"""

from streams.dashboards.picture.sheet import sheet
from streams.dashboards.picture.source import Source, SourceError, Span

__all__ = ["Source", "SourceError", "Span", "sheet"]
