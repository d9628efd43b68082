"""Items and assessments as JSON lines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier import LABELS, EscalationModel, Item
from classifier.lines import as_line, parse_item

if TYPE_CHECKING:
    from classifier.types import Item as ItemType

JSON = st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists, max_leaves=5)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('{"id": 7, "title": "A", "text": "B"}', Item("7", "A", "B")),
        ('{"id": "x", "content": "B", "language": "fr"}', Item("x", "", "B", "fr")),
        ('{"title": "A", "summary": "S"}', Item("", "A", "S")),
        ('{"title": "A", "summary": "S", "body": "B"}', Item("", "A", "B")),
    ],
)
def test_an_item_is_read(line: str, expected: ItemType) -> None:
    """The first of text, body, content and summary is the body."""
    assert expected == parse_item(line)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("[]", "must be a JSON object"),
        ('{"id": "1"}', "neither title nor text"),
        ('{"title": 1}', "title must be a string, not int"),
        ("{", "Expecting"),
    ],
)
def test_a_bad_line_says_why(line: str, words: str) -> None:
    """One error type, with words."""
    with pytest.raises(ValueError, match=words):
        parse_item(line)


@given(st.text() | JSON.map(json.dumps) | st.dictionaries(st.text(), JSON).map(json.dumps))
def test_any_line_is_an_item_or_a_value_error(line: str) -> None:
    """Nothing else is raised."""
    try:
        found = parse_item(line)
    except ValueError as error:
        assert str(error)
    else:
        assert found.title or found.text


def test_an_assessment_is_one_line(model: EscalationModel) -> None:
    """With everything that issue 2 promises its reader."""
    (found,) = model.assess([Item("7", "Troops mass on border", "Allies fear an invasion.")])
    line = as_line(found, model.info)
    row = json.loads(line)
    assert "\n" not in line
    assert row["model"] == {"version": model.info.version, "digest": model.info.digest}
    assert list(row["scores"]) == list(LABELS)
    assert {"id", "score", "alert", "severity", "cues", "actors"} <= row.keys()
