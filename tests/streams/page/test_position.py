"""A client's place in the topic, as text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.delivery.page.position import read, written

POSITIONS = st.dictionaries(st.integers(0, 150), st.integers(0, 2**63 - 1), max_size=100)


@given(POSITIONS)
def test_a_written_position_reads_back_the_same(position: dict[int, int]) -> None:
    assert read(written(position)) == position


@given(st.text(max_size=60))
def test_any_text_is_a_position_or_none(text: str) -> None:
    position = read(text)

    assert position is None or all(offset >= 0 for offset in position.values())


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("12", id="a number"),
        pytest.param("0:1,", id="a comma at the end"),
        pytest.param("0:-1", id="below zero"),
        pytest.param("\u0660:1", id="digits of another script"),
        pytest.param("0:1," * 2000 + "0:1", id="too long"),
    ],
)
def test_what_is_no_position_is_none(text: str) -> None:
    assert read(text) is None
