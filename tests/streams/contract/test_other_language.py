"""Alerts read by another language's client that knows the contract and nothing else."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING

import pytest
from harness.alerts import alert
from harness.kafka import send
from harness.npm import run_node

from streams.cloudevents import alert_message
from streams.docs import CONTRACT

if TYPE_CHECKING:
    from streams.settings import Settings


@pytest.mark.kafka
@pytest.mark.apache
def test_kafkajs_reads_every_alert_in_order_and_each_fits_the_contract(settings: Settings) -> None:
    sent = [
        alert(incident, number, headline="Grüße aus Đà Nẵng 🚢")
        for number in range(1, 21)
        for incident in ("a", "b", "c")
    ]
    trace = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    send(settings, [alert_message(each, settings.alerts_topic, trace) for each in sent])

    printed = run_node(
        "alerts.mjs",
        settings.kafka_bootstrap_servers,
        str(CONTRACT),
        settings.alerts_topic,
        str(len(sent)),
        seconds=120,
    )

    seen = [json.loads(line) for line in printed.splitlines()]
    assert [each["complaints"] for each in seen] == [[]] * len(sent)
    by_incident = defaultdict(list)
    for each in seen:
        assert each["headers"]["ce_id"] == each["id"]
        assert each["headers"]["traceparent"] == trace.decode()
        assert each["headline"] == "Grüße aus Đà Nẵng 🚢"
        by_incident[each["key"]].append(each["id"])
    assert by_incident == {
        key: [each.id for each in sent if each.incident == key] for key in ("a", "b", "c")
    }
