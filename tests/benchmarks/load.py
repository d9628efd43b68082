"""`python -m benchmarks.load SERVERS TOPIC FILE FIRST COUNT RATE`: an open-loop load.

Item n is meant for the moment ``begun + n / rate``. What cannot be sent then is sent as soon as it
can, and its latency counts from the moment that was meant.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import time
from pathlib import Path

from aiokafka import AIOKafkaProducer

from benchmarks.world import messages

TICK_SECONDS = 0.002
AHEAD_SECONDS = 0.2


async def main(servers: str, topic: str, path: Path, numbers: range, rate: float) -> None:
    """Send, and print when it began and how late the latest item was sent."""
    with path.open("rb") as lines:
        found = list(itertools.islice(messages(lines, topic), numbers.start, numbers.stop))
    count = len(numbers)
    async with AIOKafkaProducer(bootstrap_servers=servers, acks="all", linger_ms=0) as producer:
        await producer.partitions_for(topic)
        begun = time.time() + AHEAD_SECONDS
        sent, late, waiting = 0, 0.0, []
        while sent < count:
            due = min(count, int((time.time() - begun) * rate) + 1)
            for number in range(sent, due):
                late = max(late, time.time() - begun - number / rate)
                _, key, value, _, _, partition = found[number]
                waiting.append(await producer.send(topic, value, key, partition))
            sent = max(sent, due)
            await asyncio.sleep(TICK_SECONDS)
        await asyncio.gather(*waiting)
    print(json.dumps({"begun": begun, "late": late}))  # noqa: T201 - the answer to the parent


if __name__ == "__main__":
    servers, topic, path, first, count, rate = sys.argv[1:]
    asked = range(int(first), int(first) + int(count))
    asyncio.run(main(servers, topic, Path(path), asked, float(rate)))
