"""What a worker may do, asked before its stages start: Faust's consumer would wait for ever.

A topic's metadata is refused to whom may not do anything with it; `streams.topics` asks for that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import (
    GroupAuthorizationFailedError,
    GroupCoordinatorNotAvailableError,
    TopicAuthorizationFailedError,
)
from aiokafka.protocol.fetch import FetchRequest

from streams.client import aiokafka_options

if TYPE_CHECKING:
    from collections.abc import Collection

    from streams.settings import Settings

NOWHERE = 2**62
"""An offset that no partition has, so that nothing is sent of one that may be read."""


async def check_access(
    settings: Settings, groups: Collection[str], read: Collection[str] = ()
) -> None:
    """Return when the broker lets us join these groups and read these topics.

    Parameters
    ----------
    settings
        How to reach the broker.
    groups
        Consumer groups.
    read
        Topics that we may write to, so that their metadata says nothing of reading.

    Raises
    ------
    GroupAuthorizationFailedError, TopicAuthorizationFailedError
        This user may not; the error names the group or the topic.
    KafkaError
        The broker does not answer.
    """
    admin = AIOKafkaAdminClient(**aiokafka_options(settings))
    try:
        await admin.start()
        for group in groups:
            await _may_join(admin, group)
        for topic in read:
            await _may_read(admin, topic)
    finally:
        await admin.close()


async def _may_join(admin: AIOKafkaAdminClient, group: str) -> None:
    try:
        await admin.find_coordinator(group)
    except GroupCoordinatorNotAvailableError:
        # The broker makes its offsets topic when the first group comes.
        return
    except GroupAuthorizationFailedError as error:
        raise GroupAuthorizationFailedError(group) from error


async def _may_read(admin: AIOKafkaAdminClient, topic: str) -> None:
    # The client has no call that reads without a consumer. Any broker can say no; one that does not
    # lead the partition, or has no such offset, says so only to whom may read.
    request = FetchRequest(0, 0, 1, 0, [(topic, [(0, NOWHERE, 1)])])
    answer = await admin._send_request(request)  # noqa: SLF001 - the reason is above
    codes = [code for _, partitions in answer.topics for _, code, *_ in partitions]
    if TopicAuthorizationFailedError.errno in codes:
        raise TopicAuthorizationFailedError(topic)
