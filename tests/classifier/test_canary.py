"""A bundle is known by the scores of its canary items."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import classifier
from classifier import LABELS, BundleError, Item, bundle, canary

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from classifier import Assessment, EscalationModel


class Off:
    """A model that scores one item otherwise than another does."""

    def __init__(self, model: EscalationModel, by: float) -> None:
        self._model = model
        self._by = by

    def assess(self, items: Sequence[Item]) -> list[Assessment]:
        found = self._model.assess(items)
        scores = found[0].scores
        scores["sanctions"] -= self._by  # type: ignore[index]  # a dict, told as a mapping
        return found


@pytest.fixture(scope="module")
def manifest(bundle_path: Path) -> dict[str, Any]:
    """Return the default bundle's manifest."""
    return bundle.read_manifest(bundle_path)


def test_each_cue_has_items_that_show_it_and_items_that_do_not(manifest: dict[str, Any]) -> None:
    """Else a model that lost a cue would reproduce the rest."""
    scores = np.array(manifest["canary"]["scores"][manifest["judge"]])
    assert scores.shape == (len(canary.items()), len(LABELS))
    assert (scores.max(axis=0) > 0.5).all()
    assert (scores.min(axis=0) < 0.05).all()


@pytest.mark.parametrize("judge", [None, "linear"])
def test_a_bundle_reproduces_its_scores_with_each_of_its_judges(
    judge: str | None, bundle_path: Path, manifest: dict[str, Any]
) -> None:
    model = classifier.load(bundle_path, judge=judge)
    canary.check(model, model.info.judge, manifest)


def test_another_judge_does_not_reproduce_them(bundle_path: Path, manifest: dict[str, Any]) -> None:
    """The scores of one judge tell it from the other."""
    if manifest["judge"] == "linear":
        pytest.skip("the default bundle has no encoder here")
    with pytest.raises(BundleError, match="does not score as it did at training"):
        canary.check(classifier.load(bundle_path, judge="linear"), "encoder", manifest)


@pytest.mark.parametrize("by", [0.0, 0.8 * canary.TOLERANCE])
def test_a_difference_of_rounding_is_borne(
    by: float, model: EscalationModel, manifest: dict[str, Any]
) -> None:
    canary.check(Off(model, by), model.info.judge, manifest)


def test_a_greater_one_is_refused_with_text_label_and_both_scores(
    model: EscalationModel, manifest: dict[str, Any]
) -> None:
    with pytest.raises(BundleError, match=r"sanctions of 'Orland .* is 0\.\d+, was .*\(1 of 30"):
        canary.check(Off(model, 1.5 * canary.TOLERANCE), model.info.judge, manifest)


def test_a_bundle_without_canary_is_refused(model: EscalationModel) -> None:
    with pytest.raises(BundleError, match="no canary scores"):
        canary.check(model, "linear", {})


def test_scores_cannot_be_exchanged_in_the_manifest(bundle_path: Path, tmp_path: Path) -> None:
    """They are under the seal, as floors are."""
    loaded = bundle.load(bundle_path)
    kept = {n: v for n, v in loaded.manifest.items() if n not in bundle.MADE_AT_SAVE}
    bundle.save(tmp_path, loaded.state, kept, "a card")
    file = tmp_path / bundle.MANIFEST_FILE
    file.write_text(file.read_text().replace('"Orland halts', '"Orland stops'))

    with pytest.raises(BundleError, match="was altered"):
        bundle.load(tmp_path)
