"""English is scored, other languages are recognised, a sender is believed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.text.language import language


@pytest.mark.parametrize(
    ("text", "declared", "expected"),
    [
        ("Troops have massed on the border, the ministry said.", None, "en"),
        ("Die Regierung hat am Montag neue Sanktionen gegen das Nachbarland beschlossen.", None, "de"),
        ("Le gouvernement a rappel\u00e9 son ambassadeur apr\u00e8s la fermeture de la fronti\u00e8re.", None, "fr"),
        ("\u041f\u0440\u0430\u0432\u0438\u0442\u0435\u043b\u044c\u0441\u0442\u0432\u043e \u0437\u0430\u043a\u0440\u044b\u043b\u043e \u0433\u0440\u0430\u043d\u0438\u0446\u0443 \u0432 \u043f\u043e\u043d\u0435\u0434\u0435\u043b\u044c\u043d\u0438\u043a \u0443\u0442\u0440\u043e\u043c.", None, "ru"),
        ("Troops massed", None, "en"),
        ("123 456", None, "und"),
        ("Troops massed", "fr-CA", "fr"),
        ("Les troupes", "en_GB", "en"),
        ("Les troupes", "English", "en"),
    ],
)  # fmt: skip
def test_language(text: str, declared: str | None, expected: str) -> None:
    """ISO 639-1, or ``und`` when there is no letter to judge by."""
    assert expected == language(text, declared)


@given(st.text(max_size=200))
def test_any_text_has_a_code(text: str) -> None:
    """Two letters, or ``und``."""
    assert len(language(text)) in {2, 3}
