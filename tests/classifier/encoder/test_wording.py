"""The encoder reads a sentence without its actors' names."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.encoder.wording import without_names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Iranian forces hit Iraq; Tehran denied it.",
            "country x forces hit country y; country x denied it.",
            id="one actor by all its names has one letter",
        ),
        pytest.param(
            "U.S.-led troops near South Korea\u2019s border",
            "country x-led troops near country y's border",
            id="dots, hyphens and possessives stay where they belong",
        ),
        pytest.param(
            "NATO and the IAEA warned Hezbollah",
            "bloc x and the agency y warned militia z",
            id="organisations by their kind",
        ),
        pytest.param("It gave us hope\n in  May", "It gave us hope in May", id="no name, one line"),
        pytest.param(
            "Chad, Mali, Niger, Togo, Benin, Ghana, Kenya",
            "country x, country y, country z, country w, country v, country u, country u",
            id="the sixth and later share a letter",
        ),
    ],
)
def test_names_become_kinds_with_letters_in_order_of_mention(text: str, expected: str) -> None:
    """Who acts on whom stays readable."""
    assert without_names(text) == expected


def test_exchanging_states_changes_nothing() -> None:
    """So it cannot change a score either."""
    text = "Troops of {0} crossed into {1} as {0}'s minister spoke."
    assert without_names(text.format("Peru", "Chile")) == without_names(
        text.format("France", "South Sudan")
    )


@settings(max_examples=200)
@given(st.text(max_size=200))
def test_any_text_is_read_on_one_line(text: str) -> None:
    """Whatever a feed may hold."""
    assert "\n" not in without_names(text)
