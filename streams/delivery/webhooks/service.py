"""All webhooks of a worker."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from mode import Service

from streams.delivery.webhooks.access import access_to
from streams.delivery.webhooks.metrics import WebhookMetrics
from streams.delivery.webhooks.sender import Sender
from streams.delivery.webhooks.targets import load_targets
from streams.lag import Watched

if TYPE_CHECKING:
    from pathlib import Path

    from aiokafka import TopicPartition
    from prometheus_client import CollectorRegistry

    from streams.progress import Progress
    from streams.publisher import Publisher
    from streams.settings import Settings


class Webhooks(Service):
    """Delivers alerts to every target of a file.

    Parameters
    ----------
    settings
        The broker and the topics.
    file
        The targets.
    publisher
        For dead letters.
    progress, registry
        Where it is told.

    Raises
    ------
    TargetsError
        The file, a field or a secret cannot be used.
    """

    mundane_level = "debug"

    def __init__(
        self,
        settings: Settings,
        file: Path,
        publisher: Publisher,
        progress: Progress,
        registry: CollectorRegistry,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        metrics = WebhookMetrics(registry)
        self._settings = settings
        self._metrics = metrics
        self.senders = tuple(
            Sender(
                settings,
                target,
                access_to(target),
                publisher=publisher,
                metrics=metrics,
                progress=progress,
            )
            for target in load_targets(file)
        )

    def on_init_dependencies(self) -> list[Service]:
        """Return the services that run with this one."""
        return list(self.senders)

    def watched(self) -> list[Watched]:
        """Return the targets as the watch over lags sees them: each a stage of its own."""
        return [
            Watched(
                sender.stage,
                self._settings.webhook_group(sender.target.name),
                self._settings.alerts_topic,
                sender.assignment,
                gauge=self._metrics.lag,
                labels=functools.partial(_labels, sender.target.name),
            )
            for sender in self.senders
        ]


def _labels(target: str, tp: TopicPartition) -> tuple[str, ...]:
    return target, str(tp.partition)
