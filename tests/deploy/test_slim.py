"""What the image leaves out is what a worker never imports."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import files
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

IMAGE = Path(__file__).parents[2] / "deploy" / "image"

SCORING = """
import json, sys
import streams.cli, streams.worker, streams.app, classifier
model = classifier.accept(classifier.default_bundle_path())
model.assess([classifier.Item("", "", "The army shelled the town.", "en")], occlusion=True)
print(json.dumps([m.__file__ for m in sys.modules.values() if getattr(m, "__file__", None)]))
"""
"""What a worker imports, and what the exchange of its model does."""


def test_a_worker_imports_nothing_that_the_image_leaves_out(bundle_path: Path) -> None:
    """Neither to start, nor to score, nor to accept another bundle."""
    assert bundle_path.is_dir()
    said = subprocess.run(
        [sys.executable, "-c", SCORING], capture_output=True, text=True, check=True
    ).stdout
    loaded = json.loads(said)
    parts = (IMAGE / "never-imported.txt").read_text(encoding="utf-8").split()
    packages = (IMAGE / "only-training.txt").read_text(encoding="utf-8").split()
    names = [*parts, *(name for package in packages for name in imported_as(package))]
    assert len(names) >= len(parts) + len(packages)
    needed = {name for name in names for file in loaded if f"/{name}/" in file}
    assert any("/onnxruntime/" in file for file in loaded)
    assert needed == set()


def imported_as(package: str) -> set[str]:
    """Return the directories that a package has beside others."""
    tops = {file.parts[0] for file in files(package) or [] if len(file.parts) > 1}
    return {top for top in tops if top != ".." and not top.endswith((".dist-info", ".libs"))}


def test_training_without_what_it_needs_says_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from classifier import cli  # noqa: PLC0415 - beside what it must not import

    monkeypatch.setitem(sys.modules, "classifier.training", None)
    monkeypatch.delattr("classifier.training", raising=False)
    try:
        cli.app(["train"], standalone_mode=True)
    except SystemExit as ended:
        assert ended.code == 1
    assert (
        "training needs classifier.training, which the image leaves out" in capsys.readouterr().err
    )
