"""What we trained: low-rank maps, biases, norms and head, and how they join the base."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from classifier.encoder import base as base_weights
from classifier.encoder.base import LAYERS, LINEARS
from classifier.errors import EncoderError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from classifier.encoder.base import Floats

FILE: Final = "adapter.npz"
ABOUT: Final = "adapter.json"
DATA: Final = Path(__file__).parent / "data"
"""Where the adapter lies that comes with the package."""


@dataclass(frozen=True, slots=True)
class Adapter:
    """Trained weights and where they come from.

    Parameters
    ----------
    weights
        For each linear map ``<name>.a`` and ``<name>.b``, low-rank factors ``(inputs, rank)``
        and ``(rank, outputs)``; biases and norms under the base's names; the head.
    about
        Digest of the corpus, settings and figures of the run, SHA-256 of the base.
    """

    weights: dict[str, Floats]
    about: dict[str, Any]

    def merged(self) -> dict[str, Floats]:
        """Return the weights of the whole encoder: the base's with ours added or in place.

        Raises
        ------
        EncoderError
            If the base weights are missing or not those of the training.
        """
        if self.about.get("base") != base_weights.SHA256:
            msg = "the adapter was trained on other base weights: escalation train --encoder"
            raise EncoderError(msg)
        whole = base_weights.load_base()
        for name, array in self.weights.items():
            if not name.endswith((".a", ".b")):
                whole[name] = array
        for layer in range(LAYERS):
            for part in LINEARS:
                name = f"encoder.layer.{layer}.{part}"
                low = self.weights[f"{name}.a"] @ self.weights[f"{name}.b"]
                whole[f"{name}.weight"] = whole[f"{name}.weight"] + low
        return whole


def save(directory: Path, weights: Mapping[str, Floats], about: Mapping[str, Any]) -> None:
    """Write the adapter as float16 and what is known about it.

    The archive has no dates in it, so that equal weights give equal bytes.
    """
    directory.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(directory / FILE, "w") as archive:
        for name in sorted(weights):
            content = io.BytesIO()
            np.save(content, weights[name].astype(np.float16), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), content.getvalue())
    text = json.dumps({"base": base_weights.SHA256, **about}, indent=2) + "\n"
    (directory / ABOUT).write_text(text, encoding="utf-8")


def load(directory: Path = DATA) -> Adapter:
    """Read an adapter; by default the one that comes with the package.

    Raises
    ------
    EncoderError
        If there is none.
    """
    try:
        content = (directory / FILE).read_bytes()
        about = json.loads((directory / ABOUT).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        msg = f"no trained adapter: {error.filename}; make one with escalation train --encoder"
        raise EncoderError(msg) from error
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        weights = {name: arrays[name].astype(np.float32) for name in arrays.files}
    return Adapter(weights, about)
