"""Who is named must not decide: other states in the same text give the same cues."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np

from classifier.behaviour import cases
from classifier.corpus import load_corpus
from classifier.evaluation.swap import changes, swapped

if TYPE_CHECKING:
    from classifier import EscalationModel

SMALL = 0.05
SHARE = 0.95
TEXTS = 1_200


def test_every_name_of_a_state_is_exchanged_for_one_of_its_kind() -> None:
    """A people for a people, a state for a state; the rest stays."""
    text = "Chadian troops left Sudan."
    other = swapped(text, random.Random(1))
    assert other.endswith(".")
    assert other != text
    assert "troops left" in other


def test_exchanging_states_changes_no_cue(model: EscalationModel) -> None:
    """The highest change of any cue's probability stays below .05 on 95 % of texts."""
    texts = [p.text for e in load_corpus() if e.part == "test" for p in e.passages][:TEXTS]
    found = changes(model, [*(case.text for case in cases()), *texts], random.Random(7))
    assert len(found) > 400
    assert np.mean(found < SMALL) >= SHARE
