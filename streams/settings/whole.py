"""All settings in one object."""

from __future__ import annotations

from streams.settings.delivery import DeliverySettings
from streams.settings.incidents import IncidentSettings
from streams.settings.kafka import KafkaSettings
from streams.settings.life import LifeSettings
from streams.settings.score import ScoreSettings
from streams.settings.topics import TopicSettings


# The bases stand in reverse: the first one's fields are the last of the table.
class Settings(
    LifeSettings, DeliverySettings, IncidentSettings, ScoreSettings, TopicSettings, KafkaSettings
):
    """What the service was told, from the environment. Immutable."""
