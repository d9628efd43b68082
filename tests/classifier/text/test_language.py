"""English is scored, other languages are recognised, a sender is believed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.text.language import language


@pytest.mark.parametrize(
    ("text", "declared", "expected"),
    [
        ("Troops have massed on the border, the ministry said.", None, "en"),
        (
            "Die Regierung hat am Montag neue Sanktionen gegen den Nachbarn verh\u00e4ngt.",
            None,
            "de",
        ),
        ("Le gouvernement a rappel\u00e9 son ambassadeur apr\u00e8s la fermeture.", None, "fr"),
        ("El gobierno cerr\u00f3 la frontera el lunes por la ma\u00f1ana.", None, "es"),
        (
            (
                "Statsministeren sagde mandag, at regeringen vil sende to skibe for at beskytte "
                "en by ved havet, og at landet burde have gjort det for to \u00e5r siden."
            ),
            None,
            "da",
        ),
        (
            (
                "De regering zei maandag dat er geen plan was om troepen te sturen of dat zij dat "
                "had willen doen, maar dat het leger van het land gereed was."
            ),
            None,
            "nl",
        ),
        ("Troops massed", None, "en"),
        ("123 456", None, "und"),
        ("Troops massed", "fr-CA", "fr"),
        ("Les troupes", "en_GB", "en"),
        ("Les troupes", "English", "en"),
    ],
)
def test_language(text: str, declared: str | None, expected: str) -> None:
    """ISO 639-1, or ``und`` when there is no letter to judge by."""
    assert expected == language(text, declared)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_has_a_code(text: str) -> None:
    """Two letters, or ``und``."""
    assert len(language(text)) in {2, 3}
