"""Messy fields become plain text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.text.markup import plain


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        pytest.param("Troops mass on border", "Troops mass on border", id="plain"),
        pytest.param("<p>One.</p><p>Two.</p>", "One.\nTwo.", id="blocks end lines"),
        pytest.param("the <b>ca</b>pital", "the capital", id="inline tags do not end words"),
        pytest.param("a<script>x('war')</script>b", "ab", id="scripts"),
        pytest.param("Iran #39;s talks", "Iran's talks", id="lost ampersand"),
        pytest.param("quot;No quot; he said", '"No " he said', id="lost quotes"),
        pytest.param("Fish &amp; chips &lt;b&gt;now&lt;/b&gt;", "Fish & chips now", id="escaped"),
        pytest.param("It\u00e2\u20ac\u2122s over", "It\u2019s over", id="mojibake"),
        pytest.param("sol\u00addiers\u200b", "soldiers", id="unseen characters"),
        pytest.param("a\r\n\r\n  b\t c", "a\nb c", id="blanks"),
        pytest.param("cafe\u0301", "caf\u00e9", id="composed"),
        pytest.param("", "", id="empty"),
    ],
)
def test_plain(field: str, expected: str) -> None:
    """What a reader of the page would see."""
    assert expected == plain(field)


@given(st.text(alphabet=st.characters(codec=None), max_size=400))
def test_any_field_becomes_clean(field: str) -> None:
    """NFC, no control characters, no lone surrogates, one blank between words."""
    found = plain(field)
    assert unicodedata.is_normalized("NFC", found)
    assert not any(unicodedata.category(c) in {"Cs", "Cc"} and c != "\n" for c in found)
    assert "  " not in found
    assert found == found.strip()
    found.encode("utf-8")


def test_deep_nesting_is_bounded() -> None:
    """A page of fifty thousand open tags is text like any other."""
    deep = "<div>" * 50_000 + "Troops mass" + "</div>" * 50_000
    assert plain(deep) == "Troops mass"
