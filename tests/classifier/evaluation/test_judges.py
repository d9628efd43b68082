"""The table of judges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import classifier
from classifier import Item
from classifier.corpus import load_corpus
from classifier.evaluation import speed
from classifier.evaluation.datasets import ESCALATION, Dataset
from classifier.evaluation.judges import cells, compare_judges, headings

if TYPE_CHECKING:
    from pathlib import Path


def test_each_judge_of_a_bundle_has_its_speed_size_and_quality(
    bundle_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The encoder's bundle is larger, and slower, by as much as the table says."""
    if classifier.load(bundle_path).info.judge == "linear":
        pytest.skip("the default bundle was trained with --judge linear")
    monkeypatch.setattr(speed, "ITEMS", 40)
    monkeypatch.setattr(speed, "SINGLE", 5)
    texts = ["Rebels shelled the town, killing nine.", "The museum opens a new wing."]
    items = tuple(Item(str(at), "", text, "en") for at, text in enumerate(texts))
    truth = (frozenset({ESCALATION}), frozenset[str]())
    data = Dataset("items", "two.jsonl", items, truth, (ESCALATION,))

    linear, encoder = compare_judges(bundle_path, [data], load_corpus())

    assert (linear.judge, encoder.judge) == ("linear", "encoder")
    assert linear.size < encoder.size
    assert linear.speed.batch > encoder.speed.batch > 0
    assert len(headings([linear])) == len(cells(linear)) == len(cells(encoder))
    assert encoder.reports[0].columns[ESCALATION].average_precision == 1.0
