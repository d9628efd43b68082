"""A worker's metrics as numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client.parser import text_string_to_metric_families

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client.samples import Sample

    from harness.worker import WorkerProcess


def value(worker: WorkerProcess, name: str, **labels: str) -> float:
    """Return the sum of the samples of a name that have these labels; 0 when there is none."""
    return sum(
        sample.value for sample in _samples(worker, name) if labels.items() <= sample.labels.items()
    )


def buckets(worker: WorkerProcess, histogram: str) -> dict[float, float]:
    """Return the buckets of a histogram as they are now: upper bound -> observations below it."""
    return {float(s.labels["le"]): s.value for s in _samples(worker, f"{histogram}_bucket")}


def quantile(before: dict[float, float], after: dict[float, float], share: float) -> float:
    """Return the upper bound of the bucket with this quantile of what was observed in between."""
    grown = {bound: count - before[bound] for bound, count in after.items()}
    wanted = share * max(grown.values())
    return min(bound for bound, count in grown.items() if count >= wanted)


def _samples(worker: WorkerProcess, name: str) -> Iterator[Sample]:
    for family in text_string_to_metric_families(worker.get("/metrics")):
        yield from (sample for sample in family.samples if sample.name == name)
