"""What the Helm chart must know of Kafka: topics and permissions, for the default names.

The chart puts a release's own names in their place. Written by ``make docs``, so that neither list
is kept twice.
"""

from __future__ import annotations

import json
from typing import Final

from streams.acls import Part, acls
from streams.settings import Settings
from streams.topics import wanted_topics

STAGES: Final[tuple[Part, ...]] = ("score", "incidents", "page", "delivery")
"""The parts that run in the cluster under one user."""


def kafka_json() -> str:
    """Return the chart's ``files/kafka.json``: topics with their configuration, and permissions.

    Permissions are grouped by resource, as Strimzi's KafkaUser has them.
    """
    settings = Settings.model_construct()
    topics = [{"name": topic.name, "config": topic.config} for topic in wanted_topics(settings)]
    allowed: dict[tuple[str, str, str], list[str]] = {}
    for acl in dict.fromkeys(acl for part in STAGES for acl in acls(settings, part)):
        allowed.setdefault((acl.resource, acl.name, acl.pattern), []).append(acl.operation)
    permissions = [
        {
            "type": resource.lower(),
            "name": name,
            "patternType": "prefix" if pattern == "PREFIXED" else "literal",
            "operations": operations,
        }
        for (resource, name, pattern), operations in allowed.items()
    ]
    return json.dumps({"topics": topics, "acls": permissions}, indent=2) + "\n"
