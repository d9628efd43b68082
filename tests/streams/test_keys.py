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


def test_without_actors_the_key_follows_the_evidence_but_not_its_order_or_case() -> None:
    def cue(text: str) -> Cue:
        return Cue("armed_clash", 0.9, "occurred", "ASSAULT", -9, (Evidence(text, 0, 1, 0.9, ()),))

    one = signal_key([], [cue("Gunmen stormed the village")])
    same = signal_key([], [cue("the village stormed: GUNMEN")])
    other = signal_key([], [cue("A bomb hit the market")])

    assert one == same != other
    assert one.startswith("hash-")
