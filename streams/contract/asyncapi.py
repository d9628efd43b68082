"""The AsyncAPI 3.0 document: servers, channels, operations and messages with Kafka bindings.

See https://www.asyncapi.com/docs/reference/specification/v3.0.0 and its Kafka bindings, 0.5.0.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from streams.cloudevents import AlertEvent
from streams.contract import webhook
from streams.contract.headers import alert_headers, dead_letter_headers, signal_headers
from streams.contract.schemas import Schema, components
from streams.records import Alert, Feedback, Signal, Tension
from streams.settings import Settings
from streams.shapes import FlatItem
from streams.topics import wanted_topics

ROOTS = (FlatItem, Signal, Alert, Tension, Feedback, AlertEvent)
KAFKA_BINDING = "0.5.0"


class Flow(NamedTuple):
    """A topic as a subscriber sees it.

    Attributes
    ----------
    name
        Of the channel in the document.
    setting
        The setting that names the topic.
    record
        The struct of its values; None where they may be any bytes.
    action
        What this service does: it receives what others publish, it sends what others read.
    key
        What the record's key is.
    about
        What the channel carries.
    headers
        Schema of the headers, if there are any.
    """

    name: str
    setting: str
    record: type | None
    action: Literal["send", "receive"]
    key: str
    about: str
    headers: Schema | None = None


def flows() -> tuple[Flow, ...]:
    """Return every topic of the service, in the order of the flow."""
    return (
        Flow("items", "items_topic", FlatItem, "receive", "Any.", "News items to be scored."),
        Flow(
            "signals",
            "signals_topic",
            Signal,
            "send",
            "The two main actors, sorted, joined by a hyphen; or the one; or a hash.",
            "Scored items with at least one cue over its floor.",
            signal_headers(),
        ),
        Flow(
            "alerts",
            "alerts_topic",
            Alert,
            "send",
            "The incident's id: all steps of an incident are in one partition, in order.",
            "Steps in the life of incidents, each a CloudEvent in binary mode. At least once:"
            " a repeat has the same `ce_id`.",
            alert_headers(),
        ),
        Flow(
            "tension",
            "tension_topic",
            Tension,
            "send",
            "The pair of states, joined by a hyphen; the topic is compacted.",
            "How tense it is between two states.",
        ),
        Flow(
            "feedback",
            "feedback_topic",
            Feedback,
            "receive",
            "The alert's `key`, so that a verdict meets its incident.",
            "Analysts' verdicts on incidents.",
        ),
        Flow(
            "deadLetters",
            "dead_letters_topic",
            None,
            "send",
            "As it was.",
            "Records that could not be processed: the original bytes, key and headers, and the"
            " reason in further headers.",
            dead_letter_headers(),
        ),
        Flow(
            "webhookDeadLetters",
            "webhooks_dead_letters_topic",
            None,
            "send",
            "As it was.",
            "Alerts that a webhook's target did not take: the original record and the reason in"
            " further headers, the target's name in `escalation.webhook.target`.",
            dead_letter_headers(),
        ),
    )


def document(version: str) -> dict[str, Any]:
    """Return the document, with the defaults of the settings for every name and size."""
    settings = Settings.model_construct()
    return {
        "asyncapi": "3.0.0",
        "id": "urn:escalation:api",
        "info": _info(version),
        "defaultContentType": "application/json",
        "servers": _servers(settings),
        "channels": {flow.name: _channel(flow, settings) for flow in flows()}
        | {"webhook": webhook.channel()},
        "operations": {_operation_name(flow): _operation(flow) for flow in flows()}
        | {"sendWebhook": webhook.operation()},
        "components": {
            "messages": {_message_name(flow): _message(flow) for flow in flows()}
            | {"webhook": webhook.message()},
            "schemas": components(ROOTS, "#/components/schemas/{name}"),
            "securitySchemes": {
                "plain": {"type": "plain"},
                "scramSha256": {"type": "scramSha256"},
                "scramSha512": {"type": "scramSha512"},
                "certificate": {"type": "X509"},
            },
        },
    }


def _info(version: str) -> dict[str, Any]:
    return {
        "title": "Escalation Signals",
        "version": version,
        "description": (
            "News items come in, alerts about escalation between states come out. Values are"
            " UTF-8 JSON; record batches are compressed with zstd. Readers must pass over fields"
            " that they do not know."
        ),
        "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
    }


def _servers(settings: Settings) -> dict[str, Any]:
    host, port = settings.kafka_bootstrap_servers.split(":")
    variables = {
        "host": {"default": host, "description": "A broker to start from."},
        "port": {"default": port},
    }
    kafka = {"host": "{host}:{port}", "variables": variables}
    ways = ("plain", "scramSha256", "scramSha512", "certificate")
    return {
        "kafka": {**kafka, "protocol": "kafka", "description": "Apache Kafka, plain text."},
        "kafkaSecure": {
            **kafka,
            "protocol": "kafka-secure",
            "description": "Apache Kafka over TLS, with SASL or a client certificate.",
            "security": [{"$ref": f"#/components/securitySchemes/{way}"} for way in ways],
        },
        "subscriber": {
            "host": "{host}",
            "protocol": "https",
            "variables": {"host": {"default": "subscriber.example"}},
            "description": "A webhook's receiver.",
        },
    }


def _channel(flow: Flow, settings: Settings) -> dict[str, Any]:
    address = getattr(settings, flow.setting)
    topic = next(topic for topic in wanted_topics(settings) if topic.name == address)
    configured = {
        name: _topic_value(name, value)
        for name, value in topic.config.items()
        if name != "message.timestamp.type"  # the binding has no word for it
    }
    return {
        "address": address,
        "description": flow.about,
        "servers": [{"$ref": "#/servers/kafka"}, {"$ref": "#/servers/kafkaSecure"}],
        "messages": {_message_name(flow): {"$ref": f"#/components/messages/{_message_name(flow)}"}},
        "bindings": {
            "kafka": {
                "topic": address,
                "partitions": topic.partitions,
                "replicas": settings.replication_factor,
                "topicConfiguration": configured,
                "bindingVersion": KAFKA_BINDING,
            }
        },
    }


def _topic_value(name: str, value: str) -> int | list[str]:
    return value.split(",") if name == "cleanup.policy" else int(value)


def _operation(flow: Flow) -> dict[str, Any]:
    name = _message_name(flow)
    return {
        "action": flow.action,
        "channel": {"$ref": f"#/channels/{flow.name}"},
        "summary": flow.about,
        "messages": [{"$ref": f"#/channels/{flow.name}/messages/{name}"}],
        "bindings": {"kafka": {"bindingVersion": KAFKA_BINDING}},
    }


def _message(flow: Flow) -> dict[str, Any]:
    key = {"type": "string", "description": flow.key}
    message: dict[str, Any] = {
        "name": _message_name(flow),
        "title": flow.about.split(":")[0].split(",")[0].rstrip("."),
        "contentType": "application/json",
        "bindings": {"kafka": {"key": key, "bindingVersion": KAFKA_BINDING}},
    }
    if flow.headers is not None:
        message["headers"] = flow.headers
    if flow.record is None:
        message["contentType"] = "application/octet-stream"
        message["payload"] = {"description": "The original bytes, whatever they are."}
    else:
        message["payload"] = {"$ref": f"#/components/schemas/{flow.record.__name__}"}
    return message


def _operation_name(flow: Flow) -> str:
    return flow.action + flow.name[0].upper() + flow.name[1:]


def _message_name(flow: Flow) -> str:
    return flow.name if flow.record in (Tension, Feedback) else flow.name.removesuffix("s")
