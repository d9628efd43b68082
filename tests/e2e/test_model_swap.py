"""A worker exchanges its model under load, on a real broker: nothing lost, nothing repeated."""

from __future__ import annotations

import shutil
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from benchmarks.items import Feed
from harness.bundles import break_manifest, successor
from harness.kafka import read_all, send
from harness.scrape import buckets, quantile, value
from harness.worker import WorkerProcess, wait_until

import classifier
from classifier import bundle
from streams.records import Message, decode_signal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from streams.settings import Settings

pytestmark = [pytest.mark.kafka, pytest.mark.apache]

ITEMS = 5000
RATE = 500.0
SCORING = "escalation_score_duration_seconds"


@pytest.fixture
def served(bundle_path: Path, tmp_path: Path) -> Path:
    """Return a directory of its own with the default bundle."""
    path = tmp_path / "served"
    shutil.copytree(bundle_path, path)
    return path


@pytest.fixture
def worker(settings: Settings, served: Path, tmp_path: Path) -> Iterator[WorkerProcess]:
    """Return a running score stage that looks for a new model every half second."""
    told = settings.model_copy(update={"model_path": served, "model_poll": 0.5})
    process = WorkerProcess(told, tmp_path / "worker.log", stage="score")
    process.start()
    yield process
    process.stop()


def test_a_swap_under_load_loses_and_repeats_nothing_and_a_broken_bundle_changes_nothing(
    settings: Settings,
    worker: WorkerProcess,
    served: Path,
    tmp_path: Path,
    tell: Callable[[str], None],
) -> None:
    """500 items a second; both models have scored; the broken one is refused with its reason."""
    items = Feed(classifier.load(served)).items(ITEMS, 1500, 0.05)
    feed = [Message(settings.items_topic, b"%d" % n, item) for n, item in enumerate(items)]
    old = classifier.load(served).info.digest
    sending = threading.Thread(target=send, args=(settings, feed, RATE))
    sending.start()
    wait_until("the old model scores", lambda: _scored(worker) > 500, 60)

    prepared = successor(served, tmp_path / "successor")
    before, begun = buckets(worker, SCORING), time.monotonic()
    new = classifier.promote(prepared, served)
    wait_until("the new model is in service", lambda: _changes(worker, "accepted") == 1, 120)
    during, seconds = buckets(worker, SCORING), time.monotonic() - begun
    (served / bundle.MODEL_FILE).write_bytes(b"broken")
    break_manifest(served)
    wait_until("the broken bundle is refused", lambda: _changes(worker, "refused") == 1, 60)
    sending.join()
    wait_until("every item is committed", lambda: _scored(worker) >= ITEMS, 120)

    signals = [decode_signal(r.value or b"") for r in read_all(settings, settings.signals_topic)]
    repeats = {name: n for name, n in Counter(s.id for s in signals).items() if n > 1}
    none = dict.fromkeys(before, 0.0)
    tell(
        f"swap under {RATE:.0f} items a second: {seconds:.1f} s from promotion to service; p99 of"
        f" scoring a batch at most {quantile(none, before, 0.99):g} s before,"
        f" {quantile(before, during, 0.99):g} s during,"
        f" {quantile(during, buckets(worker, SCORING), 0.99):g} s after"
    )
    assert _scored(worker) == ITEMS
    assert repeats == {}
    assert {signal.model.digest for signal in signals} == {old, new}
    assert "was altered" in worker.log


def _scored(worker: WorkerProcess) -> float:
    return value(worker, "escalation_items_total")


def _changes(worker: WorkerProcess, result: str) -> float:
    return value(worker, "escalation_model_changes_total", result=result)
