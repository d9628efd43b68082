"""The wire contract: what goes over each topic, as msgspec structs.

Fields may be added with a default; none is renamed, removed or given another meaning without a
new major version of the contract.
"""

from streams.records.alert import Alert, Step, Why
from streams.records.codec import (
    decode_alert,
    decode_feedback,
    decode_signal,
    decode_tension,
    encode,
)
from streams.records.feedback import Feedback
from streams.records.item import NewsItem
from streams.records.message import Message
from streams.records.signal import ModelRef, Signal
from streams.records.tension import Tension

__all__ = [
    "Alert",
    "Feedback",
    "Message",
    "ModelRef",
    "NewsItem",
    "Signal",
    "Step",
    "Tension",
    "Why",
    "decode_alert",
    "decode_feedback",
    "decode_signal",
    "decode_tension",
    "encode",
]
