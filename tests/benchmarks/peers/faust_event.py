"""A Faust agent, event by event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.peers.faust_app import make_app, publish, run
from benchmarks.peers.job import told
from benchmarks.peers.plain import Plain

if TYPE_CHECKING:
    import faust

job = told()
plain = Plain(job.model)
app = make_app(job)
items = app.topic(job.items)
alerts = app.topic(job.alerts, value_serializer="raw")


@app.agent(items)
async def score(stream: faust.Stream) -> None:
    """Score each item; its offset is acknowledged when the next one is asked for."""
    async for item in stream:
        alert = plain.alert(item)
        if alert is not None:
            await publish(alerts, alert)


if __name__ == "__main__":
    run(app)
