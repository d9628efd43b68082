"""Alerts as CloudEvents on Kafka."""

from __future__ import annotations

from harness.alerts import alert

from streams.cloudevents import alert_message
from streams.records import decode_alert


def test_an_alert_is_a_cloud_event_keyed_by_its_incident() -> None:
    message = alert_message(alert("abc"), "alerts", b"00-trace")

    assert message.key == b"abc"
    assert decode_alert(message.value or b"") == alert("abc")
    assert dict(message.headers) == {
        "ce_specversion": b"1.0",
        "ce_id": b"abc-1-opened",
        "ce_type": b"dev.escalation.alert.v1",
        "ce_source": b"/escalation/incidents",
        "ce_subject": b"abc",
        "ce_time": b"2026-11-02T07:02:00Z",
        "ce_dataschema": b"urn:escalation:schema:alert:v1",
        "content-type": b"application/json",
        "traceparent": b"00-trace",
    }


def test_an_optional_attribute_without_a_value_is_left_out() -> None:
    names = dict(alert_message(alert(at=None), "alerts").headers)

    assert "ce_time" not in names
    assert "traceparent" not in names
