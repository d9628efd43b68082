"""What a signal costs the incidents stage when many incidents are open; without Kafka."""

from __future__ import annotations

import gc
import random
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from harness.incidents import all_committed
from incidents.scale import PARTITIONS, START, _signal, hash_of, resident_mb

from streams.incidents.engine import Engine
from streams.incidents.policy import Policy
from streams.records import decode_signal, encode
from streams.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

HOURS = timedelta(hours=6)
"""In which all signals come, so that no incident goes quiet meanwhile."""


def cost(opened: int, signals: int, repetitions: int) -> Iterator[dict[str, Any]]:
    """Yield what one of so many signals costs, in processor seconds, with so many incidents open.

    One signal opens the incident of each key; those that are measured fall on keys at random.
    """
    draw = random.Random(opened)
    engine = Engine(Policy.of(load_settings(time_source="event")), {}, all_committed)
    engine.book.recover(range(PARTITIONS))
    keys = [*range(opened), *(draw.randrange(opened) for _ in range(signals * repetitions))]
    gc.freeze()
    spent = 0.0
    for number, key in enumerate(keys):
        value = encode(_signal(draw, number, key, START + HOURS * (number / len(keys))))
        started = time.process_time()
        signal = decode_signal(value)
        for _ in engine.signal(hash_of(signal.key), number, signal):
            pass
        spent += time.process_time() - started
        done = number + 1 - opened
        if done == 0:
            spent = 0.0
        elif done > 0 and done % signals == 0:
            held = sum(each.open for each in engine.book.partitions.values())
            yield {"opened": opened, "open": held, "each": spent / signals, "mb": resident_mb()}
            spent = 0.0
