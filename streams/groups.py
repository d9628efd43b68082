"""What a consumer group has committed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiokafka.errors import GroupCoordinatorNotAvailableError

if TYPE_CHECKING:
    from aiokafka import TopicPartition
    from aiokafka.admin import AIOKafkaAdminClient
    from aiokafka.structs import OffsetAndMetadata


async def committed_by(
    admin: AIOKafkaAdminClient, group: str
) -> dict[TopicPartition, OffsetAndMetadata]:
    """Return the offsets and notes that a group has committed, by partition."""
    try:
        found = await admin.list_consumer_group_offsets(group)
    except GroupCoordinatorNotAvailableError:
        # The broker makes its offsets topic when the first group comes.
        return {}
    return {tp: meta for tp, meta in found.items() if meta.offset >= 0}
