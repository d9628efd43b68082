"""Values are told as Grafana tells them, and axes end at round ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.dashboards.picture.units import ticks, told


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (0, "s", "0 s"),
        (0.0421, "s", "42.1 ms"),
        (5400, "s", "1.5 hours"),
        (86400 * 3, "s", "3 days"),
        (0.253, "percentunit", "25.3%"),
        (0, "percentunit", "0%"),
        (350 * 2**20, "bytes", "350 MiB"),
        (12.5, "reqps", "12.5 req/s"),
        (1500, "short", "1.5 K"),
        (0.25, "short", "0.25"),
    ],
)
def test_a_value_has_three_figures_and_its_unit(value: float, unit: str, words: str) -> None:
    assert told(value, unit) == words


@given(st.floats(min_value=1e-9, max_value=1e12))
def test_an_axis_rises_evenly_from_zero_to_the_top_or_just_above(top: float) -> None:
    found = ticks(top)

    assert found[0] == 0
    assert found == sorted(set(found))
    assert 3 <= len(found) <= 6
    assert top * (1 - 1e-6) <= found[-1] <= top * 2
