"""The generated parts of the README are what the code says."""

from __future__ import annotations

import pytest

from streams.docs import README, main, with_settings


def test_the_settings_table_of_the_readme_is_up_to_date() -> None:
    assert main(["--check"]) == 0


def test_a_readme_without_the_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="settings"):
        with_settings("# A README\n")


def test_the_readme_shows_the_two_commands_before_anything_else() -> None:
    text = README.read_text(encoding="utf-8")

    assert text.index("make run") < text.index("make test") < text.index("## ")
