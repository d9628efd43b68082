"""The part of the AsyncAPI document that is about webhooks: bindings of HTTP, 0.3.0."""

from __future__ import annotations

from typing import Any

from streams.cloudevents import AlertEvent

HTTP_BINDING = "0.3.0"


def channel() -> dict[str, Any]:
    """Return the channel; it has no address, since each target has one of its own."""
    return {
        "address": None,
        "description": "Alerts pushed to the targets that the operator names.",
        "servers": [{"$ref": "#/servers/subscriber"}],
        "messages": {"webhook": {"$ref": "#/components/messages/webhook"}},
    }


def operation() -> dict[str, Any]:
    """Return the operation."""
    return {
        "action": "send",
        "channel": {"$ref": "#/channels/webhook"},
        "summary": "One alert to one target. At least once, in order per incident.",
        "messages": [{"$ref": "#/channels/webhook/messages/webhook"}],
        "bindings": {"http": {"method": "POST", "bindingVersion": HTTP_BINDING}},
    }


def message() -> dict[str, Any]:
    """Return the message, signed as Standard Webhooks 1.0 has it."""
    signed = "Standard Webhooks 1.0: see https://www.standardwebhooks.com/"
    headers = {
        "webhook-id": "Of the delivery: the same for every attempt and every repeat of an alert.",
        "webhook-timestamp": "Unix seconds of the attempt; refuse what is older than 5 minutes.",
        "webhook-signature": "`v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`; during"
        " a change of secrets more than one, separated by blanks.",
    }
    return {
        "name": "webhook",
        "title": "An alert as a signed webhook",
        "description": signed,
        "contentType": "application/cloudevents+json",
        "headers": {
            "type": "object",
            "properties": {
                name: {"type": "string", "description": said} for name, said in headers.items()
            },
            "required": sorted(headers),
        },
        "payload": {"$ref": f"#/components/schemas/{AlertEvent.__name__}"},
        "bindings": {"http": {"bindingVersion": HTTP_BINDING}},
    }
