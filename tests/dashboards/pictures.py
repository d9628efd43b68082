"""Pictures of the dashboards with a week of a crisis, replayed in minutes: ``make pictures``.

A real worker on Apache Kafka takes the crisis at the pace of its own times, with ordinary news
beside it, and a real Prometheus scrapes it. On the way an analyst gives verdicts, a webhook's
target fails now and then, and two bundles are promoted, one of which is broken. Then every panel's
queries are drawn, one SVG for each dashboard, into deploy/docs.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import shutil
import tempfile
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from harness.bundles import break_manifest, successor
from harness.delivery import targets_file
from harness.kafka import left, read_all, send
from harness.prometheus import Prometheus, prometheus
from harness.receiver import SECRET, Receiver, badly
from harness.scrape import value
from harness.verdicts import verdict
from harness.worker import WorkerProcess, wait_until

import classifier
from classifier.corpus import load_corpus
from streams.dashboards.picture.__main__ import draw
from streams.feed import read_feed
from streams.local import start_broker
from streams.records import Message, decode_alert, encode
from streams.run import DEMO_FEED
from streams.settings import load_settings
from streams.topics import create_topics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.settings import Settings

PICTURES = Path(__file__).parents[2] / "deploy" / "docs"
CRISIS = DEMO_FEED.with_name("crisis.jsonl")
TICK = 0.5
"""Seconds between two batches of the feed."""

VERDICTS = ("confirm", None), ("confirm", None), ("dismiss", "not_a_cue"), ("note", None)


def main() -> None:
    """Replay, and draw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=4.0, help="that the week takes")
    parser.add_argument(
        "--rate", type=float, default=20.0, help="ordinary items a second beside it"
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pictures-") as name:
        folder = Path(name)
        broker = start_broker(folder / "broker", load_settings().cache, print)
        try:
            settings = _settings(broker.bootstrap_servers, folder)
            _replay(settings, folder, given.minutes * 60, given.rate)
        finally:
            broker.stop()


def _settings(servers: str, folder: Path) -> Settings:
    receiver = Receiver()
    served = folder / "served"
    shutil.copytree(classifier.default_bundle_path(), served)
    settings = load_settings(
        kafka_bootstrap_servers=servers,
        data_dir=folder / "data",
        time_source="event",
        model_path=served,
        model_poll=2.0,
        webhooks_file=_targets(folder, receiver),
    )
    asyncio.run(create_topics(settings))
    threading.Thread(target=asyncio.run, args=(_receive(receiver),), daemon=True).start()
    return settings


async def _receive(receiver: Receiver) -> None:
    receiver.answer = badly(7, fails=0.2, hangs=0.0)
    async with receiver:
        await asyncio.Event().wait()


def _targets(folder: Path, receiver: Receiver) -> Path:
    """Return the file of the one webhook, whose secret stands in another."""
    secret = folder / "secret"
    secret.write_text(SECRET, "utf-8")
    desk = {"name": "desk", "kind": "generic", "url": receiver.url, "secret_file": str(secret)}
    return targets_file(folder, desk | {"allow_http": True, "allow_private": True})


def _replay(settings: Settings, folder: Path, seconds: float, rate: float) -> None:
    worker = WorkerProcess(settings, folder / "worker.log")
    worker.start()
    begun = time.time()
    try:
        with prometheus([worker.address], folder) as watching:
            feeding = threading.Thread(target=_feed, args=(settings, seconds, rate))
            feeding.start()
            _meanwhile(settings, worker, folder, seconds)
            feeding.join()
            wait_until("every record is committed", lambda: left(settings) == 0, 120)
            time.sleep(3 * TICK)
            _draw(watching, (time.time() - begun) / 60)
    finally:
        worker.stop()


def _draw(watching: Prometheus, minutes: float) -> None:
    draw(PICTURES, watching.address, minutes, "15s")


def _feed(settings: Settings, seconds: float, rate: float) -> None:
    """Publish the crisis by its own times, and between it ordinary news of the same hours."""
    send(settings, list(read_feed(DEMO_FEED, settings.items_topic)))
    crisis = [(_published(m.value or b""), m) for m in read_feed(CRISIS, settings.items_topic)]
    crisis.sort(key=lambda each: each[0])
    first, last = crisis[0][0], crisis[-1][0]
    ordinary = _ordinary(settings)
    begun, at = time.monotonic(), 0
    while at < len(crisis):
        share = (time.monotonic() - begun) / seconds
        now = first + (last - first) * share
        due = [each for each in crisis[at:] if each[0] <= now]
        beside = [next(ordinary)(now) for _ in range(round(rate * TICK))]
        send(settings, [message for _, message in due] + beside)
        at += len(due)
        time.sleep(TICK)


def _published(value: bytes) -> datetime:
    item: dict[str, Any] = msgspec.json.decode(value)
    return datetime.fromisoformat(item["published_at"])


def _ordinary(settings: Settings) -> Iterator[Any]:
    """Yield, for ever, what makes a message of a text of ordinary news at a time."""
    texts = [example.text for example in load_corpus() if not example.labels]
    for number, text in enumerate(itertools.cycle(texts)):

        def made(now: datetime, number: int = number, text: str = text) -> Message:
            item = {
                "id": f"ordinary-{number}",
                "text": text,
                "published_at": (now - timedelta(minutes=5)).isoformat(),
                "source": f"paper-{number % 40}.example",
            }
            return Message(settings.items_topic, b"%d" % number, msgspec.json.encode(item))

        yield made


def _meanwhile(settings: Settings, worker: WorkerProcess, folder: Path, seconds: float) -> None:
    """Give verdicts on the first alerts, and promote a sound and a broken bundle."""
    wait_until("there are alerts", lambda: value(worker, "escalation_alerts_total") > 9, seconds)
    alerts = [decode_alert(r.value or b"") for r in read_all(settings, settings.alerts_topic)]
    for number, (alert, (word, reason)) in enumerate(zip(alerts, VERDICTS, strict=False)):
        given = verdict(
            word, reason, id=f"v{number}", incident=alert.incident, key=alert.key, alert=alert.id
        )
        send(settings, [Message(settings.feedback_topic, alert.key.encode(), encode(given))])
    assert settings.model_path is not None
    classifier.promote(successor(settings.model_path, folder / "successor"), settings.model_path)
    wait_until("the successor is in service", lambda: _changes(worker, "accepted") == 1, 120)
    break_manifest(settings.model_path)
    wait_until("the broken bundle is refused", lambda: _changes(worker, "refused") == 1, 60)


def _changes(worker: WorkerProcess, result: str) -> float:
    return value(worker, "escalation_model_changes_total", result=result)


if __name__ == "__main__":
    main()
