"""The severity scale: act, modality, probability and reach."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.ontology import CUES, LABELS, plover
from classifier.severity import THRESHOLDS, severity_score, severity_word
from classifier.types import Actor, Cue, Modality

STATES = (Actor("IRQ", "Iraq", "source"), Actor("KWT", "Kuwait", "target"))
REBELS = (Actor("FARC", "FARC", "source"), Actor("COL", "Colombia", "target"))


def cue(label: str, modality: Modality = "occurred", probability: float = 0.95) -> Cue:
    """Return a cue without evidence."""
    root, score = plover(label, modality)
    return Cue(label, probability, modality, root, score, ())


@pytest.mark.parametrize(
    ("cues", "actors", "word"),
    [
        pytest.param([cue("armed_clash")], STATES, "critical", id="an army attacks another"),
        pytest.param([cue("armed_clash")], REBELS, "high", id="rebels attack"),
        pytest.param([cue("armed_clash")], (), "high", id="nobody is named"),
        pytest.param([cue("nuclear_missile", probability=0.99)], (), "critical", id="a test"),
        pytest.param([cue("nuclear_missile", "warned")], (), "medium", id="a suspicion"),
        pytest.param([cue("threat_of_force", "threatened")], STATES, "medium", id="a threat"),
        pytest.param([cue("sanctions")], STATES, "high", id="sanctions imposed"),
        pytest.param([cue("sanctions", "demanded", 0.6)], STATES, "low", id="sanctions wanted"),
        pytest.param([cue("de_escalation")], STATES, "info", id="peace"),
        pytest.param([], STATES, "info", id="nothing"),
    ],
)
def test_words(cues: list[Cue], actors: tuple[Actor, ...], word: str) -> None:
    """What an analyst would expect of typical items."""
    assert word == severity_word(severity_score(cues, actors))


def test_a_state_that_is_only_mentioned_does_not_make_it_a_war() -> None:
    """Reach looks at those who act and are acted on."""
    named = (REBELS[0], REBELS[1], Actor("PER", "Peru", "mentioned"))
    clash = [cue("armed_clash")]
    assert severity_score(clash, named) == severity_score(clash, REBELS)


@given(
    st.lists(st.tuples(st.sampled_from(LABELS), st.floats(0, 1)), max_size=10),
    st.sampled_from(CUES),
    st.floats(0, 1),
)
def test_the_scale_is_bounded_and_a_further_cue_never_lowers_it(
    found: list[tuple[str, float]], label: str, chance: float
) -> None:
    """0 to 10, and monotone."""
    cues = [cue(name, "occurred", p) for name, p in found]
    before = severity_score(cues, STATES)
    after = severity_score([*cues, cue(label, "occurred", chance)], STATES)
    assert 0.0 <= before <= after + 1e-9 <= 10.0 + 1e-9


def test_the_thresholds_are_one_descending_table() -> None:
    """Each word once, the last from 0."""
    levels = [least for least, _ in THRESHOLDS]
    assert levels == sorted(levels, reverse=True)
    assert levels[-1] == 0.0
