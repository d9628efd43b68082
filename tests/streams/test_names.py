"""Proper names and places in evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from streams.names import main_name, places, proper_names, read_sentences

if TYPE_CHECKING:
    from collections import Counter


def named(*sentences: str) -> Counter[str]:
    """Return the proper names of sentences."""
    return proper_names(read_sentences(sentences))


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        pytest.param("Gunmen stormed Zurmira on Monday.", {"zurmira"}, id="no weekday"),
        pytest.param("A Thai patrol died near Ta Samrong.", {"samrong"}, id="no actor, no short"),
        pytest.param("Thai Troops Killed Near Temple Hill", set(), id="a headline in capitals"),
        pytest.param("The Defence Ministry denied it.", set(), id="no office"),
    ],
)
def test_proper_names_are_those_that_tell_events_apart(sentence: str, names: set[str]) -> None:
    assert set(named(sentence)) == names


def test_a_headline_counts_for_a_name_that_the_text_has() -> None:
    names = named("Kolofar Market Blast Kills Nine", "A bomb in Kolofar killed nine.")

    assert names == {"kolofar": 2}


def test_the_main_name_is_named_most_then_longest_then_first() -> None:
    assert main_name(named("The dam of Upper Kunari was hit.")) == "kunari"
    assert main_name(named("Shells hit Abari and Kunari.", "Fire in Abari.")) == "abari"
    assert main_name(named("Nobody was hurt.")) is None


def test_places_stand_after_a_preposition_as_written() -> None:
    text = "Ships fired off Beauchene Island on Saturday, said Smith in Port Howe."

    assert places(read_sentences([text]), 5) == ("Beauchene Island", "Port Howe")
