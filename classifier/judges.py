"""The judges that a bundle may hold: the linear one, and the encoder stacked on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from classifier.errors import BundleError

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal["linear", "encoder"]

LINEAR: Final = "linear"
ENCODER: Final = "encoder"


def judged_by(manifest: Mapping[str, Any], judge: str | None) -> Mapping[str, Any]:
    """Return a bundle's manifest as it is with a certain judge.

    A bundle with an encoder holds the whole linear judge with floors of its own as well.

    Raises
    ------
    BundleError
        If the bundle has no such judge.
    """
    if judge is None or judge == manifest["judge"]:
        return manifest
    if judge != LINEAR:
        msg = f"the bundle has no judge {judge!r}: escalation train --judge {ENCODER}"
        raise BundleError(msg)
    own = {key: value for key, value in manifest.items() if key != "screen"}
    return {
        **own,
        "judge": LINEAR,
        "floors": manifest["linear_floors"],
        "metrics": manifest.get("linear_metrics", {}),
        "reference": manifest.get("linear_reference"),
    }
