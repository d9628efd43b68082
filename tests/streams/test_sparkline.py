"""A course of values as bars."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.sparkline import BARS, sparkline


@pytest.mark.parametrize(
    ("values", "top", "bars"),
    [
        pytest.param([0, 1, 7], None, "▁▂█", id="its own scale"),
        pytest.param([0, 1, 7], 14, "▁▂▅", id="a shared scale"),
        pytest.param([0, 0], None, "▁▁", id="nothing"),
        pytest.param([], None, "", id="no values"),
        pytest.param([20], 10, "█", id="over the top"),
    ],
)
def test_a_value_is_a_bar(values: list[float], top: float | None, bars: str) -> None:
    assert sparkline(values, top) == bars


@given(st.lists(st.floats(0, 1e9), max_size=50))
def test_greater_values_have_no_lower_bars(values: list[float]) -> None:
    bars = [BARS.index(bar) for bar in sparkline(values)]

    assert len(bars) == len(values)
    assert [bar for _, bar in sorted(zip(values, bars, strict=True))] == sorted(bars)
