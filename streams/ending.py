"""How a stage ends its worker when it cannot go on: one way for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from streams.errors import AccessError

if TYPE_CHECKING:
    from mode import Service

    from streams.progress import Progress

log = structlog.get_logger(__name__)


async def give_up(service: Service, progress: Progress, stage: str, error: Exception) -> None:
    """End the worker: its log says why, liveness fails until it is over, the exit code is 1.

    A refusal of the broker says all in its message; anything else is told with its traceback. To
    be called outside of the ``except``: the supervisor logs what is being handled.
    """
    note_end(progress, stage, error)
    await service.crash(error)


def note_end(progress: Progress, stage: str, error: Exception) -> None:
    """Tell the log and the probes why a stage has stopped for good."""
    progress.fatal = progress.fatal or f"{stage}: {error}"
    trace = None if isinstance(error, AccessError) else error
    log.error("stage_stopped", stage=stage, reason=str(error), exc_info=trace)
