"""An aiokafka loop with batches, scored in a thread so that heartbeats go on."""

from __future__ import annotations

import asyncio

import orjson
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from benchmarks.peers.job import BATCH, told
from benchmarks.peers.plain import Plain, encode


async def main() -> None:
    """Consume, score, publish, commit, for ever."""
    job = told()
    plain = Plain(job.model)
    consumer = AIOKafkaConsumer(
        job.items,
        bootstrap_servers=job.servers,
        group_id=job.group,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    producer = AIOKafkaProducer(
        bootstrap_servers=job.servers, enable_idempotence=True, compression_type="zstd"
    )
    async with consumer, producer:
        while True:
            fetched = await consumer.getmany(timeout_ms=200, max_records=BATCH)
            records = [record for partition in fetched.values() for record in partition]
            if not records:
                continue
            items = [orjson.loads(record.value) for record in records]
            alerts = await asyncio.to_thread(plain.alerts, items)
            sent = [
                await producer.send(job.alerts, encode(alert), key=alert["id"].encode())
                for alert in alerts
                if alert is not None
            ]
            await asyncio.gather(*sent)
            await consumer.commit()


if __name__ == "__main__":
    asyncio.run(main())
