"""The figures in a manifest are those of the items that nothing was fitted on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from classifier.explain import quiet
from classifier.fitting import Unit
from classifier.held_out import like_a_feed, measure
from classifier.ontology import LABELS
from classifier.reference import CUE_SHARE

if TYPE_CHECKING:
    from classifier import Assessment

FLOORS = dict.fromkeys(LABELS, 0.5)


def row(**chances: float) -> Assessment:
    """Return an assessment with a probability of .1 where nothing else is said."""
    return quiet("", "", "en", [chances.get(label, 0.1) for label in LABELS])


def test_figures_by_definition() -> None:
    """One hit, one miss, one false alarm among two ordinary items."""
    units = [
        Unit("", "a", ("sanctions",), "other"),
        Unit("", "b", ("sanctions", "blockade"), "other"),
        Unit("", "c", (), "ordinary"),
        Unit("", "d", (), "ordinary"),
    ]
    chances = [row(sanctions=0.9), row(sanctions=0.4), row(sanctions=0.8), row()]
    found = measure(chances, units, FLOORS)
    assert found["items"] == 4
    assert found["labels"]["sanctions"] == {
        "items": 2,
        "precision": 0.5,
        "recall": 0.5,
        "average_precision": pytest.approx((1 / 1 + 2 / 3) / 2, abs=1e-4),
        "calibration_error": pytest.approx((0.1 + 0.6 + 0.8 + 0.1) / 4),
    }
    assert found["escalation"]["items"] == 2
    assert found["labels"]["hybrid_attack"]["recall"] is None
    assert found["false_alarms"]["ordinary"] == {"items": 2, "share": 0.5}
    assert found["false_alarms"]["quiet"] == {"items": 0, "share": None}


def test_de_escalation_is_no_alarm() -> None:
    """Only the nine cues alert."""
    units = [Unit("", "a", (), "ordinary")]
    found = measure([row(de_escalation=0.9)], units, FLOORS)
    assert found["false_alarms"]["ordinary"]["share"] == 0.0


def test_no_held_out_items_give_no_figures() -> None:
    """Not zeros, which would look measured."""
    assert measure([], [], FLOORS) == {}


def test_the_reference_is_of_cue_items_and_everyday_news_alone() -> None:
    """Text that only shares the cues' words is in no feed; one kind alone gives none."""
    cue, ordinary = Unit("", "a", ("sanctions",), "other"), Unit("", "b", (), "ordinary")
    quiet_one = Unit("", "c", (), "quiet")
    found = [row(sanctions=0.95), row(), row(sanctions=0.6)]

    shares = like_a_feed(found, [cue, ordinary, quiet_one])["sanctions"]

    assert shares[-1] == pytest.approx(CUE_SHARE)
    assert sum(shares) == pytest.approx(1)
    assert shares[7] == 0  # where the quiet one's .6 would be
    assert like_a_feed(found[:1], [cue]) == like_a_feed(found[1:2], [ordinary]) == {}
