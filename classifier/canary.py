"""What a bundle is known by: the scores of a few authored items, written into it at training.

A file may be whole and yet score otherwise than it did when it was measured: another version of the
runtime, a processor whose kernels round in another way, a loader with a bug. So the manifest holds
the items and their scores, under its seal, and a bundle that does not reproduce them is refused
before it takes over from another one.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from classifier.errors import BundleError
from classifier.ontology import LABELS
from classifier.types import Item

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from classifier.behaviour import Assessor
    from classifier.combine import Floats

ENTRY: Final = "canary"
"""Of the manifest: ``items``, a list of texts, and ``scores``, by judge a list for each item."""

TOLERANCE: Final = 0.02
"""How far a probability may be from the one in the manifest.

The encoder's int8 kernels differ from processor to processor. Measured: a bundle made on one with
AVX-512 and VNNI, run on an emulated one that has AVX2 alone (``qemu-x86_64 -cpu Haswell``), differs
by .0005 at most, and so forty times as much is borne. A judge that is not the one that was measured
is off by .9 and more.
"""

DIGITS: Final = 4


def items() -> tuple[str, ...]:
    """Return the authored texts."""
    path = Path(__file__).parent / "data" / "canary.txt"
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if not line.startswith("#"))


def recorded(judges: Mapping[str, Assessor]) -> dict[str, Any]:
    """Return the manifest's entry for a model with each of its judges."""
    texts = items()
    return {
        "items": list(texts),
        "scores": {
            name: np.round(_scores(model, texts), DIGITS).tolist() for name, model in judges.items()
        },
    }


def check(model: Assessor, judge: str, manifest: Mapping[str, Any]) -> None:
    """Score the manifest's items again.

    Parameters
    ----------
    model
        As it was loaded.
    judge
        Which of the manifest's scores are its own.
    manifest
        Of the bundle that it was loaded from.

    Raises
    ------
    BundleError
        A score is further than :data:`TOLERANCE` from the one at training; the message has the
        text, the label and both. Or the manifest holds none.
    """
    entry = manifest.get(ENTRY)
    if entry is None or judge not in entry["scores"]:
        msg = f"the bundle has no canary scores of its judge {judge!r}: train it again"
        raise BundleError(f"{msg} with `escalation train`")
    wanted = np.array(entry["scores"][judge])
    found = _scores(model, entry["items"])
    apart = np.abs(found - wanted)
    if float(apart.max()) <= TOLERANCE:
        return
    at, label = np.unravel_index(int(apart.argmax()), apart.shape)
    msg = (
        f"the model does not score as it did at training: {LABELS[label]} of"
        f" {entry['items'][at]!r} is {found[at, label]:.3f}, was {wanted[at, label]:.3f}"
        f" ({int((apart > TOLERANCE).any(axis=1).sum())} of {len(wanted)} canary items differ)"
    )
    raise BundleError(msg)


def _scores(model: Assessor, texts: Sequence[str]) -> Floats:
    """Return probabilities, shape ``(len(texts), len(LABELS))``."""
    assessed = model.assess([Item("", "", text, "en") for text in texts])
    return np.array([[each.scores[label] for label in LABELS] for each in assessed])
