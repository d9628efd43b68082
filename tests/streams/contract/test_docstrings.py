"""Words of docstrings in the schemas."""

from __future__ import annotations

from streams.contract.docstrings import fields_of, summary_of


class Documented:
    """What it is, see :mod:`there`.

    More of it.

    Attributes
    ----------
    one
        The ``first``,
        on two lines.
    two, three
        Two at once.

    Raises
    ------
    ValueError
        Never.
    """


class Bare:
    """One line."""


def test_the_summary_is_what_stands_before_the_sections() -> None:
    assert summary_of(Documented) == "What it is, see `there`. More of it."
    assert summary_of(Bare) == "One line."


def test_each_field_has_its_words_on_one_line() -> None:
    assert fields_of(Documented) == {
        "one": "The `first`, on two lines.",
        "two": "Two at once.",
        "three": "Two at once.",
    }
    assert fields_of(Bare) == {}
