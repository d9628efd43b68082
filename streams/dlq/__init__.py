"""Dead letters that people can work with: read, filtered, replayed; `escalation dlq`.

All that is known of a dead letter stands in its topic: the record with its reason, and behind it,
in the same partition, a mark once it was sent back. So what was replayed is forgotten no sooner
than the letter itself, and a topic that is made anew starts with a clean slate.
"""

from streams.dlq.filters import Filter, since
from streams.dlq.letters import Letter
from streams.dlq.reading import Known, read_letters, read_one
from streams.dlq.replay import Replayed, replay

__all__ = [
    "Filter",
    "Known",
    "Letter",
    "Replayed",
    "read_letters",
    "read_one",
    "replay",
    "since",
]
