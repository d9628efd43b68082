"""Small corpora for the tests of the corpus tools."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def line(name: str, text: str, *labels: str, **fields: Any) -> dict[str, Any]:
    """Return a sound line, with other fields where given."""
    return {
        "id": name,
        "text": text,
        "labels": list(labels),
        "modality": dict.fromkeys(labels, "occurred"),
        "register": "headline",
        "region": "global",
        "era": "2020s",
        "group": None,
        **fields,
    }


def write(path: Path, rows: Iterable[dict[str, Any]]) -> Path:
    """Write a file of the corpus and return its path."""
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_text(text, encoding="utf-8")
    return path
