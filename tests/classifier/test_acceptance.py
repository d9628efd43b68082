"""A new bundle goes into service only when it is whole and behaves."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import classifier
from classifier import BundleError, bundle, canary
from classifier.model import EscalationModel

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def changed(bundle_path: Path, tmp_path: Path) -> Path:
    """Return a bundle that is whole, and does not score as its manifest says."""
    return _deaf(bundle_path, tmp_path / "changed")


@pytest.fixture
def deaf(bundle_path: Path, tmp_path: Path) -> Path:
    """Return a bundle that is whole and finds nothing, and whose manifest says so."""
    path = _deaf(bundle_path, tmp_path / "deaf")
    loaded = bundle.load(path)
    model = EscalationModel(loaded)
    own = canary.recorded({model.info.judge: model})
    bundle.save(path, loaded.state, _kept(loaded) | {canary.ENTRY: own}, "a card")
    return path


def _deaf(bundle_path: Path, path: Path) -> Path:
    """Write a bundle whose calibration says no to all."""
    loaded = bundle.load(bundle_path)
    state = dict(loaded.state)
    scale = np.array(state["scale"])
    scale[:, 1] = -20.0
    state["scale"] = scale
    bundle.save(path, state, _kept(loaded), "a card")
    return path


def _kept(loaded: bundle.Bundle) -> dict[str, Any]:
    return {k: v for k, v in loaded.manifest.items() if k not in bundle.MADE_AT_SAVE}


def test_a_whole_bundle_that_behaves_is_placed(bundle_path: Path, tmp_path: Path) -> None:
    """Promotion copies it and tells its digest; nothing of the exchange is left over."""
    target = tmp_path / "served"

    digest = classifier.promote(bundle_path, target)
    again = classifier.promote(bundle_path, target)

    assert digest == again == classifier.load(target).info.digest
    assert [path.name for path in tmp_path.iterdir()] == ["served"]


def test_a_bundle_that_fails_the_behaviour_table_is_refused(
    deaf: Path, bundle_path: Path, tmp_path: Path
) -> None:
    """The message names the capabilities; what was there stays."""
    target = tmp_path / "served"
    before = classifier.promote(bundle_path, target)

    with pytest.raises(BundleError, match=r"behaviour table.*paraphrase \d%"):
        classifier.promote(deaf, target)

    assert classifier.load(target).info.digest == before


def test_a_bundle_that_does_not_score_as_its_manifest_says_is_refused(
    changed: Path, bundle_path: Path, tmp_path: Path
) -> None:
    """Though every digest is right; the message has an item with both scores."""
    target = tmp_path / "served"
    before = classifier.promote(bundle_path, target)

    with pytest.raises(BundleError, match=r"does not score as it did at training: .* was 1\.000"):
        classifier.promote(changed, target)

    assert classifier.load(target).info.digest == before


def test_a_tampered_bundle_is_refused(bundle_path: Path, tmp_path: Path) -> None:
    """The file is named."""
    broken = tmp_path / "broken"
    shutil.copytree(bundle_path, broken)
    with (broken / bundle.MODEL_FILE).open("ab") as file:
        file.write(b"x")

    with pytest.raises(BundleError, match=r"model\.joblib was altered"):
        classifier.promote(broken, tmp_path / "served")

    assert not (tmp_path / "served").exists()


def test_a_bundle_other_than_the_pinned_one_is_refused(bundle_path: Path) -> None:
    """The pin holds for bundles that come later, too."""
    with pytest.raises(BundleError, match="is required"):
        classifier.accept(bundle_path, "0" * 64)


def test_a_directory_without_manifest_is_no_bundle(tmp_path: Path) -> None:
    """And a manifest that is no manifest says so."""
    with pytest.raises(BundleError, match="no model bundle"):
        classifier.promote(tmp_path, tmp_path / "served")
    (tmp_path / bundle.MANIFEST_FILE).write_text(json.dumps([]))
    with pytest.raises(BundleError, match="no manifest"):
        classifier.promote(tmp_path, tmp_path / "served")
