"""JSON Schemas (draft 2020-12) of the structs, with the words of their docstrings."""

from __future__ import annotations

from typing import Any, get_type_hints

import msgspec
from msgspec import inspect as types

from streams.contract.docstrings import fields_of, summary_of

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def components(roots: tuple[type, ...], ref: str) -> dict[str, Schema]:
    """Return the schema of every struct and dataclass that the roots are made of, by name.

    Parameters
    ----------
    roots
        The structs to begin at.
    ref
        Where a reference points to, with ``{name}`` in it.
    """
    _, schemas = msgspec.json.schema_components(roots, ref_template=ref)
    for cls in _classes(roots):
        if cls.__name__ in schemas:
            _describe(schemas[cls.__name__], cls)
    return dict(sorted(schemas.items()))


def document(root: type, name: str, title: str) -> Schema:
    """Return a JSON Schema document of one record, with what it refers to inside."""
    parts = components((root,), "#/$defs/{name}")
    top = parts.pop(root.__name__)
    head: Schema = {"$schema": DIALECT, "$id": schema_id(name), **top, "title": title}
    return head | ({"$defs": parts} if parts else {})


def schema_id(name: str) -> str:
    """Return the name of a record's schema in the major version that holds."""
    return f"urn:escalation:schema:{name}:v1"


def _describe(schema: Schema, cls: type) -> None:
    schema["description"] = summary_of(cls)
    told = fields_of(cls)
    for field in _fields(cls):
        part = schema["properties"][field.encode_name]
        _refine(part, field.type)
        if field.name in told:
            # A sibling of `$ref` counts in 2020-12 only; `allOf` is read by every validator.
            if "$ref" in part:
                part["allOf"] = [{"$ref": part.pop("$ref")}]
            part["description"] = told[field.name]


def _refine(part: Schema, kind: types.Type) -> None:
    """Say what msgspec leaves out, and say pairs in the words that old and new dialects share."""
    options = kind.types if isinstance(kind, types.UnionType) else (kind,)
    if any(isinstance(option, types.DateTimeType) for option in options):
        for each in part.get("anyOf", [part]):
            if each.get("type") == "string":
                each["format"] = "date-time"
    if "prefixItems" in part:
        first, *others = part.pop("prefixItems")
        if any(other != first for other in others):
            raise TypeError("a tuple of unlike members has no form that every dialect reads")
        part["items"] = first


def _fields(cls: type) -> tuple[types.Field, ...]:
    info = types.type_info(cls)
    assert isinstance(info, types.StructType | types.DataclassType)  # noqa: S101 - for mypy
    return info.fields


def _classes(roots: tuple[type, ...]) -> set[type]:
    """Return the roots and every struct or dataclass among their fields' types."""
    found: set[type] = set()
    waiting: list[Any] = list(roots)
    while waiting:
        each = waiting.pop()
        if isinstance(each, type) and hasattr(each, "__annotations__") and each not in found:
            found.add(each)
            waiting += get_type_hints(each).values()
        waiting += getattr(each, "__args__", ())
    return found
