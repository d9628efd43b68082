"""A confluent-kafka loop with batches: the strongest thing that is written in a day."""

from __future__ import annotations

import orjson
from confluent_kafka import Consumer, Message, Producer

from benchmarks.peers.job import BATCH, told
from benchmarks.peers.plain import Plain, encode


def main() -> None:
    """Consume, score, publish, commit, for ever."""
    job = told()
    plain = Plain(job.model)
    consumer = Consumer(
        {
            "bootstrap.servers": job.servers,
            "group.id": job.group,
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
        }
    )
    producer = Producer(
        {
            "bootstrap.servers": job.servers,
            "enable.idempotence": True,  # acks=all with it
            "compression.type": "zstd",
        }
    )
    consumer.subscribe([job.items])
    while True:
        batch: list[Message] = [
            message for message in consumer.consume(BATCH, timeout=0.1) if message.error() is None
        ]
        if not batch:
            continue
        for alert in plain.alerts([orjson.loads(message.value()) for message in batch]):
            if alert is not None:
                producer.produce(job.alerts, encode(alert), alert["id"])
        if producer.flush(30):
            raise RuntimeError("alerts were not acknowledged")
        consumer.commit(asynchronous=False)


if __name__ == "__main__":
    main()
