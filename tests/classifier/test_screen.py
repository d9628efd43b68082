"""The screen drops nothing that could raise an alert."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier import Item
from classifier.combine import OUTPUTS, joint
from classifier.corpus import load_corpus
from classifier.fitting import as_unit
from classifier.ontology import CUES
from classifier.screen import Screen

if TYPE_CHECKING:
    import pytest

    from classifier import EscalationModel


def test_alerts_are_the_same_with_and_without_the_screen(
    model: EscalationModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On held-out corpus lines of every kind."""
    units = [as_unit(example) for example in load_corpus() if example.part == "test"][:600]
    items = [Item(str(at), unit.title, unit.body, "en") for at, unit in enumerate(units)]
    screened = [(a.alert, a.cues, a.scores) for a in model.assess(items)]
    monkeypatch.setattr(model, "_screen", Screen(np.zeros(10)))
    assert [(a.alert, a.cues, a.scores) for a in model.assess(items)] == screened


@settings(max_examples=200)
@given(
    row=st.lists(st.floats(-20, 20), min_size=len(OUTPUTS), max_size=len(OUTPUTS)),
    at=st.integers(0, OUTPUTS.index("any label")),
    more=st.floats(0, 10),
)
def test_the_strongest_cue_never_falls_when_a_log_odds_rises(
    row: list[float], at: int, more: float
) -> None:
    """More evidence never takes an alert back."""
    before = np.array([row])
    after = before.copy()
    after[0, at] += more
    nine = slice(0, len(CUES))
    assert joint(after)[0, nine].max() >= joint(before)[0, nine].max() - 1e-9


def test_a_margin_lets_more_pass() -> None:
    """A judge that may lift an item by so much sees whatever it could lift over a floor."""
    chances = np.array([[0.3] * 10, [0.01] * 10])
    floors = np.full(10, 0.5)
    assert Screen(floors).passes(chances).tolist() == [False, False]
    assert Screen(floors, margin=1.0).passes(chances).tolist() == [True, False]
