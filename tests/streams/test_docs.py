"""The generated parts of the documents are what the code says."""

from __future__ import annotations

import pytest

from streams.docs import README, filled, main


def test_the_generated_parts_of_the_documents_are_up_to_date() -> None:
    assert main(["--check"]) == 0


def test_a_document_without_the_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="settings"):
        filled("# A document\n", "settings", "")


def test_the_readme_shows_the_two_commands_before_anything_else() -> None:
    text = README.read_text(encoding="utf-8")

    assert text.index("make run") < text.index("make test") < text.index("## ")
