"""A bundle is checked before anything of it is unpickled."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest

from classifier import bundle
from classifier.errors import BundleError

MANIFEST: dict[str, Any] = {"version": "0", "floors": {}}


def saved(path: Path) -> str:
    """Write a small bundle."""
    state = {"vocabulary": ["a"], "coef": np.ones((1, 2))}
    return bundle.save(path, state, MANIFEST, "# A card\n")


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    """State, manifest and digest come back."""
    digest = saved(tmp_path)
    found = bundle.load(tmp_path, digest)
    assert found.manifest["digest"] == digest
    assert found.state["vocabulary"] == ["a"]
    assert np.array_equal(found.state["coef"], np.ones((1, 2)))


def test_the_same_state_has_the_same_digest(tmp_path: Path) -> None:
    """Nothing of time or place is in the model file."""
    assert saved(tmp_path / "one") == saved(tmp_path / "two")


@pytest.mark.parametrize("name", [bundle.MODEL_FILE, bundle.CARD_FILE])
def test_an_altered_file_is_refused(tmp_path: Path, name: str) -> None:
    """One byte is enough, in the model or in its card."""
    saved(tmp_path)
    with (tmp_path / name).open("ab") as file:
        file.write(b" ")
    with pytest.raises(BundleError, match="was altered"):
        bundle.load(tmp_path)


def test_another_digest_than_the_pinned_one_is_refused(tmp_path: Path) -> None:
    """The message names both."""
    saved(tmp_path)
    with pytest.raises(BundleError, match="but 00 is required"):
        bundle.load(tmp_path, "00")


def test_other_versions_are_refused(tmp_path: Path) -> None:
    """A model of another scikit-learn is trained again, not guessed at."""
    saved(tmp_path)
    _edit(tmp_path, lambda m: m["versions"].update({"scikit-learn": "0.1"}))
    with pytest.raises(BundleError, match="train it again"):
        bundle.load(tmp_path)


def test_a_manifest_cannot_name_files_elsewhere(tmp_path: Path) -> None:
    """Paths in a manifest stay in the bundle."""
    saved(tmp_path)
    _edit(tmp_path, lambda m: m["files"].update({"../x": "00"}))
    with pytest.raises(BundleError, match="outside the bundle"):
        bundle.load(tmp_path)


def test_a_manifest_for_another_file_is_refused(tmp_path: Path) -> None:
    """The digest must be that of the model file, whatever the manifest says of its files."""
    saved(tmp_path)
    _edit(tmp_path, lambda m: m.update({"digest": "00" * 32}))
    with pytest.raises(BundleError, match="the digest is not that of"):
        bundle.load(tmp_path)


@pytest.mark.parametrize("pinned", [True, False])
def test_altered_floors_are_refused_though_every_file_has_its_digest(
    tmp_path: Path, pinned: bool
) -> None:
    """The manifest decides what is an alert; the digest of the model file vouches for it."""
    digest = saved(tmp_path)
    _edit(tmp_path, lambda m: m["floors"].update({"blockade": 1.0}))
    with pytest.raises(BundleError, match="not those that were sealed"):
        bundle.load(tmp_path, digest if pinned else None)


def test_what_decides_nothing_may_be_added_to_a_manifest(tmp_path: Path) -> None:
    """Figures are measured after the training."""
    digest = saved(tmp_path)
    _edit(tmp_path, lambda m: m.update({"metrics": {"f1": 0.5}, "trained": "2026"}))
    assert bundle.load(tmp_path, digest).manifest["metrics"] == {"f1": 0.5}


def test_a_pinned_digest_needs_a_seal(tmp_path: Path) -> None:
    """A bundle from before the seal is loaded, but its digest vouches for the model alone."""
    saved(tmp_path)
    joblib.dump({"coef": np.ones(1)}, tmp_path / bundle.MODEL_FILE, protocol=5)
    digest = _resign(tmp_path)
    assert bundle.load(tmp_path).state.keys() == {"coef"}
    with pytest.raises(BundleError, match="has no seal"):
        bundle.load(tmp_path, digest)


def test_nothing_is_unpickled_before_the_digest_is_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even by the reader that allows only plain types."""
    saved(tmp_path)
    monkeypatch.setattr(bundle, "_unpickle", lambda *_: pytest.fail("it was unpickled"))
    with (tmp_path / bundle.MODEL_FILE).open("ab") as file:
        file.write(b" ")
    with pytest.raises(BundleError, match="was altered"):
        bundle.load(tmp_path)
    with pytest.raises(BundleError, match="is required"):
        bundle.load(_sound(tmp_path / "other"), "00")


def test_code_in_the_model_file_is_not_run(tmp_path: Path) -> None:
    """Even with a matching digest only plain containers and arrays are unpickled."""
    saved(tmp_path)
    joblib.dump({"x": Path("/")}, tmp_path / bundle.MODEL_FILE, protocol=5)
    _resign(tmp_path)
    with pytest.raises(BundleError, match="which no bundle needs"):
        bundle.load(tmp_path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(None, "train one with", id="none"),
        pytest.param("{", "is no JSON", id="torn"),
        pytest.param("[]", "is no manifest", id="another file"),
    ],
)
def test_no_manifest_is_no_bundle(tmp_path: Path, content: str | None, words: str) -> None:
    """The message says what to do."""
    if content is not None:
        (tmp_path / bundle.MANIFEST_FILE).write_text(content)
    with pytest.raises(BundleError, match=words):
        bundle.load(tmp_path)


def test_the_environment_says_where_the_default_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise it lies in the checkout."""
    monkeypatch.setenv(bundle.ENVIRONMENT, str(tmp_path))
    assert bundle.default_bundle_path() == tmp_path
    monkeypatch.delenv(bundle.ENVIRONMENT)
    assert bundle.default_bundle_path().parts[-2:] == ("models", "default")


def _sound(path: Path) -> Path:
    saved(path)
    return path


def _resign(path: Path) -> str:
    """Let the manifest name the model file as it is now."""
    digest = hashlib.sha256((path / bundle.MODEL_FILE).read_bytes()).hexdigest()
    _edit(path, lambda m: m["files"].update({bundle.MODEL_FILE: digest}))
    _edit(path, lambda m: m.update({"digest": digest}))
    return digest


def _edit(path: Path, change: Any) -> None:
    manifest = json.loads((path / bundle.MANIFEST_FILE).read_text())
    change(manifest)
    (path / bundle.MANIFEST_FILE).write_text(json.dumps(manifest))
