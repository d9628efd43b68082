"""From a signal to its alert."""

from __future__ import annotations

import json

import msgspec
import pytest
from harness.models import WordModel
from harness.records import record
from hypothesis import given
from hypothesis import strategies as st

from streams.deadletters import Reason
from streams.incidents import alert_of, read_signal
from streams.records import Alert, ModelRef, Signal, decode_alert, decode_signal, encode
from streams.scoring import Scorer


def signal() -> Signal:
    scorer = Scorer(WordModel(), ModelRef(version="word", digest="0" * 64), 10_000)
    content = {"id": "a", "title": "T", "text": "troops", "published_at": "2026-11-02T07:02:00Z"}
    [outcome] = scorer.score([record(json.dumps(content).encode())])
    assert outcome.signal is not None
    return outcome.signal


def alert() -> Alert:
    made = alert_of(signal())
    assert made is not None
    return made


def test_records_survive_their_way_over_the_wire() -> None:
    assert decode_signal(encode(signal())) == signal()
    assert decode_alert(encode(alert())) == alert()


def test_a_signal_processed_twice_gives_the_same_alert() -> None:
    assert alert_of(signal()) == alert_of(signal())


def test_a_signal_below_every_floor_of_the_nine_cues_raises_no_alert() -> None:
    assert alert_of(msgspec.structs.replace(signal(), alert=False)) is None


@pytest.mark.parametrize("value", [b'{"id": 3}', b'{"id": "\xff"}', b"[" * 100_000, b"", None])
def test_bytes_that_are_no_signal_give_a_reason(value: bytes | None) -> None:
    reason = read_signal(value)

    assert isinstance(reason, Reason)
    assert reason.stage == "incidents"
    assert reason.message


@given(st.binary(max_size=200))
def test_any_bytes_give_a_signal_or_a_reason(value: bytes) -> None:
    assert isinstance(read_signal(value), Signal | Reason)
