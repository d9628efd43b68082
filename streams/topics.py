"""The topics that the service needs: created when asked, checked before it starts."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import (
    TopicAuthorizationFailedError,
    UnknownTopicOrPartitionError,
    for_code,
)
from aiokafka.protocol.metadata import MetadataRequest

from streams.client import aiokafka_options

if TYPE_CHECKING:
    from collections.abc import Collection

    from streams.settings import Settings

DAY_MS = 24 * 3600 * 1000
VISIBLE_SECONDS = 15
BROKERS_TIME = {"message.timestamp.type": "LogAppendTime"}
"""A broker refuses records of a worker whose clock is an hour ahead, unless it sets the time."""
HEADER_ROOM = 64 * 1024
"""Bytes that a dead letter's headers may add to its record."""

SEGMENT_BYTES = 64 * 1024 * 1024
"""Of the changelog: what is in the latest segment is not compacted, and is read at recovery."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as it should be. An internal one is ours alone and no part of the contract."""

    name: str
    partitions: int
    config: dict[str, str]
    internal: bool = False


def wanted_topics(settings: Settings) -> list[Topic]:
    """Return the topics of the service, in the order of the flow."""
    record = settings.max_record_bytes
    return [
        Topic(settings.items_topic, settings.partitions, {"max.message.bytes": str(record)}),
        Topic(
            settings.signals_topic,
            settings.partitions,
            {"max.message.bytes": str(record), "retention.ms": str(7 * DAY_MS), **BROKERS_TIME},
        ),
        Topic(
            settings.alerts_topic,
            settings.partitions,
            {"max.message.bytes": str(record), "retention.ms": str(30 * DAY_MS), **BROKERS_TIME},
        ),
        Topic(
            settings.tension_topic,
            settings.partitions,
            {"cleanup.policy": "compact", **BROKERS_TIME},
        ),
        # As many partitions as the signals, so that a verdict meets the table of its incident.
        Topic(
            settings.feedback_topic,
            settings.partitions,
            {"retention.ms": str(30 * DAY_MS)},
        ),
        # The changelog of the incidents' table: the latest state of each key is what counts.
        Topic(
            settings.state_topic,
            settings.partitions,
            {
                "cleanup.policy": "compact",
                "max.message.bytes": str(record),
                "segment.bytes": str(SEGMENT_BYTES),
                "min.cleanable.dirty.ratio": "0.2",
                **BROKERS_TIME,
            },
            internal=True,
        ),
        Topic(
            settings.dead_letters_topic,
            settings.partitions,
            {
                "max.message.bytes": str(record + HEADER_ROOM),
                "retention.ms": str(30 * DAY_MS),
                **BROKERS_TIME,
            },
        ),
        Topic(
            settings.webhooks_dead_letters_topic,
            settings.partitions,
            {
                "max.message.bytes": str(record + HEADER_ROOM),
                "retention.ms": str(30 * DAY_MS),
                **BROKERS_TIME,
            },
        ),
    ]


async def create_topics(settings: Settings) -> list[str]:
    """Create the topics that are missing; return their names once the broker shows them.

    Raises
    ------
    KafkaError
        The broker refuses; the error names the topics.
    TimeoutError
        The broker has agreed but does not show them within `VISIBLE_SECONDS`.
    """
    async with _Admin(settings) as admin:
        present = set(await admin.list_topics())
        missing = [topic for topic in wanted_topics(settings) if topic.name not in present]
        if missing:
            answer = await admin.create_topics(
                [
                    NewTopic(
                        topic.name,
                        topic.partitions,
                        settings.replication_factor,
                        topic_configs=topic.config,
                    )
                    for topic in missing
                ]
            )
            _raise_refused({name: code for name, code, *_ in answer.topic_errors})
        names = [topic.name for topic in missing]
        # The controller answers before every broker has heard of it.
        await asyncio.wait_for(_visible(admin, names), VISIBLE_SECONDS)
        return names


def _raise_refused(codes: dict[str, int], passed: Collection[int] = (0,)) -> None:
    """Raise the error of the topics that the broker refuses, naming all that share it."""
    refused = {name: code for name, code in codes.items() if code not in passed}
    for code in refused.values():
        raise for_code(code)([name for name, each in refused.items() if each == code])


