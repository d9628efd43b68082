"""A worker exchanges its model under load, on a real broker: nothing lost, nothing repeated."""

from __future__ import annotations

import shutil
import threading
from collections import Counter
from typing import TYPE_CHECKING

import msgspec
import pytest
from harness.bundles import break_manifest, successor
from harness.kafka import read_all, send
from harness.scrape import quantile, value
from harness.worker import WorkerProcess, wait_until

import classifier
from classifier import bundle
from classifier.corpus import load_corpus
from streams.records import Message, decode_signal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from streams.settings import Settings

pytestmark = [pytest.mark.kafka, pytest.mark.apache]

ITEMS = 5000
RATE = 500.0


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
    record_property: Callable[[str, object], None],
) -> None:
    """500 items a second; both models have scored; the broken one is refused with its reason."""
    corpus = load_corpus()
    ordinary = [example.text for example in corpus if not example.labels][:ITEMS]
    cues = iter([example.text for example in corpus if example.labels])
    texts = [next(cues) if n % 20 == 0 else text for n, text in enumerate(ordinary)]
    feed = [
        Message(settings.items_topic, b"%d" % n, msgspec.json.encode({"id": f"i{n}", "text": text}))
        for n, text in enumerate(texts)
    ]
    old = classifier.load(served).info.digest
    sending = threading.Thread(target=send, args=(settings, feed, RATE))
    sending.start()
    wait_until("the old model scores", lambda: _scored(worker) > 500, 60)

    new = classifier.promote(successor(served, tmp_path / "successor"), served)
    wait_until("the new model is in service", lambda: _changes(worker, "accepted") == 1, 120)
    (served / bundle.MODEL_FILE).write_bytes(b"broken")
    break_manifest(served)
    wait_until("the broken bundle is refused", lambda: _changes(worker, "refused") == 1, 60)
    sending.join()
    wait_until("every item is committed", lambda: _scored(worker) >= ITEMS, 120)

    signals = [decode_signal(r.value or b"") for r in read_all(settings, settings.signals_topic)]
    repeats = {name: n for name, n in Counter(s.id for s in signals).items() if n > 1}
    record_property(
        "batch_seconds_p99", quantile(worker, "escalation_score_duration_seconds", 0.99)
    )
    assert _scored(worker) == ITEMS
    assert repeats == {}
    assert {signal.model.digest for signal in signals} == {old, new}
    assert "was altered" in worker.log


def _scored(worker: WorkerProcess) -> float:
    return value(worker, "escalation_items_total")


def _changes(worker: WorkerProcess, result: str) -> float:
    return value(worker, "escalation_model_changes_total", result=result)
