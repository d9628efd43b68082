"""Take a new bundle into service: verify it, put it through its canary and the behaviour table.

A bundle that loads may still be a bad one. Before it scores news it must score its own canary items
as it did at training, and do what the authored table asks of every model; one that does not is
refused, and what was there stays.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from classifier import bundle, canary
from classifier.behaviour import WANTED, check_behaviour
from classifier.errors import BundleError
from classifier.model import EscalationModel

if TYPE_CHECKING:
    from pathlib import Path


def accept(path: Path, digest: str | None = None, judge: str | None = None) -> EscalationModel:
    """Load a bundle that is to replace another.

    Parameters
    ----------
    path
        Its directory.
    digest
        Pin: any other bundle is refused.
    judge
        ``linear`` leaves a bundle's encoder aside.

    Raises
    ------
    BundleError
        If the bundle is missing, altered, of other versions or pinned otherwise, if it does not
        reproduce its canary scores, or if it fails a capability of the behaviour table; the
        message says which.
    """
    loaded = bundle.load(path, digest)
    model = EscalationModel(loaded, judge)
    try:
        canary.check(model, model.info.judge, loaded.manifest)
    except BundleError as error:
        raise BundleError(f"the bundle in {path}: {error}") from error
    table = check_behaviour(model)
    wanted = WANTED[model.info.judge]
    failed = [row for row in table if row.rate < wanted]
    if failed:
        rates = ", ".join(f"{row.name} {row.rate:.0%}" for row in failed)
        msg = f"the bundle in {path} fails the behaviour table ({wanted:.0%} wanted): {rates}"
        raise BundleError(msg)
    return model


def promote(source: Path, target: Path) -> str:
    """Put an accepted bundle in the place that a worker watches.

    The new files lie beside the old ones until they are complete and accepted; then two renames
    exchange the directories. Whoever looks between the two finds no manifest and looks again.

    Returns
    -------
    str
        The digest of the bundle that is now in place.

    Raises
    ------
    BundleError
        See :func:`accept`; the target is then as it was.
    """
    waiting = target.with_name(f".{target.name}.new")
    leaving = target.with_name(f".{target.name}.old")
    for left_over in (waiting, leaving):
        shutil.rmtree(left_over, ignore_errors=True)
    bundle.read_manifest(source)
    shutil.copytree(source, waiting)
    try:
        digest = accept(waiting).info.digest
    except BundleError:
        shutil.rmtree(waiting)
        raise
    if target.exists():
        target.rename(leaving)
    waiting.rename(target)
    shutil.rmtree(leaving, ignore_errors=True)
    return digest
