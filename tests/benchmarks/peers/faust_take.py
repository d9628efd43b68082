"""A Faust agent that takes batches."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from benchmarks.peers.faust_app import make_app, publish, run
from benchmarks.peers.job import BATCH, told
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
    """Score each batch; its offsets are acknowledged when the next one is asked for."""
    async for batch in stream.take(BATCH, within=0.1):
        found = [alert for alert in plain.alerts(batch) if alert is not None]
        await asyncio.gather(*(publish(alerts, alert) for alert in found))


if __name__ == "__main__":
    run(app)
