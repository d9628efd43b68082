"""From the bytes of a record to one `NewsItem`, or to a `BadItem` that says what is wrong.

The steps: JSON, the CloudEvents envelope if there is one, then the shape inside it (`shapes.py`).
Any bytes lead to one of the two ends; nothing else is raised.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from streams.shapes import BadItem, item_from

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.records import NewsItem

    Headers: TypeAlias = Iterable[tuple[str, bytes | None]]


def decode_item(value: bytes | None, headers: Headers = ()) -> NewsItem:
    """Decode one record of the items topic.

    Parameters
    ----------
    value
        The record's bytes: JSON in one of the accepted shapes, alone or in a CloudEvents 1.0
        envelope (structured mode, or binary mode with ``ce_*`` headers). Of a key that stands
        twice in an object, the last counts.
    headers
        The record's headers.

    Raises
    ------
    BadItem
        The bytes are no item; the message names the field or the place in the JSON.
    """
    if value is None:
        raise BadItem("the record has no value (a tombstone)")
    content = _json(value)
    envelope = _binary_envelope(headers)
    if isinstance(content, dict) and "specversion" in content:
        envelope, content = content, _event_data(content)
    if not isinstance(content, dict):
        raise BadItem(f"expected a JSON object, got {_kind(content)}")
    return item_from(content, envelope)


def _json(value: bytes) -> Any:
    try:
        return msgspec.json.decode(value)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadItem(f"not JSON: {error}") from error
    except RecursionError as error:
        raise BadItem("not JSON that we read: nested too deeply") from error


def _binary_envelope(headers: Headers) -> dict[str, Any]:
    """Return the CloudEvents attributes from ``ce_*`` headers, or an empty dictionary."""
    attributes = {
        name[3:].lower(): raw.decode("utf-8", "replace")
        for name, raw in headers
        if raw is not None and name.lower().startswith("ce_")
    }
    return attributes if "specversion" in attributes else {}


def _event_data(event: dict[str, Any]) -> Any:
    if "data" in event:
        data = event["data"]
        # A producer that does not know the content type sends JSON as a string.
        return _json(data.encode("utf-8", "surrogatepass")) if isinstance(data, str) else data
    encoded = event.get("data_base64")
    if isinstance(encoded, str):
        try:
            content = base64.b64decode(encoded, validate=True)
        except ValueError as error:
            # binascii.Error is one; text that is not ASCII is another.
            raise BadItem(f"data_base64: {error}") from error
        return _json(content)
    raise BadItem("CloudEvents: neither data nor data_base64 is present")


def _kind(value: Any) -> str:
    names = {list: "array", str: "string", bool: "boolean", type(None): "null"}
    return names.get(type(value), "number")
