"""Save and load a model: a directory with a manifest, checked before anything is unpickled.

``manifest.json`` names every file with its SHA-256, the versions it was made with, the
floors and the figures measured at training. The *digest* of a bundle is the SHA-256 of the
model file: same corpus, budget and versions, same digest.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import platform
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import joblib
import numpy as np
from joblib.numpy_pickle import NumpyUnpickler

from classifier.errors import BundleError

if TYPE_CHECKING:
    from collections.abc import Mapping

MODEL_FILE: Final = "model.joblib"
MANIFEST_FILE: Final = "manifest.json"
CARD_FILE: Final = "CARD.md"
FORMAT: Final = 5
MADE_AT_SAVE: Final = frozenset({"format", "digest", "files", "versions"})
"""Entries of a manifest that :func:`save` makes; all others are its caller's."""

SEAL: Final = "seal"
UNSEALED: Final = MADE_AT_SAVE | {"trained", "metrics"}
"""Entries that no judgement depends on. All others (floors, thresholds, the judge) are sealed:
their SHA-256 is in the model file, so that the digest of that file vouches for them too."""

ENVIRONMENT: Final = "ESCALATION_MODEL_PATH"

_ALLOWED: Final = frozenset(
    {
        ("builtins", "frozenset"),
        ("builtins", "set"),
        ("collections", "OrderedDict"),
        ("numpy", "dtype"),
        ("numpy", "ndarray"),
        ("numpy", "float64"),
        ("numpy", "float32"),
        ("numpy", "int64"),
        ("numpy.dtypes", "StrDType"),
        ("numpy._core.multiarray", "scalar"),
        ("numpy._core.multiarray", "_reconstruct"),
        ("numpy._core.numeric", "_frombuffer"),
        ("joblib.numpy_pickle", "NumpyArrayWrapper"),
    }
)
"""Names that a bundle's pickle may look up: plain containers and arrays, no code."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A verified bundle.

    Parameters
    ----------
    state
        Plain containers and arrays that the model is rebuilt from.
    manifest
        The parsed manifest.
    path
        Where it lies.
    """

    state: dict[str, Any]
    manifest: dict[str, Any]
    path: Path


def default_bundle_path() -> Path:
    """Return where the trained model is kept when nobody says otherwise.

    ``ESCALATION_MODEL_PATH`` if set; in a checkout (a ``pyproject.toml`` beside the
    package) ``models/default`` there; else ``escalation/models/default`` in the user's
    data directory (``XDG_DATA_HOME`` or ``~/.local/share``).
    """
    configured = os.environ.get(ENVIRONMENT)
    if configured:
        return Path(configured)
    root = Path(__file__).resolve().parent.parent
    if (root / "pyproject.toml").is_file():
        return root / "models" / "default"
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data) / "escalation" / "models" / "default"


def save(path: Path, state: Mapping[str, Any], manifest: Mapping[str, Any], card: str) -> str:
    """Write a bundle; the manifest comes last, so that a torn write is no bundle.

    Returns
    -------
    str
        The digest.
    """
    path.mkdir(parents=True, exist_ok=True)
    (path / MANIFEST_FILE).unlink(missing_ok=True)
    sealed = {**state, SEAL: _seal(manifest)}
    joblib.dump(sealed, path / MODEL_FILE, compress=0, protocol=5)
    (path / CARD_FILE).write_text(card, encoding="utf-8")
    digest = file_digest(path / MODEL_FILE)
    whole = {
        "format": FORMAT,
        "digest": digest,
        "files": {name: file_digest(path / name) for name in (MODEL_FILE, CARD_FILE)},
        "versions": versions(),
        **manifest,
    }
    text = json.dumps(whole, indent=2, ensure_ascii=False) + "\n"
    (path / MANIFEST_FILE).write_text(text, encoding="utf-8")
    return digest


def versions() -> dict[str, str]:
    """Return the versions that a bundle's numbers depend on."""
    return {
        "python": ".".join(platform.python_version_tuple()[:2]),
        "scikit-learn": metadata.version("scikit-learn"),
        "numpy": np.__version__,
    }


