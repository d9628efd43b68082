"""JSON Schemas of record headers: CloudEvents' on alerts, Kafka Connect's on dead letters."""

from __future__ import annotations

from typing import Any, get_args

from streams import cloudevents
from streams.contract.schemas import DIALECT, Schema, schema_id
from streams.deadletters import CONNECTOR, NULL_VALUE, PREFIX, Stage

TRACE: Schema = {
    "type": "string",
    "description": "W3C trace context, passed on from the item's record when it has one.",
}


def _text(description: str, **more: Any) -> Schema:
    return {"type": "string", "description": description, **more}


def alert_headers() -> Schema:
    """Return the schema of an alert's headers: CloudEvents 1.0 in binary mode."""
    properties = {
        "ce_specversion": _text("Version of CloudEvents.", const="1.0"),
        "ce_id": _text(
            "The alert's id, made from the incident and the step; a repeat has the same."
        ),
        "ce_type": _text("What the record is.", const=cloudevents.EVENT_TYPE),
        "ce_source": _text("Which part of the service says so.", const=cloudevents.EVENT_SOURCE),
        "ce_subject": _text("The incident's id, also the record's key."),
        "ce_time": _text("Event time of the step.", format="date-time"),
        "ce_dataschema": _text("`$id` of the value's schema.", const=cloudevents.DATA_SCHEMA),
        "content-type": _text("Of the value.", const="application/json"),
        "traceparent": TRACE,
    }
    optional = ("ce_time", "traceparent")
    return _headers(properties, optional)


def signal_headers() -> Schema:
    """Return the schema of a signal's headers."""
    return _headers({"traceparent": TRACE}, ("traceparent",))


def dead_letter_headers() -> Schema:
    """Return the schema of a dead letter's headers; those of the original record stay beside."""
    why = {
        "topic": _text("Topic of the original record."),
        "partition": _text("Its partition.", pattern="^[0-9]+$"),
        "offset": _text("Its offset.", pattern="^[0-9]+$"),
        "connector.name": _text("Who could not process it.", const=CONNECTOR),
        "stage": _text("Where it failed.", enum=sorted(get_args(Stage))),
        "exception.class.name": _text("Kind of error."),
        "exception.message": _text("The error in words."),
    }
    name, value = NULL_VALUE
    optional = {name: _text("The original had neither key nor value.", const=value.decode())}
    return _headers({PREFIX + each: said for each, said in why.items()} | optional, (name,))


def dead_letter_document() -> Schema:
    """Return the JSON Schema document of a dead letter's headers."""
    return {
        "$schema": DIALECT,
        "$id": schema_id("dead-letter-headers"),
        "title": "Headers of a dead letter",
        "description": "Kafka Connect's names (KIP-298), values as UTF-8 text.",
        **dead_letter_headers(),
    }


def _headers(properties: dict[str, Schema], optional: tuple[str, ...]) -> Schema:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties} | (
        {"required": required} if required else {}
    )
