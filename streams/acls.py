"""The Kafka permissions that each part of the service needs: these, and no others.

Read by `escalation topics acls`, by the README's table, and by the test that runs the whole path
under Apache Kafka's authorizer with exactly these.

``Write`` on a topic lets a producer be idempotent (KIP-679), and ``Read`` or ``Write`` lets it be
described, so that neither is listed. With ``PREFIXED`` the name stands for all that begin with it.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias, get_args

from streams.settings import Settings
from streams.topics import wanted_topics

if TYPE_CHECKING:
    from collections.abc import Iterable

Part: TypeAlias = Literal[
    "score",
    "incidents",
    "delivery",
    "page",
    "alerts",
    "replay",
    "feed",
    "feedback",
    "export",
    "topics",
]
"""Who needs a permission: a stage of the worker, or a person's command."""

PARTS: tuple[Part, ...] = get_args(Part)


class Acl(NamedTuple):
    """One permission, whoever has it."""

    resource: Literal["Topic", "Group"]
    name: str
    operation: Literal["Read", "Write", "Create", "Describe", "DescribeConfigs"]
    pattern: Literal["LITERAL", "PREFIXED"] = "LITERAL"


def acls(settings: Settings, part: Part) -> tuple[Acl, ...]:
    """Return the permissions that a part of the service needs, and no others."""
    items, signals = settings.items_topic, settings.signals_topic
    alerts, dead = settings.alerts_topic, settings.dead_letters_topic
    needs: dict[Part, tuple[Acl, ...]] = {
        "score": (
            Acl("Topic", items, "Read"),
            Acl("Group", settings.score_group, "Read"),
            Acl("Topic", signals, "Write"),
            Acl("Topic", dead, "Write"),
        ),
        "incidents": (
            Acl("Topic", signals, "Read"),
            Acl("Group", settings.incidents_group, "Read"),
            Acl("Topic", settings.feedback_topic, "Read"),
            Acl("Topic", alerts, "Write"),
            Acl("Topic", settings.tension_topic, "Write"),
            Acl("Topic", dead, "Write"),
            # The changelog of the Faust table, written by us and read by Faust.
            *(Acl("Topic", settings.state_topic, operation) for operation in ("Read", "Write")),
        ),
        "delivery": (
            Acl("Topic", alerts, "Read"),
            # A group for each target.
            Acl("Group", settings.webhook_group(""), "Read", "PREFIXED"),
            Acl("Topic", settings.webhooks_dead_letters_topic, "Write"),
        ),
        "page": (
            Acl("Topic", alerts, "Read"),
            Acl("Topic", settings.tension_topic, "Read"),
            Acl("Topic", settings.feedback_topic, "Write"),
        ),
        "replay": (
            Acl("Topic", dead, "Read"),
            # The marks of what was sent back stand among the dead letters.
            Acl("Topic", dead, "Write"),
            Acl("Topic", items, "Write"),
            Acl("Topic", signals, "Write"),
        ),
        "feed": (Acl("Topic", items, "Write"),),
        "alerts": (Acl("Topic", alerts, "Read"),),
        "feedback": (
            Acl("Topic", settings.feedback_topic, "Write"),
            # A verdict has the key of its incident's alerts.
            Acl("Topic", alerts, "Read"),
        ),
        "export": (
            Acl("Topic", settings.feedback_topic, "Read"),
            Acl("Topic", alerts, "Read"),
        ),
        "topics": tuple(
            Acl("Topic", topic.name, operation)
            for topic in wanted_topics(settings)
            for operation in ("Create", "Describe", "DescribeConfigs")
        ),
    }
    return needs[part]


def commands(settings: Settings, principal: str, parts: Iterable[Part]) -> list[str]:
    """Return the `kafka-acls` commands that give a principal what some parts need."""
    wanted = dict.fromkeys(acl for part in parts for acl in acls(settings, part))
    start = f"kafka-acls --bootstrap-server {shlex.quote(settings.kafka_bootstrap_servers)} --add"
    return [
        f"{start} --allow-principal {shlex.quote(principal)} --operation {acl.operation}"
        f" --{acl.resource.lower()} {shlex.quote(acl.name)}"
        f" --resource-pattern-type {acl.pattern.lower()}"
        for acl in wanted
    ]


def acl_table() -> str:
    """Return the Markdown table of the README, for the default names."""
    settings = Settings.model_construct()
    rows = ["| part | permissions |", "|---|---|"]
    for part in PARTS:
        operations: dict[str, list[str]] = {}
        for acl in acls(settings, part):
            star = "*" if acl.pattern == "PREFIXED" else ""
            name = f"{acl.resource.lower()} `{acl.name}{star}`"
            operations.setdefault(name, []).append(acl.operation)
        names: dict[str, list[str]] = {}
        for name, several in operations.items():
            names.setdefault(", ".join(several), []).append(name)
        needed = "; ".join(f"{what} on {', '.join(which)}" for what, which in names.items())
        rows.append(f"| {part} | {needed} |")
    return "\n".join(rows)
