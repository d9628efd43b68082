"""The classifier's tests run with each of its judges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import classifier

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session", params=["linear", "encoder"])
def model(bundle_path: Path, request: pytest.FixtureRequest) -> classifier.EscalationModel:
    """Return the default model, with each of its judges in turn.

    A test that one judge suffices for asks for the ``default``, the bundle's own.
    """
    if request.param == "default":
        return classifier.load(bundle_path)
    if request.param == "encoder" and classifier.load(bundle_path).info.judge == "linear":
        pytest.skip("the default bundle was trained with --judge linear")
    return classifier.load(bundle_path, judge=request.param)
