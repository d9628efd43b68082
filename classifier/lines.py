"""Items and assessments as JSON lines, for ``escalation score``."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from classifier.types import Assessment, Item

if TYPE_CHECKING:
    from classifier.model import ModelInfo

_BODY: Final = ("text", "body", "content", "summary")


def parse_item(line: str) -> Item:
    """Read an item from a JSON line.

    ``text``, ``body`` or ``content`` is the body, ``summary`` stands in when there is none.

    Raises
    ------
    ValueError
        If the line is no JSON object, has neither title nor body, or a field is no string.
    """
    row = json.loads(line)
    if not isinstance(row, dict):
        msg = "a line must be a JSON object"
        raise ValueError(msg)  # noqa: TRY004 - one error type for every bad line
    fields = {name: _string(row, name) for name in ("title", "language", *_BODY)}
    body = next((fields[name] for name in _BODY if fields[name]), "")
    if not (fields["title"] or body):
        msg = "neither title nor text"
        raise ValueError(msg)
    return Item(str(row.get("id", "")), fields["title"], body, fields["language"] or None)


def as_line(assessment: Assessment, info: ModelInfo) -> str:
    """Return an assessment as one line of JSON."""
    row = asdict(assessment)
    row["model"] = {"version": info.version, "digest": info.digest}
    return json.dumps(row, ensure_ascii=False)


def _string(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        msg = f"{name} must be a string, not {type(value).__name__}"
        raise ValueError(msg)  # noqa: TRY004 - one error type for every bad line
    return value
