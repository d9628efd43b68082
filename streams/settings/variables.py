"""Which environment variable sets what."""

from __future__ import annotations

PREFIX = "ESCALATION_"
KAFKA_PREFIX = "KAFKA_"


def variable_of(field: str) -> str:
    """Return the environment variable that sets ``field``."""
    return field.upper() if field.startswith("kafka_") else f"{PREFIX}{field.upper()}"
