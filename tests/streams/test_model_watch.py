"""A running worker exchanges its model for a better one, and keeps it for anything worse."""

from __future__ import annotations

import asyncio
import json
import shutil
from dataclasses import replace
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from harness.models import WordModel
from harness.records import record
from prometheus_client import CollectorRegistry

import classifier
from classifier import BundleError
from streams.metrics import Metrics
from streams.model_watch import ModelWatch
from streams.records import ModelRef
from streams.scoring import Scorer
from streams.shadow import Shadow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from classifier import Assessment, Item

NEW = "1" * 64


class Better(WordModel):
    """Another model under another name."""

    info = SimpleNamespace(version="new", digest=NEW, trained="2026-11-20T00:00:00+00:00")


@pytest.fixture
def metrics() -> Metrics:
    return Metrics(CollectorRegistry())


@pytest.fixture
def scorer() -> Scorer:
    return Scorer(WordModel(), ModelRef(version="word", digest="0" * 64), 1 << 20)


def manifest(path: Path, digest: str) -> Path:
    path.mkdir(exist_ok=True)
    content = {"format": classifier.bundle.FORMAT, "digest": digest}
    (path / "manifest.json").write_text(
        json.dumps({**content, "files": {}, "versions": {}, "floors": {}})
    )
    return path


def changes(metrics: Metrics, result: str) -> float:
    found = metrics.registry.get_sample_value("escalation_model_changes_total", {"result": result})
    return found or 0.0


def look(
    scorer: Scorer,
    path: Path,
    metrics: Metrics,
    accept: Callable[[], Any] | None = None,
    times: int = 1,
) -> None:
    async def looking() -> None:
        examine = accept or partial(classifier.accept, path)
        watch = ModelWatch(scorer, path, examine, 1.0, metrics)
        for _ in range(times):
            await watch.look()
        await watch.on_stop()

    asyncio.run(looking())


def test_an_accepted_bundle_scores_from_the_next_batch_on(
    scorer: Scorer, metrics: Metrics, tmp_path: Path
) -> None:
    """The signal names the model that scored it, and the metrics the one in service."""
    look(scorer, manifest(tmp_path / "m", NEW), metrics, Better)

    [outcome] = scorer.score([record(b'{"id": "a", "title": "T", "text": "troops"}')])
    assert outcome.signal is not None
    assert outcome.signal.model == ModelRef(version="new", digest=NEW)
    assert changes(metrics, "accepted") == 1
    assert metrics.registry.get_sample_value(
        "escalation_model_info",
        {"version": "new", "digest": NEW, "trained": "2026-11-20T00:00:00+00:00"},
    )


def test_a_refused_bundle_is_looked_at_once_and_changes_nothing(
    scorer: Scorer, metrics: Metrics, tmp_path: Path
) -> None:
    """The model in service goes on; the refusal is counted."""
    before = scorer.serving

    def refuse() -> None:
        raise BundleError("it was altered")

    look(scorer, manifest(tmp_path / "m", NEW), metrics, refuse, times=3)

    assert scorer.serving is before
    assert changes(metrics, "refused") == 1


def test_a_look_between_the_two_renames_of_a_promotion_changes_nothing(
    scorer: Scorer, metrics: Metrics, tmp_path: Path
) -> None:
    """A directory that is gone for a moment is no fault."""
    before = scorer.serving

    look(scorer, tmp_path / "gone", metrics)

    assert scorer.serving is before
    assert changes(metrics, "refused") == 0


def test_a_real_bundle_that_was_tampered_with_is_refused(
    scorer: Scorer, metrics: Metrics, bundle_path: Path, tmp_path: Path
) -> None:
    """With the real examination, not a stand-in."""
    shutil.copytree(bundle_path, tmp_path / "m")
    with (tmp_path / "m" / "model.joblib").open("ab") as file:
        file.write(b"x")

    look(scorer, tmp_path / "m", metrics)

    assert scorer.serving.reference.version == "word"
    assert changes(metrics, "refused") == 1


class Contrary(WordModel):
    """Alerts where the other does not; breaks on a word."""

    def assess(self, items: Sequence[Item]) -> list[Assessment]:
        """Return the opposite."""
        found = super().assess(items)
        return [replace(each, alert=not each.alert, score=1 - each.score) for each in found]


def agreement(metrics: Metrics, kind: str) -> float:
    name = "escalation_shadow_items_total"
    return metrics.registry.get_sample_value(name, {"agreement": kind}) or 0.0


def test_a_shadow_counts_what_it_would_change_and_changes_nothing(metrics: Metrics) -> None:
    """The outcomes are the served model's."""
    reference = ModelRef(version="word", digest="0" * 64)
    scorer = Scorer(WordModel(), reference, 1 << 20, [Shadow(Contrary(), metrics)])

    outcomes = scorer.score(
        [record(b'{"id": "a", "text": "troops"}'), record(b'{"id": "b", "text": "rain"}')]
    )

    assert [outcome.name for outcome in outcomes] == ["signal", "below_floor"]
    assert agreement(metrics, "only_served") == agreement(metrics, "only_shadow") == 1


def test_a_shadow_that_raises_costs_nothing_but_its_comparison(metrics: Metrics) -> None:
    """And says so in a counter."""

    class Broken(WordModel):
        def assess(self, items: Sequence[Item]) -> list[Assessment]:
            raise ZeroDivisionError(len(items))

    reference = ModelRef(version="word", digest="0" * 64)
    scorer = Scorer(WordModel(), reference, 1 << 20, [Shadow(Broken(), metrics)])

    [outcome] = scorer.score([record(b'{"id": "a", "text": "troops"}')])

    assert outcome.name == "signal"
    assert agreement(metrics, "failed") == 1
