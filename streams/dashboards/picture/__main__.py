"""Draw dashboards from a Prometheus: ``python -m streams.dashboards.picture --help``."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path  # noqa: TC003 - typer reads annotations at run time
from typing import Annotated

import typer

from streams.dashboards import DASHBOARDS, dashboard_json
from streams.dashboards.picture import Source, SourceError, Span, sheet

app = typer.Typer()

POINTS = 120


@app.command()
def draw(
    directory: Annotated[Path, typer.Argument(help="Where the pictures go, one SVG each.")],
    prometheus: Annotated[str, typer.Option(help="Address.")] = "http://127.0.0.1:9090",
    minutes: Annotated[float, typer.Option(min=1, help="How far back from now.")] = 60,
    interval: Annotated[str, typer.Option(help="In place of $__rate_interval.")] = "1m",
) -> None:
    """Draw each dashboard with what a Prometheus has of the last minutes."""
    end = time.time()
    span = Span(end - minutes * 60, end, minutes * 60 / POINTS)
    directory.mkdir(parents=True, exist_ok=True)
    for dashboard in DASHBOARDS:
        try:
            picture = sheet(
                json.loads(dashboard_json(dashboard)), Source(prometheus), span, interval
            )
        except SourceError as error:
            sys.exit(f"error: {error}")
        path = directory / f"{dashboard.uid}.svg"
        path.write_text(picture, encoding="utf-8")
        typer.echo(path)


if __name__ == "__main__":
    app()
