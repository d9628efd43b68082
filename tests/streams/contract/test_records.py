"""Real records fit the schemas, and records of the first release still decode."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import msgspec
import pytest
from harness.alerts import alert
from harness.models import WordModel
from harness.records import record

from streams.cloudevents import AlertEvent, alert_event, alert_message
from streams.contract import contract_files
from streams.contract.headers import alert_headers
from streams.deadletters import Reason, dead_letter
from streams.intake import decode_item
from streams.records import (
    ModelRef,
    decode_alert,
    decode_feedback,
    decode_signal,
    decode_tension,
    encode,
)
from streams.scoring import Scorer

if TYPE_CHECKING:
    from collections.abc import Callable

GOLDEN = Path(__file__).parent / "golden" / "v1"
DECODERS: dict[str, Callable[[bytes], Any]] = {
    "item": decode_item,
    "signal": decode_signal,
    "alert": decode_alert,
    "tension": decode_tension,
    "feedback": decode_feedback,
    "webhook": lambda value: msgspec.json.decode(value, type=AlertEvent),
}


def schema(name: str) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(contract_files()[f"{name}.schema.json"])
    return made


def complain(instance: Any, wanted: dict[str, Any]) -> list[str]:
    """Return what is wrong with an instance, times included."""
    cls = jsonschema.Draft202012Validator
    cls.check_schema(wanted)
    found = cls(wanted, format_checker=cls.FORMAT_CHECKER).iter_errors(instance)
    return [f"{error.json_path}: {error.message}" for error in found]


def headers_of(message: Any) -> dict[str, str]:
    return {name: value.decode() for name, value in message.headers}


def test_a_real_signal_fits_its_schema() -> None:
    scorer = Scorer(WordModel(), ModelRef(version="word", digest="0" * 64), 10_000)
    [outcome] = scorer.score([record(b'{"id": "a", "text": "troops"}')])
    assert outcome.signal is not None

    assert complain(json.loads(encode(outcome.signal)), schema("signal")) == []


def test_a_real_alert_and_its_headers_and_its_webhook_fit_their_schemas() -> None:
    message = alert_message(alert(), "alerts", b"00-trace")

    assert complain(json.loads(message.value or b""), schema("alert")) == []
    assert complain(headers_of(message), alert_headers()) == []
    assert complain(json.loads(msgspec.json.encode(alert_event(alert()))), schema("webhook")) == []


def test_the_headers_of_a_real_dead_letter_fit_their_schema() -> None:
    letter = dead_letter(record(None), Reason("decode", "BadItem", "not JSON"), "dlq")

    assert complain(headers_of(letter), schema("dead-letter-headers")) == []


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"step": "reopened"}, id="a step that there is not"),
        pytest.param({"cues": None}, id="a null where a list belongs"),
        pytest.param({"score": "high"}, id="a word where a number belongs"),
    ],
)
def test_a_wrong_alert_does_not_fit(change: dict[str, Any]) -> None:
    assert complain(json.loads(encode(alert())) | change, schema("alert")) != []


@pytest.mark.parametrize("kind", DECODERS)
@pytest.mark.parametrize("form", ["", ".minimal"], ids=["all fields", "required fields only"])
class TestTheFirstRelease:
    """Records as the first release wrote them."""

    def test_still_decode_and_nothing_that_they_said_is_lost(self, kind: str, form: str) -> None:
        value = (GOLDEN / f"{kind}{form}.json").read_bytes()

        decoded = DECODERS[kind](value)

        if kind != "item":
            assert _said(json.loads(value), json.loads(msgspec.json.encode(decoded))) == []

    def test_fit_the_schema_of_today(self, kind: str, form: str) -> None:
        told = json.loads((GOLDEN / f"{kind}{form}.json").read_bytes())

        assert complain(told, schema(kind)) == []
        assert set(schema(kind)["required"]) <= set(told)


@pytest.mark.parametrize("kind", ["alert-headers", "dead-letter-headers"])
def test_the_headers_of_the_first_release_fit_the_schema_of_today(kind: str) -> None:
    wanted = alert_headers() if kind == "alert-headers" else schema(kind)

    assert complain(json.loads((GOLDEN / f"{kind}.json").read_bytes()), wanted) == []


def test_the_records_of_the_first_release_are_as_they_were_written() -> None:
    sums = (GOLDEN / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    written = {name: digest for digest, name in (line.split() for line in sums)}

    found = {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in GOLDEN.glob("*.json")
    }

    assert found == written


def _said(old: Any, new: Any, path: str = "$") -> list[str]:
    """Return where ``new`` does not say what ``old`` says; it may say more."""
    if isinstance(old, dict) and isinstance(new, dict):
        return [
            fault
            for name, value in old.items()
            for fault in (
                _said(value, new[name], f"{path}.{name}") if name in new else [f"{path}.{name}"]
            )
        ]
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return [
            fault
            for index, (each, other) in enumerate(zip(old, new, strict=True))
            for fault in _said(each, other, f"{path}[{index}]")
        ]
    return [] if old == new else [path]
