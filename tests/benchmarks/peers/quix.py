"""Quix Streams, message by message; it flushes what it has produced before it commits."""

from __future__ import annotations

from quixstreams import Application

from benchmarks.peers.job import told
from benchmarks.peers.plain import Plain


def main() -> None:
    """Run the pipeline for ever."""
    job = told()
    app = Application(
        broker_address=job.servers,
        consumer_group=job.group,
        auto_offset_reset="earliest",
        auto_create_topics=False,
        loglevel="WARNING",
        producer_extra_config={"enable.idempotence": True, "compression.type": "zstd"},
    )
    items = app.topic(job.items, value_deserializer="json")
    alerts = app.topic(job.alerts, value_serializer="json")
    plain = Plain(job.model)
    scored = app.dataframe(items).apply(plain.alert)
    found = scored.filter(lambda alert: alert is not None)
    found.to_topic(alerts, key=lambda alert: alert["id"])
    app.run()


if __name__ == "__main__":
    main()
