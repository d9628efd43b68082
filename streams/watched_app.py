"""A Faust app as the lag watch sees it: its partitions, and whether its tables are back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiokafka import TopicPartition

from streams.lag import Watched

if TYPE_CHECKING:
    import faust

    from streams.settings import Settings


def watched_app(app: faust.App, stage: str, settings: Settings) -> Watched:
    """Return how to watch the agents of an app that read signals and verdicts."""

    def assignment() -> set[TopicPartition] | None:
        if not app.started or app.rebalancing or not app.rebalancing_count:
            return None
        return {TopicPartition(tp.topic, tp.partition) for tp in app.consumer.assignment()}

    def waiting() -> str | None:
        return f"stage {stage}: tables are recovering" if app.in_recovery else None

    return Watched(
        stage,
        settings.incidents_group,
        (settings.signals_topic, settings.feedback_topic),
        assignment,
        waiting,
        resets_in_silence=True,
    )
