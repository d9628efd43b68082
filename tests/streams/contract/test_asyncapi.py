"""The AsyncAPI document, read by the official parser."""

from __future__ import annotations

import json
from typing import Any

import pytest
from harness.npm import run_node

from streams.contract import contract_files
from streams.docs import CONTRACT
from streams.settings import Settings
from streams.topics import wanted_topics

INFORMATION = 2


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    made: dict[str, Any] = json.loads(contract_files()["asyncapi.json"])
    return made


def test_the_official_parser_finds_no_error_and_every_channel_and_operation() -> None:
    found = json.loads(run_node("asyncapi.mjs", str(CONTRACT / "asyncapi.json")))

    assert [each for each in found["diagnostics"] if each["severity"] < INFORMATION] == []
    assert found["version"] == "3.0.0"
    assert set(found["channels"]) == {
        "items",
        "signals",
        "alerts",
        "tension",
        "feedback",
        "deadLetters",
        "webhookDeadLetters",
        "webhook",
    }
    assert set(found["operations"]) == {
        "receiveItems",
        "sendSignals",
        "sendAlerts",
        "sendTension",
        "receiveFeedback",
        "sendDeadLetters",
        "sendWebhookDeadLetters",
        "sendWebhook",
    }


def test_the_official_parser_refuses_a_document_that_is_wrong(tmp_path: Any) -> None:
    wrong = tmp_path / "asyncapi.json"
    text = (CONTRACT / "asyncapi.json").read_text(encoding="utf-8")
    wrong.write_text(text.replace('"action": "receive"', '"action": "await"'), encoding="utf-8")

    found = json.loads(run_node("asyncapi.mjs", str(wrong)))

    assert any(each["severity"] == 0 for each in found["diagnostics"])


def test_each_topic_of_the_service_is_a_channel_with_its_configuration(
    document: dict[str, Any],
) -> None:
    by_address = {each["address"]: each for each in document["channels"].values()}

    for topic in wanted_topics(Settings.model_construct()):
        if topic.internal:
            continue
        binding = by_address[topic.name]["bindings"]["kafka"]
        assert binding["partitions"] == topic.partitions
        # The binding has no word for who sets the time.
        assert set(binding["topicConfiguration"]) == set(topic.config) - {"message.timestamp.type"}


def test_every_field_of_an_alert_is_described(document: dict[str, Any]) -> None:
    properties = document["components"]["schemas"]["Alert"]["properties"]

    assert [name for name, part in properties.items() if not part.get("description")] == []