async def _visible(admin: AIOKafkaAdminClient, names: list[str]) -> None:
    while not set(names) <= set(await admin.list_topics()):  # noqa: ASYNC110 - the state is theirs
        await asyncio.sleep(0.05)


async def check_topics(settings: Settings, without: Collection[str] = ()) -> list[str]:
    """Return what is wrong with the topics, a sentence each; empty when all is well.

    Parameters
    ----------
    settings
        The names.
    without
        Topics that the caller does not use, and may not even be allowed to see.
    """
    missing = await missing_topics(settings, without)
    there = [
        topic.name
        for topic in wanted_topics(settings)
        if topic.name not in without and topic.name not in missing
    ]
    async with _Admin(settings) as admin:
        sizes = await _message_sizes(admin, there)
        counts = await _partition_counts(admin, there)
    faults = [f"{name}: is missing; `escalation topics create` makes it" for name in missing]
    if settings.items_topic in sizes and settings.dead_letters_topic in sizes:
        needed = sizes[settings.items_topic] + HEADER_ROOM
        if sizes[settings.dead_letters_topic] < needed:
            faults.append(
                f"{settings.dead_letters_topic}: max.message.bytes must be at least {needed},"
                " so that any item fits with the reason in its headers"
            )
    return faults + _unlike(settings, counts)


def _unlike(settings: Settings, counts: dict[str, int]) -> list[str]:
    """Return the topics of the incidents stage that have not the partitions of the signals."""
    wanted = counts.get(settings.signals_topic)
    return [
        f"{name}: has {counts[name]} partitions and {settings.signals_topic} has {wanted};"
        " a key must have one number in both"
        for name in (settings.feedback_topic, settings.state_topic)
        if wanted is not None and counts.get(name, wanted) != wanted
    ]


def unused_topics(settings: Settings, stage: str) -> set[str]:
    """Return the topics that a worker of this stage does not use."""
    names = {topic.name for topic in wanted_topics(settings)}
    letters = settings.webhooks_dead_letters_topic
    score = {settings.items_topic, settings.signals_topic, settings.dead_letters_topic}
    unused = {
        "score": names - score,
        "incidents": {settings.items_topic, letters},
        "page": names - {settings.alerts_topic, settings.tension_topic, settings.feedback_topic},
        "delivery": names - {settings.alerts_topic, letters},
    }
    return unused.get(stage, set() if settings.webhooks_file else {letters})


async def missing_topics(settings: Settings, without: Collection[str] = ()) -> list[str]:
    """Return the names of topics that are not there.

    Raises
    ------
    TopicAuthorizationFailedError
        This user may not see them.
    """
    names = [topic.name for topic in wanted_topics(settings) if topic.name not in without]
    async with _Admin(settings) as admin:
        # A topic that is asked for by name is refused or unknown; in a list it would only be
        # absent. The client's own call for it would create what is missing where brokers allow it.
        request = MetadataRequest(names, allow_auto_topic_creation=False)
        answer = await admin._send_request(request)  # noqa: SLF001 - the reason is above
    codes = {topic["topic"]: topic["error_code"] for topic in answer.to_object()["topics"]}
    denied = TopicAuthorizationFailedError.errno
    _raise_refused(codes, passed=set(codes.values()) - {denied})
    return [name for name in names if codes[name] == UnknownTopicOrPartitionError.errno]


async def _partition_counts(admin: AIOKafkaAdminClient, names: list[str]) -> dict[str, int]:
    described = await admin.describe_topics(names) if names else []
    return {topic["topic"]: len(topic["partitions"]) for topic in described}


async def _message_sizes(admin: AIOKafkaAdminClient, names: list[str]) -> dict[str, int]:
    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
    sizes: dict[str, int] = {}
    for response in await admin.describe_configs(resources) if resources else []:
        for resource in response.resources:
            entries = {entry[0]: entry[1] for entry in resource[4]}
            if "max.message.bytes" in entries:  # not told to a user who may not describe it
                sizes[resource[3]] = int(entries["max.message.bytes"])
    return sizes


class _Admin:
    """An admin client for the length of a `async with`."""

    def __init__(self, settings: Settings) -> None:
        self._client = AIOKafkaAdminClient(**aiokafka_options(settings))

    async def __aenter__(self) -> AIOKafkaAdminClient:
        try:
            await self._client.start()
        except BaseException:
            await self._client.close()
            raise
        return self._client

    async def __aexit__(self, *_: object) -> None:
        await self._client.close()
