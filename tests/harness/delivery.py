"""The webhooks of a worker inside the test's own event loop."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import TYPE_CHECKING, Any

from prometheus_client import CollectorRegistry

from streams.delivery.webhooks import Webhooks
from streams.progress import Progress
from streams.publisher import Publisher

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from streams.settings import Settings


def targets_file(directory: Path, *targets: dict[str, Any]) -> Path:
    """Write a file of targets on loopback, quick to try again; return its path."""
    quick = {
        "start": "earliest",
        "allow_http": True,
        "allow_private": True,
        "timeout": 5.0,
        "backoff": 0.02,
        "backoff_max": 0.2,
        "circuit_pause": 0.1,
    }
    path = directory / "targets.json"
    path.write_text(json.dumps({"targets": [quick | target for target in targets]}))
    return path


@contextlib.asynccontextmanager
async def webhooks(settings: Settings, file: Path) -> AsyncIterator[CollectorRegistry]:
    """Run the webhooks of a file; yield the registry of their metrics."""
    registry = CollectorRegistry()
    progress = Progress(settings.stall_timeout)
    async with Publisher(settings, on_error=progress.note_broker) as publisher:
        service = Webhooks(settings, file, publisher, progress, registry)
        await service.start()
        try:
            yield registry
        finally:
            await service.stop()


async def until(condition: Callable[[], bool], what: str, seconds: float = 60) -> None:
    """Return as soon as the condition holds; fail the test when it never does."""
    try:
        async with asyncio.timeout(seconds):
            while not condition():  # noqa: ASYNC110 - what others know, which send no event
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(f"not within {seconds:g} seconds: {what}") from None
