"""A verdict is read, or refused with the field that is wrong."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from harness.verdicts import verdict
from hypothesis import given
from hypothesis import strategies as st

from streams.deadletters import Reason
from streams.feedback import feedback_message, read_feedback
from streams.records import Feedback

SOUND: dict[str, Any] = {
    "id": "v1",
    "incident": "i",
    "key": "KHM-THA",
    "verdict": "dismiss",
    "reason": "history",
    "at": "2026-11-02T09:00:00Z",
}


def test_a_verdict_survives_its_way_over_the_wire_under_its_signals_key() -> None:
    given_verdict = verdict("dismiss", "wrong_cue", note="sanctions")
    message = feedback_message(given_verdict, "feedback")

    assert (message.topic, message.key) == ("feedback", b"KHM-THA")
    assert read_feedback(message.value) == given_verdict


def test_a_sound_verdict_needs_only_these_fields() -> None:
    assert isinstance(read_feedback(msgspec.json.encode(SOUND)), Feedback)


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        pytest.param({"reason": None}, "reason", id="a dismissal without a reason"),
        pytest.param({"reason": "boring"}, "reason", id="a reason that is none"),
        pytest.param({"verdict": "confirm"}, "reason", id="a confirmation with a reason"),
        pytest.param({"verdict": "maybe"}, "verdict", id="a verdict that is none"),
        pytest.param({"incident": ""}, "incident", id="no incident"),
        pytest.param({"key": "x" * 201}, "key", id="a key without end"),
        pytest.param({"note": "x" * 4001}, "note", id="a note without end"),
        pytest.param({"at": "2026-11-02T09:00:00"}, "at", id="a time without a zone"),
        pytest.param({"id": 7}, "id", id="a number for a name"),
    ],
)
def test_a_bad_verdict_is_refused_by_the_name_of_its_field(
    fault: dict[str, Any], named: str
) -> None:
    reason = read_feedback(msgspec.json.encode(SOUND | fault))

    assert isinstance(reason, Reason)
    assert reason.stage == "feedback"
    assert named in reason.message.replace("$.", "").replace("`", " ").replace(":", " ").split()


@given(st.binary(max_size=200) | st.just(b"[" * 100_000) | st.none())
def test_any_bytes_give_a_verdict_or_a_reason(value: bytes | None) -> None:
    assert isinstance(read_feedback(value), Feedback | Reason)


def test_a_bad_verdict_cannot_be_made_either() -> None:
    with pytest.raises(ValueError, match="reason: a dismissal needs one"):
        verdict("dismiss")
