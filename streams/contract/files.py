"""The files of `deploy/contract/`, as text."""

from __future__ import annotations

import json
from typing import Any

from streams.cloudevents import AlertEvent
from streams.contract import asyncapi, schemas
from streams.contract.headers import dead_letter_document
from streams.records import Alert, Feedback, Signal, Tension
from streams.shapes import FlatItem

VERSION = "1.0.0"
"""Of the contract, by the rule in `deploy/contract/README.md`."""

RECORDS = {
    "item": (FlatItem, "News item, flat form"),
    "signal": (Signal, "Signal"),
    "alert": (Alert, "Alert"),
    "tension": (Tension, "Tension"),
    "feedback": (Feedback, "Feedback"),
    "webhook": (AlertEvent, "Body of a webhook"),
}


def contract_files() -> dict[str, str]:
    """Return every file of the contract by its name, as it should be."""
    made = {"asyncapi.json": asyncapi.document(VERSION)}
    for name, (record, title) in RECORDS.items():
        made[f"{name}.schema.json"] = schemas.document(record, name, title)
    made["dead-letter-headers.schema.json"] = dead_letter_document()
    return {name: _text(content) for name, content in made.items()}


def _text(content: dict[str, Any]) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"
