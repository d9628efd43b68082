"""What a worker waits for before its stages start: a broker that lets it in, and its topics."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import structlog
from aiokafka.errors import KafkaError
from mode import Service

from streams.access import check_access
from streams.errors import refusal
from streams.retry import Backoff
from streams.topics import check_topics, missing_topics

if TYPE_CHECKING:
    from collections.abc import Collection

    from streams.progress import Progress
    from streams.settings import Settings

log = structlog.get_logger(__name__)

SOURCE = "start"


class Start(Service):
    """Starts when a broker answers and the topics are there; until then the worker is unready.

    Faust itself would give up at once.

    Parameters
    ----------
    settings
        How to reach the broker, and the names of the topics.
    progress
        Where it is told what the worker waits for.
    without
        Topics that this worker does not use.
    groups
        Consumer groups that it joins.
    read
        Topics that it reads as well as writes.
    """

    mundane_level = "debug"

    def __init__(
        self,
        settings: Settings,
        progress: Progress,
        without: Collection[str],
        groups: Collection[str] = (),
        read: Collection[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._groups = groups
        self._read = read
        self._settings = settings
        self._progress = progress
        self._without = without
        self._note_broker = functools.partial(progress.note_broker, source=SOURCE)
        progress.set_waiting(SOURCE, "waiting for the broker")

    async def on_start(self) -> None:
        """Return as soon as the stages can start.

        Raises
        ------
        AccessError
            The broker refuses us; the message names the setting.
        """
        backoff = Backoff(self._settings.retry_backoff, self._settings.retry_backoff_max)
        while (reason := await self._obstacle()) is not None:
            if self._progress.waiting.get(SOURCE) != reason:
                log.warning("waiting", reason=reason)
            self._progress.set_waiting(SOURCE, reason)
            await backoff.pause()
        self._progress.set_waiting(SOURCE, None)

    async def _obstacle(self) -> str | None:
        try:
            missing = await missing_topics(self._settings, self._without)
            faults = [] if missing else await check_topics(self._settings, self._without)
            if not missing:
                await check_access(self._settings, self._groups, self._read)
        except KafkaError as error:
            if (refused := await refusal(self._settings, error)) is not None:
                raise refused from error
            self._note_broker(type(error).__name__)
            return f"no broker answers at {self._settings.kafka_bootstrap_servers}"
        self._note_broker(None)
        for fault in faults:
            log.warning("topics_do_not_fit", fault=fault)
        if missing:
            return (
                f"topics are missing: {', '.join(missing)}; `escalation topics create` makes them"
            )
        return None
