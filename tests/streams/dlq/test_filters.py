"""Which dead letters are meant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from streams.dlq.filters import Filter, since
from streams.dlq.letters import Letter, Place

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LETTER = Letter(
    place=Place(0, 1),
    timestamp=int(NOW.timestamp() * 1000),
    topic="news.items",
    origin="0:1",
    stage="decode",
    error="BadItem",
    message="not JSON: at byte 3",
    attempts=0,
    size=3,
    sendable=True,
)


@pytest.mark.parametrize(
    ("chosen", "passes"),
    [
        pytest.param(Filter(), True, id="no filter"),
        pytest.param(Filter(stage="decode"), True, id="its stage"),
        pytest.param(Filter(stage="score"), False, id="another stage"),
        pytest.param(Filter(error="baditem"), True, id="its error, in any case"),
        pytest.param(Filter(error="not json"), True, id="words of the message"),
        pytest.param(Filter(error="Zero"), False, id="another error"),
        pytest.param(Filter(after=NOW), True, id="at that time"),
        pytest.param(Filter(after=NOW + timedelta(seconds=1)), False, id="too old"),
        pytest.param(Filter(stage="decode", error="Zero"), False, id="all must fit"),
    ],
)
def test_a_filter_passes_what_fits_all_of_it(chosen: Filter, passes: bool) -> None:
    assert chosen.passes(LETTER) is passes


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("90m", NOW - timedelta(minutes=90)),
        ("2h", NOW - timedelta(hours=2)),
        ("7d", NOW - timedelta(days=7)),
        ("30 s", NOW - timedelta(seconds=30)),
        ("2026-11-24T09:00:00Z", datetime(2026, 11, 24, 9, tzinfo=UTC)),
        ("2026-11-24", datetime(2026, 11, 24, tzinfo=UTC)),
    ],
)
def test_a_time_is_an_age_or_rfc_3339(text: str, when: datetime) -> None:
    assert since(text, NOW) == when


@pytest.mark.parametrize("text", ["", "soon", "2", "h", "-1h", "99999999999d"])
def test_what_is_no_time_is_said_to_be_none(text: str) -> None:
    with pytest.raises(ValueError, match="neither an age"):
        since(text, NOW)


def test_a_letter_is_a_row_for_machines() -> None:
    row = msgspec.json.decode(msgspec.json.encode(LETTER))

    assert row["place"] == [0, 1]
    assert row["stage"] == "decode"
