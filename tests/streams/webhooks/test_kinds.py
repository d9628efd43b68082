"""What each kind of target is sent."""

from __future__ import annotations

import functools
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from harness.alerts import SEEN, alert
from harness.npm import run_node
from harness.receiver import SECRET
from hypothesis import given
from hypothesis import strategies as st

from classifier import Cue, Evidence
from streams.cloudevents import AlertEvent
from streams.delivery.webhooks.access import Access, access_to
from streams.delivery.webhooks.kinds import request_for
from streams.delivery.webhooks.kinds.slack import HEADER_LIMIT, TEXT_LIMIT
from streams.delivery.webhooks.signature import delivery_id
from streams.delivery.webhooks.targets import Target

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def target(kind: str, **more: Any) -> Target:
    return msgspec.convert({"name": "desk", "kind": kind} | more, Target)


@functools.cache
def access(kind: str) -> Access:
    where = {"url": "https://hooks.example/base", "secret_env": "S"}
    return access_to(target(kind, **where), {"S": SECRET})


def sent(kind: str, **fields: Any) -> Any:
    return json.loads(request_for(alert(**fields), target(kind), access(kind), NOW).body)


def test_a_generic_webhook_is_a_signed_cloud_event() -> None:
    request = request_for(alert("abc"), target("generic"), access("generic"), NOW)

    event = msgspec.json.decode(request.body, type=AlertEvent)
    assert event.data == alert("abc")
    assert (event.id, event.subject, event.time) == ("abc-1-opened", "abc", SEEN)
    assert request.headers["Content-Type"] == "application/cloudevents+json"
    assert request.headers["webhook-id"] == delivery_id("desk", "abc-1-opened")
    assert request.headers["webhook-timestamp"] == str(int(NOW.timestamp()))


def test_the_library_of_standard_webhooks_verifies_what_we_sign_and_nothing_else() -> None:
    now = datetime.now(UTC)
    request = request_for(alert(headline="Đà Nẵng"), target("generic"), access("generic"), now)
    letters = [
        {"body": request.body.decode(), "headers": request.headers},
        {"body": request.body.decode().replace("high", "low"), "headers": request.headers},
        {"body": request.body.decode(), "headers": request.headers | {"webhook-id": "msg_other"}},
    ]

    printed = run_node("verify.mjs", SECRET, stdin=json.dumps(letters))

    assert json.loads(printed) == [True, False, False]


def test_a_delivery_id_is_of_the_alert_and_the_target() -> None:
    assert delivery_id("desk", "a") == delivery_id("desk", "a")
    assert len({delivery_id(t, a) for t in ("desk", "other") for a in ("a", "b")}) == 4


def test_an_authorization_goes_with_every_request() -> None:
    open_sesame = access_to(
        target("slack", url="https://hooks.example", authorization_env="A"), {"A": "Bearer x"}
    )

    headers = request_for(alert(), target("slack"), open_sesame, NOW).headers

    assert headers["Authorization"] == "Bearer x"


def test_a_slack_message_has_a_text_and_blocks_with_the_evidence_and_a_link() -> None:
    message = sent("slack")

    assert message["text"] == "🟠 HIGH: Troops mass"
    assert [block["type"] for block in message["blocks"]] == ["header", "section", "context"]
    assert "military buildup 93% (occurred)\nTroops massed" in message["blocks"][1]["text"]["text"]
    assert message["blocks"][2]["elements"][1]["text"] == "<https://x.example/1|item>"


@pytest.mark.parametrize(
    "headline", ["<!channel> now", "<https://evil.example|click>", "<@U024BE7LH>", "a & b"]
)
def test_a_headline_mentions_nobody_and_links_nowhere(headline: str) -> None:
    message = sent("slack", headline=headline)

    for text in (message["text"], message["blocks"][0]["text"]["text"]):
        assert "<" not in text
        assert ">" not in text
        assert text.replace("&amp;", "").count("&") == text.count("&lt;") + text.count("&gt;")
    assert message["blocks"][0]["text"]["type"] == "plain_text"


@pytest.mark.parametrize(
    "url", [None, "", "javascript:alert(1)", "not an address", "https://[::1", "file:///etc/passwd"]
)
def test_an_address_that_is_none_of_the_web_is_no_link(url: str | None) -> None:
    assert len(sent("slack", url=url)["blocks"][-1]["elements"]) == 1


def test_an_address_cannot_break_out_of_its_link() -> None:
    link = sent("slack", url="https://x.example/a|b>c<d?e=f&g")["blocks"][-1]["elements"][1]

    assert link["text"].count("|") == 1
    assert link["text"].count("<") == link["text"].count(">") == 1


@given(st.text(max_size=4000), st.text(max_size=4000))
def test_any_text_keeps_slack_s_limits(headline: str, sentence: str) -> None:
    evidence = Evidence(sentence, 0, len(sentence), 0.9, ())
    cue = Cue("blockade", 0.9, "occurred", "COERCE", -6.0, (evidence,))

    message = sent("slack", headline=headline, cues=(cue,) * 7)

    texts = [block["text"]["text"] for block in message["blocks"] if "text" in block]
    assert 0 < len(texts[0]) <= HEADER_LIMIT
    assert all(0 < len(text) <= TEXT_LIMIT for text in texts)
    assert all("<" not in text for text in texts)


def test_an_alertmanager_fires_until_the_incident_is_closed() -> None:
    [firing] = sent("alertmanager", number=2, step="cooled")
    [resolved] = sent("alertmanager", number=3, step="closed")

    assert firing["labels"] == resolved["labels"]
    assert firing["startsAt"] == resolved["startsAt"] == "2026-11-02T07:02:00Z"
    assert firing["endsAt"] == "2026-12-01T12:00:00Z"
    assert resolved["endsAt"] == "2026-11-24T12:00:00Z"


def test_an_alertmanager_gets_the_labels_and_annotations_of_the_alert() -> None:
    labels, annotations = {"alertname": "X", "incident": "i"}, {"summary": "s"}

    [told] = sent("alertmanager", labels=labels, annotations=annotations)

    assert told["labels"] == labels
    assert told["annotations"] == annotations


def test_an_event_from_the_future_starts_now() -> None:
    [told] = sent("alertmanager", first_seen=NOW + timedelta(days=1))

    assert told["startsAt"] == "2026-11-24T12:00:00Z"


def test_an_alertmanager_is_called_at_its_api() -> None:
    request = request_for(alert(), target("alertmanager"), access("alertmanager"), NOW)

    assert str(request.url) == "https://hooks.example/base/api/v2/alerts"
