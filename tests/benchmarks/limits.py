"""`python -m benchmarks.limits WHAT ...`: how fast a part of the job is when it is all there is.

``consume SERVERS TOPIC GROUP SECONDS`` only consumes and commits; ``scorer JUDGE THREADS FILE
SECONDS`` is our scorer, and ``plain MODEL FILE SECONDS`` the peers' pipeline, both on items in
memory. Prints items, seconds and processor seconds.
"""

from __future__ import annotations

import itertools
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.records import record

from benchmarks.peers.job import BATCH
from benchmarks.threads import model_with
from streams.records import ModelRef
from streams.scoring import Scorer
from streams.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

WARM_SECONDS = 1.0


def consume(servers: str, topic: str, group: str, seconds: str) -> dict[str, float]:
    """Consume and commit batches, nothing else."""
    from confluent_kafka import Consumer  # noqa: PLC0415 - only this limit needs it

    consumer = Consumer(
        {
            "bootstrap.servers": servers,
            "group.id": group,
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
        }
    )
    consumer.subscribe([topic])

    def step() -> int:
        batch = consumer.consume(BATCH, timeout=1.0)
        if batch:
            consumer.commit(asynchronous=False)
        return len(batch)

    while not step():
        pass
    return _measured(step, float(seconds), stop_when_empty=True)


def scorer(judge: str, threads: str, path: str, seconds: str) -> dict[str, float]:
    """Score batches with our scorer."""
    model = model_with(int(threads), None if judge == "default" else judge)
    ours = Scorer(model, ModelRef(version="", digest=""), load_settings().max_item_bytes)
    return _over(path, seconds, [record, ours.score])


def plain(model: str, path: str, seconds: str) -> dict[str, float]:
    """Decode and score batches with the peers' pipeline."""
    import orjson  # noqa: PLC0415 - only the peers need it

    from benchmarks.peers.plain import Plain  # noqa: PLC0415 - and this

    peer = Plain(model)
    return _over(
        path, seconds, [bytes, lambda lines: peer.alerts([orjson.loads(x) for x in lines])]
    )


def _over(path: str, seconds: str, how: Sequence[Callable[[Any], Any]]) -> dict[str, float]:
    prepare, score = how
    lines = Path(path).read_bytes().splitlines()
    batches = itertools.cycle([lines[at : at + BATCH] for at in range(0, len(lines), BATCH)])

    def step() -> int:
        batch = [prepare(line) for line in next(batches)]
        score(batch)
        return len(batch)

    begun = time.perf_counter()
    while time.perf_counter() - begun < WARM_SECONDS:
        step()
    return _measured(step, float(seconds))


def _measured(
    step: Callable[[], int], seconds: float, *, stop_when_empty: bool = False
) -> dict[str, float]:
    begun, spent, items = time.perf_counter(), time.process_time(), 0
    while (now := time.perf_counter()) - begun < seconds:
        done = step()
        if stop_when_empty and not done:
            break
        items += done
        now = time.perf_counter()
    cpu = time.process_time() - spent
    return {"rate": items / (now - begun), "cpu": 1000 * cpu / items}


if __name__ == "__main__":
    known: dict[str, Callable[..., dict[str, float]]] = {
        "consume": consume,
        "scorer": scorer,
        "plain": plain,
    }
    what = known[sys.argv[1]]
    print(json.dumps(what(*sys.argv[2:])))  # noqa: T201 - the answer to the parent
