"""Banners go, reports stay."""

from __future__ import annotations

import pytest

from classifier.corpus import load_corpus
from classifier.text import read
from classifier.text.boilerplate import (
    is_banner,
    is_boilerplate,
    may_hold_banner,
    without_boilerplate,
)
from classifier.types import Item

LEAST_FOUND = 0.7
MOST_LOST = 0.001


@pytest.mark.parametrize(
    "line",
    [
        "Advertisement",
        "We use cookies to improve your experience on this site.",
        "Accept all cookies",
        "Share on Facebook | Twitter | WhatsApp",
        "Sign up for our daily newsletter",
        "By Anna Larsen and Piotr Nowak",
        "Reporting by Anna Larsen; editing by Piotr Nowak",
        "Save 40% today only on garden furniture",
        "Read more",
        "Updated 14 May 2021 at 10:15 GMT",
        "\u00a9 2021 Example Media. All rights reserved.",
    ],
)
def test_what_no_report_contains_is_dropped(line: str) -> None:
    """Banners, share bars, bylines, offers."""
    assert is_boilerplate(line)


@pytest.mark.parametrize(
    "line",
    [
        "The minister said the share of exports had fallen.",
        "Advertisers fled the channel after the coup.",
        "Rebels seized a cookie factory outside the town.",
        "By dawn the tanks had reached the river.",
        "By night the bridge was deserted.",
        "Watch posts along the border were reinforced on Sunday.",
    ],
)
def test_reports_that_share_words_with_banners_stay(line: str) -> None:
    """A line dropped in error is evidence lost."""
    assert not is_boilerplate(line)


@pytest.mark.parametrize(
    "sentence",
    [
        "We use cookies to improve your experience.",
        "Accept all cookies.",
        "All rights reserved.",
        "Please enable JavaScript to read on.",
        "Sign up for our morning newsletter.",
    ],
)
def test_a_banner_in_the_line_of_the_article_is_no_sentence_of_it(sentence: str) -> None:
    item = Item("1", "", f"The army sealed the border. {sentence} Convoys wait.")

    assert may_hold_banner(sentence)
    assert [each.text for each in read(item).sentences()] == [
        "The army sealed the border.",
        "Convoys wait.",
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "The hackers stole browser cookies from ministry computers.",
        "The newsletter of the embassy was banned.",
        "Rebels said the rights reserved to the province had been taken.",
    ],
)
def test_a_sentence_that_speaks_of_cookies_stays(sentence: str) -> None:
    assert not is_banner(sentence)


def test_lines_around_a_banner_stay() -> None:
    """Only the banner goes."""
    assert without_boilerplate("One.\nAdvertisement\nTwo.") == "One.\nTwo."


def test_the_corpus_says_how_much_is_found_and_lost() -> None:
    """Marked lines of the corpus's articles are found, sentences of reports are kept."""
    passages = [p for example in load_corpus() for p in example.passages]
    marked = [is_boilerplate(p.text) for p in passages if p.boilerplate]
    lost = [is_boilerplate(p.text) for p in passages if p.labels]
    assert sum(lost) / len(lost) <= MOST_LOST
    assert len(marked) > 50
    assert sum(marked) / len(marked) >= LEAST_FOUND


@pytest.mark.parametrize(
    "swap", [("s", "\u017f"), ("k", "\u212a"), ("i", "\u0131"), ("i", "\u0130")]
)
def test_a_banner_in_letters_that_fold_to_others_is_looked_at_too(swap: tuple[str, str]) -> None:
    """The regular expression takes them for the same letter, so must the look before it."""
    banners = (
        "We use cookies to improve our services.",
        "Accept all cookies",
        "All rights reserved",
        "Please enable JavaScript",
        "Subscribe to our newsletter",
    )
    for banner in banners:
        for text in (banner.replace(*swap), banner.upper(), banner):
            assert is_banner(banner)
            assert may_hold_banner(text) or not is_banner(text)
