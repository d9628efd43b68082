"""Moments as people write and read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.moments import age, parse_moment

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("30m", NOW - timedelta(minutes=30)),
        ("2h", NOW - timedelta(hours=2)),
        (" 7d ", NOW - timedelta(days=7)),
        ("2026-11-02T07:00Z", NOW - timedelta(hours=5)),
        ("2026-11-02T09:00+02:00", NOW - timedelta(hours=5)),
        ("2026-11-02", NOW - timedelta(hours=12)),
    ],
)
def test_a_moment_is_a_time_ago_or_rfc_3339(text: str, moment: datetime) -> None:
    assert parse_moment(text, NOW) == moment


@given(st.text(max_size=20))
def test_any_other_text_is_refused_by_its_name(text: str) -> None:
    try:
        assert parse_moment(text, NOW).tzinfo is not None
    except ValueError as error:
        assert "is no moment" in str(error)


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=59), "just now"),
        (timedelta(seconds=-5), "just now"),
        (timedelta(minutes=3, seconds=59), "3 min ago"),
        (timedelta(hours=47), "47 h ago"),
        (timedelta(days=20, hours=5), "20 days ago"),
    ],
)
def test_an_age_is_in_the_unit_that_reads_best(ago: timedelta, words: str) -> None:
    assert age(NOW - ago, NOW) == words
