"""Records as UTF-8 JSON."""

from __future__ import annotations

import msgspec

from streams.records.alert import Alert
from streams.records.feedback import Feedback
from streams.records.signal import Signal
from streams.records.tension import Tension

Record = Signal | Alert | Tension | Feedback

_encoder = msgspec.json.Encoder()
_signal = msgspec.json.Decoder(Signal)
_alert = msgspec.json.Decoder(Alert)
_tension = msgspec.json.Decoder(Tension)
_feedback = msgspec.json.Decoder(Feedback)


def encode(record: Record) -> bytes:
    """Return the record as UTF-8 JSON."""
    return _encoder.encode(record)


def decode_signal(value: bytes) -> Signal:
    """Decode a signal.

    Raises
    ------
    msgspec.DecodeError
        Not JSON, or not a signal; the message names the field.
    """
    return _signal.decode(value)


def decode_alert(value: bytes) -> Alert:
    """Decode an alert; raises as :func:`decode_signal`."""
    return _alert.decode(value)


def decode_tension(value: bytes) -> Tension:
    """Decode a tension record; raises as :func:`decode_signal`."""
    return _tension.decode(value)


def decode_feedback(value: bytes) -> Feedback:
    """Decode a verdict; raises as :func:`decode_signal`."""
    return _feedback.decode(value)
