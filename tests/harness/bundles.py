"""Bundles made of others, for tests of their exchange."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from classifier import bundle

if TYPE_CHECKING:
    from pathlib import Path


def successor(of: Path, path: Path) -> Path:
    """Write a bundle with another digest that behaves the same; return its path."""
    loaded = bundle.load(of)
    kept = {n: v for n, v in loaded.manifest.items() if n not in bundle.MADE_AT_SAVE}
    shutil.copytree(of, path)
    bundle.save(path, {**loaded.state, "note": "the successor"}, kept, "a card")
    return path


def break_manifest(path: Path) -> None:
    """Give a bundle's manifest a digest that its model has not."""
    manifest = path / bundle.MANIFEST_FILE
    digest = bundle.read_manifest(path)["digest"]
    manifest.write_text(manifest.read_text().replace(digest, "f" * 64))
