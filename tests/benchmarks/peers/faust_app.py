"""What both peers on Faust share: the app and its topics."""

from __future__ import annotations

from typing import TYPE_CHECKING

import faust

from benchmarks.peers.plain import encode

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from benchmarks.peers.job import Job


def make_app(job: Job) -> faust.App:
    """Return an app as its documentation would have it, for topics that exist."""
    return faust.App(
        job.group,
        broker=f"kafka://{job.servers}",
        datadir=job.directory,
        store="memory://",
        value_serializer="json",
        consumer_auto_offset_reset="earliest",
        producer_acks=-1,
        topic_disable_leader=True,
        web_enabled=False,
    )


async def publish(topic: faust.Topic, alert: Mapping[str, Any]) -> None:
    """Return when the broker has acknowledged an alert."""
    sent = await topic.send(key=alert["id"], value=encode(alert))
    await sent


def run(app: faust.App) -> None:
    """Run a worker with this app until it is told to stop."""
    faust.Worker(app, loglevel="warning", quiet=True).execute_from_commandline()
