"""The key of a signal."""

from __future__ import annotations

import pytest

from classifier import Actor, Cue, Evidence
from streams.keys import signal_key

KHM = Actor("KHM", "Cambodia", "source")
THA = Actor("THA", "Thailand", "target")
JPN = Actor("JPN", "Japan", "mentioned")


@pytest.mark.parametrize(
    ("actors", "key"),
    [
        pytest.param([KHM, THA], "KHM-THA", id="source and target"),
        pytest.param([THA, KHM, JPN], "KHM-THA", id="order and others do not matter"),
        pytest.param([JPN, THA], "JPN-THA", id="a mentioned one fills the open role"),
        pytest.param([JPN], "JPN", id="one alone"),
    ],
)
def test_the_key_is_the_sorted_pair_of_main_actors(actors: list[Actor], key: str) -> None:
    assert signal_key(actors, []) == key


def cue(*texts: str) -> Cue:
    evidence = tuple(Evidence(text, 0, len(text), 0.9, ()) for text in texts)
    return Cue("armed_clash", 0.9, "occurred", "ASSAULT", -9.5, evidence)


BLR = Actor("BLR", "Belarus", "target")
CAN = Actor("CAN", "Canada", "source")
EU = Actor("EU", "European Union", "source")
CHN = Actor("CHN", "China", "mentioned")


@pytest.mark.parametrize(
    ("actors", "title", "text"),
    [
        pytest.param(
            [EU, CAN, BLR],
            "After EU, Canada hits Belarus with sanctions",
            "Joining the European Union, Canada imposed sanctions on Belarus.",
            id="a bloc that did it before",
        ),
        pytest.param(
            [BLR, CHN, CAN],
            "Belarus trade hit by Canadian sanctions",
            "Belarusian firms that sell to China were put under sanctions by Canada.",
            id="a state that buys there",
        ),
        pytest.param(
            [CAN, BLR],
            "Minsk condemns Ottawa",
            "Belarus condemned the sanctions that Canada imposed.",
            id="capitals stand for states",
        ),
    ],
)
def test_rewrites_that_name_others_too_keep_the_key(
    actors: list[Actor], title: str, text: str
) -> None:
    assert signal_key(actors, [cue(text)], title) == "BLR-CAN"


ARM = Actor("ARM", "Armenia", "source")
AUT = Actor("AUT", "Austria", "target")
AZE = Actor("AZE", "Azerbaijan", "mentioned")


def test_a_capital_where_they_meet_gives_way_to_those_who_meet() -> None:
    broken_off = cue("Talks between Armenia and Azerbaijan broke down after two hours.")

    key = signal_key([ARM, AUT, AZE], [broken_off], "Armenia peace talks collapse in Vienna")

    assert key == "ARM-AZE"


def test_a_capital_that_is_struck_stays_in_the_key() -> None:
    struck = cue("Israeli jets struck a depot in Damascus at dawn.")

    key = signal_key([Actor("ISR", "Israel", "source"), Actor("SYR", "Syria", "target")], [struck])

    assert key == "ISR-SYR"


def test_without_actors_rewrites_share_the_key_of_the_name_that_they_name_most() -> None:
    one = signal_key([], [cue("A bomb hit the market of Kolofar on Monday.")], "Nine killed")
    same = signal_key([], [cue("Nine traders died in Kolofar, the hospital said.")])
    other = signal_key([], [cue("Gunmen stormed a barracks at Zurmira.")])

    assert one == same != other
    assert one.startswith("hash-")


def test_without_actors_and_names_the_key_follows_the_words_but_not_their_order_or_case() -> None:
    one = signal_key([], [cue("Gunmen stormed the village")])
    same = signal_key([], [cue("The village: gunmen stormed")])
    other = signal_key([], [cue("A bomb hit the market")])

    assert one == same != other
