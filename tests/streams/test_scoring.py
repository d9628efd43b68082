"""Scoring a batch: one outcome for each record, whatever is in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from harness.models import WordModel
from harness.records import record
from hypothesis import given
from hypothesis import strategies as st

from streams.deadletters import Reason
from streams.intake import decode_item
from streams.records import ModelRef
from streams.scoring import Outcome, Scorer

if TYPE_CHECKING:
    from streams.intake import Headers
    from streams.records import NewsItem

MODEL = ModelRef(version="word", digest="0" * 64)


def scorer(model: WordModel | None = None) -> Scorer:
    return Scorer(model or WordModel(), MODEL, max_item_bytes=1000)


def item(text: str) -> bytes:
    return json.dumps({"id": text[:8], "text": text}).encode()


def names(outcomes: list[Outcome]) -> list[str]:
    return [outcome.name for outcome in outcomes]


def test_outcomes_stand_in_the_order_of_their_records() -> None:
    values = [item("calm"), b"no json", item("troops move"), None, item("calm again")]

    outcomes = scorer().score([record(value) for value in values])

    assert names(outcomes) == [
        "below_floor",
        "dead_letter",
        "signal",
        "dead_letter",
        "below_floor",
    ]
    assert [outcome.record.value for outcome in outcomes] == values


def test_an_item_that_makes_the_model_raise_costs_only_itself() -> None:
    values = [item(f"troops {number}") for number in range(50)]
    values[17] = item("explode")
    model = WordModel()

    outcomes = scorer(model).score([record(value) for value in values])

    dead = [index for index, outcome in enumerate(outcomes) if outcome.dead is not None]
    assert dead == [17]
    assert outcomes[17].dead is not None
    assert (outcomes[17].dead.stage, outcomes[17].dead.error) == ("score", "ZeroDivisionError")
    assert model.calls < 15, "halving, not one call for each item"


def test_a_bug_in_decoding_costs_its_item_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def buggy(value: bytes | None, headers: Headers) -> NewsItem:
        if value == b"{}":
            raise ZeroDivisionError("a bug in decoding")
        return decode_item(value, headers)

    monkeypatch.setattr("streams.scoring.decode_item", buggy)

    faulty, sound = scorer().score([record(b"{}"), record(b'{"text": "calm"}', offset=1)])

    assert faulty.dead == Reason("decode", "ZeroDivisionError", "a bug in decoding")
    assert sound.dead is None


def test_a_record_over_the_size_limit_is_dead_unread() -> None:
    [outcome] = scorer().score([record(b"x" * 1001)])

    assert outcome.dead is not None
    assert outcome.dead.error == "ItemTooLarge"
    assert "ESCALATION_MAX_ITEM_BYTES=1000" in outcome.dead.message


def test_a_signal_has_the_pair_of_actors_as_its_key_and_the_record_time() -> None:
    [outcome] = scorer().score([record(item("troops move"))])

    assert outcome.signal is not None
    assert outcome.signal.key == "KHM-THA"
    assert outcome.signal.ingested_at is not None
    assert outcome.signal.ingested_at.timestamp() == 1_762_000_000


@pytest.mark.parametrize("timestamp", [-(10**15), 10**18, -1])
def test_a_record_time_that_no_calendar_has_costs_nothing(timestamp: int) -> None:
    [outcome] = scorer().score([record(item("troops move"), timestamp=timestamp)])

    assert outcome.signal is not None
    assert outcome.name == "signal"


def test_the_same_record_gives_the_same_signal() -> None:
    value = item("troops move")

    assert scorer().score([record(value)]) == scorer().score([record(value)])


@given(st.lists(st.binary(max_size=60) | st.none() | st.text(max_size=40).map(item), max_size=8))
def test_any_batch_gives_one_outcome_for_each_record(values: list[bytes | None]) -> None:
    outcomes = scorer().score([record(value) for value in values])

    assert [outcome.record.value for outcome in outcomes] == values
