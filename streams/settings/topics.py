"""Names of topics and groups."""

from __future__ import annotations

from pydantic import Field

from streams.settings.section import Count, Section

STATE_TABLE = "state"
"""Name of the incidents' Faust table."""


class TopicSettings(Section):
    """What is read and written."""

    items_topic: str = Field("news.items", description="News items come in here.")
    signals_topic: str = Field(
        "escalation.signals", description="Scored items with a cue, between the two stages."
    )
    alerts_topic: str = Field("escalation.alerts", description="Alerts go out here.")
    dead_letters_topic: str = Field(
        "news.items.dlq", description="Records that could not be processed, bytes intact."
    )
    tension_topic: str = Field(
        "escalation.tension", description="Tension per pair of states goes out here (compacted)."
    )
    feedback_topic: str = Field(
        "escalation.feedback", description="Analysts' verdicts come in here."
    )
    webhooks_dead_letters_topic: str = Field(
        "escalation.webhooks.dlq", description="Alerts that a webhook's target did not take."
    )
    group: str = Field(
        "escalation",
        description="Consumer groups are `<group>-score`, `-incidents` and `-webhook-<target>`.",
    )
    partitions: Count = Field(4, description="Partitions of a topic that we create.")
    replication_factor: Count = Field(1, description="Replicas of a topic that we create.")

    @property
    def score_group(self) -> str:
        """Consumer group of the score stage."""
        return f"{self.group}-score"

    @property
    def incidents_group(self) -> str:
        """Consumer group (and Faust app id) of the incidents stage."""
        return f"{self.group}-incidents"

    def webhook_group(self, target: str) -> str:
        """Return the consumer group of one webhook's target."""
        return f"{self.group}-webhook-{target}"

    @property
    def state_topic(self) -> str:
        """Changelog of the incidents' table, as Faust names it."""
        return f"{self.incidents_group}-{STATE_TABLE}-changelog"
