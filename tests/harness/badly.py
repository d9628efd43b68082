"""Alerts to a receiver that fails, hangs and restarts, and what came of them."""

from __future__ import annotations

import asyncio
import itertools
import os
import time
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.alerts import alert
from harness.delivery import targets_file, until, webhooks
from harness.kafka import read_all, send
from harness.receiver import SECRET, Receiver, badly
from streams.cloudevents import alert_message

if TYPE_CHECKING:
    from pathlib import Path

    from streams.settings import Settings

STEPS = 10
DOWN_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run."""

    alerts: int
    requests: int
    answered_badly: int
    never_answered: int
    restarts: int
    missing: list[str]
    out_of_order: list[str]
    bad_signatures: int
    ids_per_alert: set[int]
    repeats: int
    dead_letters: int
    seconds: float


def deliver_badly(
    settings: Settings, directory: Path, alerts: int, *, seed: int = 7, seconds: float = 240
) -> Outcome:
    """Deliver so many alerts to a receiver that fails 30 %, hangs on 5 % and restarts twice."""
    sent = [
        alert(f"i{incident}", number)
        for number in range(1, STEPS + 1)
        for incident in range(alerts // STEPS)
    ]
    send(settings, [alert_message(each, settings.alerts_topic) for each in sent])
    os.environ["DESK_SECRET"] = SECRET
    receiver = Receiver(answer=badly(seed))
    started = time.perf_counter()

    async def run() -> None:
        target = {
            "name": "desk",
            "kind": "generic",
            "url": receiver.url,
            "secret_env": "DESK_SECRET",
            "timeout": 0.5,
            "attempts": 50,
        }
        async with receiver, webhooks(settings, targets_file(directory, target)):
            for share in (1 / 3, 2 / 3):
                count = int(share * alerts)
                await until(lambda c=count: len(receiver.taken()) >= c, "a third more", seconds)  # type: ignore[misc]
                await receiver.stop()
                await asyncio.sleep(DOWN_SECONDS)
                await receiver.start()
            ids = {each.id for each in sent}
            await until(
                lambda: {each.alert["id"] for each in receiver.taken()} >= ids, "all", seconds
            )

    asyncio.run(run())
    taken = [each.alert["id"] for each in receiver.taken()]
    delivery_ids = defaultdict(set)
    for each in receiver.received:
        delivery_ids[each.alert["id"]].add(each.headers["webhook-id"])
    return Outcome(
        alerts=len(sent),
        requests=len(receiver.received),
        answered_badly=sum(each.status >= 300 for each in receiver.received),
        never_answered=sum(each.status == 0 for each in receiver.received),
        restarts=2,
        missing=sorted({each.id for each in sent} - set(taken)),
        out_of_order=[
            incident
            for incident, numbers in receiver.numbers().items()
            if any(later < earlier for earlier, later in itertools.pairwise(numbers))
        ],
        bad_signatures=sum(not each.verifies for each in receiver.received),
        ids_per_alert={len(ids) for ids in delivery_ids.values()},
        repeats=len(receiver.received) - len(delivery_ids),
        dead_letters=len(read_all(settings, settings.webhooks_dead_letters_topic)),
        seconds=round(time.perf_counter() - started, 1),
    )
