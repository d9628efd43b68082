"""Where a client stands in the alerts topic: the next offset of each partition.

It is the `id` of every server-sent event. Since it is made of Kafka's offsets and of nothing of
ours, a server that was started a moment ago understands a position that another one gave out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

Position: TypeAlias = "dict[int, int]"
"""Partition -> offset of the next record to show."""

LONGEST = 4096
"""Characters of a position that are read: about 200 partitions."""

_FORM = re.compile(r"[0-9]{1,10}:[0-9]{1,19}(?:,[0-9]{1,10}:[0-9]{1,19})*", re.ASCII)
NOWHERE = "-"
"""The position in a topic without partitions, which is one before the topic exists."""


def written(position: Mapping[int, int]) -> str:
    """Return the position as text, such as ``0:12,1:7``.

    >>> written({1: 7, 0: 12})
    '0:12,1:7'
    """
    parts = (f"{partition}:{offset}" for partition, offset in sorted(position.items()))
    return ",".join(parts) or NOWHERE


def read(text: str) -> Position | None:
    """Return the position that a client sends, or None when it is none of ours.

    >>> read("0:12,1:7")
    {0: 12, 1: 7}
    >>> read("12") is None
    True
    """
    if text == NOWHERE:
        return {}
    if len(text) > LONGEST or _FORM.fullmatch(text) is None:
        return None
    pairs = (part.split(":") for part in text.split(","))
    return {int(partition): int(offset) for partition, offset in pairs}