def load(path: Path, digest: str | None = None) -> Bundle:
    """Verify and read a bundle.

    Parameters
    ----------
    path
        Its directory.
    digest
        When given, the only digest that is accepted.

    Raises
    ------
    BundleError
        If a file is missing or altered, the digest is another, or the versions differ.
    """
    manifest = verify(path, digest)
    # Read once and hash what was read, so that nobody can swap the file in between.
    content = _read(path / MODEL_FILE)
    if hashlib.sha256(content).hexdigest() != manifest["digest"]:
        msg = f"{path / MODEL_FILE} changed while it was being loaded"
        raise BundleError(msg)
    state = _unpickle(content, path)
    seal = state.pop(SEAL, None)
    if seal is None and digest is not None:
        msg = f"{path / MODEL_FILE} has no seal, so that no digest vouches for its manifest"
        raise BundleError(f"{msg}: train it again with `escalation train`")
    if seal is not None and seal != _seal(manifest):
        msg = f"{path / MANIFEST_FILE} was altered: its entries are not those that were sealed"
        raise BundleError(msg)
    return Bundle(state, manifest, path)


def _seal(manifest: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the entries that decide, in canonical JSON."""
    deciding = {name: value for name, value in manifest.items() if name not in UNSEALED}
    return hashlib.sha256(json.dumps(deciding, sort_keys=True).encode()).hexdigest()


def verify(path: Path, digest: str | None = None) -> dict[str, Any]:
    """Check every file of a bundle against its manifest and return the manifest.

    Raises
    ------
    BundleError
        See :func:`load`.
    """
    manifest = read_manifest(path)
    for name, expected in manifest["files"].items():
        if Path(name).name != name:
            msg = f"{path / MANIFEST_FILE} names a file outside the bundle: {name!r}"
            raise BundleError(msg)
        found = hashlib.sha256(_read(path / name)).hexdigest()
        if found != expected:
            msg = f"{path / name} was altered: its SHA-256 is {found}, not {expected}"
            raise BundleError(msg)
    if manifest["files"].get(MODEL_FILE) != manifest["digest"]:
        msg = f"{path / MANIFEST_FILE}: the digest is not that of {MODEL_FILE}"
        raise BundleError(msg)
    if digest is not None and digest != manifest["digest"]:
        msg = f"the bundle in {path} has digest {manifest['digest']}, but {digest} is required"
        raise BundleError(msg)
    _check_versions(path, manifest["versions"])
    return manifest


def read_manifest(path: Path) -> dict[str, Any]:
    """Parse a manifest without checking the files.

    Raises
    ------
    BundleError
        If there is none, or it is not a manifest of this format.
    """
    if not (path / MANIFEST_FILE).is_file():
        msg = f"no model bundle in {path}: train one with `escalation train`"
        raise BundleError(msg)
    try:
        manifest = json.loads(_read(path / MANIFEST_FILE))
    except ValueError as error:
        msg = f"{path / MANIFEST_FILE} is no JSON: {error}"
        raise BundleError(msg) from error
    wanted = {"format", "digest", "files", "versions", "floors"}
    if not isinstance(manifest, dict) or not wanted <= manifest.keys():
        msg = f"{path / MANIFEST_FILE} is no manifest of a model bundle"
        raise BundleError(msg)
    if manifest["format"] != FORMAT:
        msg = f"{path} is a bundle of format {manifest['format']}, this code reads {FORMAT}"
        raise BundleError(msg)
    return manifest


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        msg = f"cannot read {path}: {error.strerror}"
        raise BundleError(msg) from error


def _check_versions(path: Path, made_with: Mapping[str, str]) -> None:
    try:
        here = versions()["scikit-learn"]
    except metadata.PackageNotFoundError:
        return  # an image that only scores has nothing of it, and the canary tells what differs
    there = made_with.get("scikit-learn")
    if there != here:
        msg = (
            f"the bundle in {path} was trained with scikit-learn {there}, this is {here}: "
            "train it again with `escalation train`"
        )
        raise BundleError(msg)


class _Unpickler(NumpyUnpickler):  # type: ignore[misc]
    """Looks up nothing but plain containers and arrays."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _ALLOWED:
            msg = f"the model file asks for {module}.{name}, which no bundle needs"
            raise BundleError(msg)
        return super().find_class(module, name)


def _unpickle(content: bytes, path: Path) -> dict[str, Any]:
    stream = io.BytesIO(content)
    state = _Unpickler(str(path / MODEL_FILE), stream, ensure_native_byte_order=True).load()
    if not isinstance(state, dict):
        msg = f"{path / MODEL_FILE} holds no model state"
        raise BundleError(msg)
    return state
