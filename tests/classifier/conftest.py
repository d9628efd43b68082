"""One trained model for the whole session: the default bundle if it is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import classifier
from classifier import training
from classifier.corpus import load_corpus

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def bundle_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a verified bundle, trained now when there is no default one."""
    default = classifier.default_bundle_path()
    try:
        classifier.load(default)
    except classifier.BundleError:
        default = tmp_path_factory.mktemp("bundle")
        training.train(load_corpus(), default)
    return default


@pytest.fixture(scope="session")
def model(bundle_path: Path) -> classifier.EscalationModel:
    """Return the loaded model."""
    return classifier.load(bundle_path)
