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
from classifier.ontology import CUES, LABELS
from classifier.screen import Screen

if TYPE_CHECKING:
    import pytest

    from classifier import EscalationModel


def test_alerts_are_the_same_with_and_without_the_screen(
    model: EscalationModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On held-out corpus lines of every kind; before an encoder all but three in a thousand."""
    units = [as_unit(example) for example in load_corpus() if example.part == "test"][:600]
    items = [Item(str(at), unit.title, unit.body, "en") for at, unit in enumerate(units)]
    screened = {a.id: a.cues for a in model.assess(items) if a.alert}
    monkeypatch.setattr(model, "_screen", Screen(np.zeros(10), np.zeros(10)))
    everything = {a.id: a.cues for a in model.assess(items) if a.alert}
    lost = everything.keys() - screened.keys()
    assert len(lost) <= (0.003 * len(everything) if model.info.judge == "encoder" else 0)
    assert screened == {name: cues for name, cues in everything.items() if name not in lost}


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


def test_a_long_item_has_thresholds_of_its_own() -> None:
    """One sentence of many speaks up by chance, so that a long item must say more."""
    chances = np.array([[0.3] * 10, [0.3] * 10, [0.01] * 10])
    screen = Screen(np.full(10, 0.1), np.full(10, 0.5))
    assert screen.passes(chances, np.array([True, False, True])).tolist() == [True, False, False]


def test_without_thresholds_of_its_own_the_screen_is_at_the_floors() -> None:
    """Then it drops exactly what cannot be reported."""
    screen = Screen.of({"floors": dict.fromkeys(LABELS, 0.4)})
    chances = np.array([[0.39] * 10, [0.0] * 9 + [0.4]])
    assert screen.passes(chances, np.array([False, False])).tolist() == [False, True]
