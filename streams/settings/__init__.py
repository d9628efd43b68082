"""Every setting of the service, in one frozen and typed object; each part has a file.

Ours carry the prefix ``ESCALATION_``; those of the Kafka client have the names that Kafka users
know (``KAFKA_BOOTSTRAP_SERVERS``, ``KAFKA_SASL_MECHANISM``, ...). A variable with our prefix that
names no setting is an error, since a misspelt setting that is silently ignored costs a night.
"""

from streams.settings.errors import SettingsError
from streams.settings.loading import load_settings
from streams.settings.showing import effective, settings_table
from streams.settings.topics import STATE_TABLE
from streams.settings.variables import KAFKA_PREFIX, PREFIX, variable_of
from streams.settings.whole import Settings

__all__ = [
    "KAFKA_PREFIX",
    "PREFIX",
    "STATE_TABLE",
    "Settings",
    "SettingsError",
    "effective",
    "load_settings",
    "settings_table",
    "variable_of",
]
