"""`escalation feedback` and `escalation tension`, on a real broker."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from harness.alerts import SENTENCE, alert
from harness.kafka import read_all, send
from harness.signals import NOON, signal
from harness.worker import environment
from typer.testing import CliRunner

from streams.cli import app
from streams.cloudevents import alert_message
from streams.records import Message, decode_feedback
from streams.tension import add, tension_of
from streams.tension.board import tension_message

if TYPE_CHECKING:
    from pathlib import Path

    from typer.testing import Result

    from streams.settings import Settings

pytestmark = pytest.mark.kafka


@pytest.fixture
def told(settings: Settings) -> Settings:
    """Return settings whose alerts topic has two steps of one incident, and another one."""
    alerts = [alert("i"), alert("i", 2), alert("j", headline="Fleet [bold]sails")]
    send(settings, [alert_message(each, settings.alerts_topic) for each in alerts])
    return settings


def escalation(settings: Settings, *arguments: str) -> Result:
    return CliRunner().invoke(app, arguments, env=environment(settings) | {"COLUMNS": "80"})


def test_a_verdict_goes_to_its_incidents_key_and_comes_back_as_a_labelled_line(
    told: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "verdicts.jsonl"

    confirmed = escalation(told, "feedback", "send", "i", "--confirm", "--by", "ann")
    dismissed = escalation(told, "feedback", "send", "j", "--dismiss", "repeat", "--note", "seen")
    exported = escalation(told, "feedback", "export", str(file))

    assert confirmed.stdout == "confirm: Troops mass\n"
    assert dismissed.stdout == "dismiss: Fleet [bold]sails\n"
    records = read_all(told, told.feedback_topic)
    given = {each.alert: each for each in (decode_feedback(r.value or b"") for r in records)}
    assert {record.key for record in records} == {b"KHM-THA"}
    assert given["i-2-updated"].by == "ann"
    assert given["j-1-opened"].reason == "repeat"
    [line] = [json.loads(each) for each in file.read_text(encoding="utf-8").splitlines()]
    assert (line["text"], line["labels"]) == (SENTENCE, ["military_buildup"])
    assert "1 labelled lines" in exported.stdout
    assert "1 verdicts left out: repeat says nothing about labels" in exported.stdout


def test_a_record_that_is_no_verdict_is_told_and_stops_no_export(
    told: Settings, tmp_path: Path
) -> None:
    send(told, [Message(told.feedback_topic, b"KHM-THA", b"{}")])

    exported = escalation(told, "feedback", "export", str(tmp_path / "none.jsonl"))

    assert exported.exit_code == 0
    assert "1 verdicts left out: it is no verdict" in exported.stdout


@pytest.mark.parametrize(
    ("arguments", "told_why"),
    [
        pytest.param(["k", "--confirm"], "no alert of incident k", id="unknown incident"),
        pytest.param(["i"], "--confirm, --dismiss REASON or --note", id="nothing said"),
        pytest.param(["i", "--dismiss", "dull"], "dull is none of not_a_cue", id="no reason"),
        pytest.param(["i", "--confirm", "--dismiss", "history"], "only one", id="two verdicts"),
    ],
)
def test_a_verdict_that_cannot_be_sent_is_refused_and_not_sent(
    told: Settings, arguments: list[str], told_why: str
) -> None:
    done = escalation(told, "feedback", "send", *arguments)

    assert done.exit_code == 1
    assert told_why in " ".join(done.stderr.split())
    assert read_all(told, told.feedback_topic) == []


def test_tension_is_printed_from_the_latest_record_of_each_pair(settings: Settings) -> None:
    first = add(None, signal("a"), NOON)
    both = add(first, signal("b"), NOON)
    records = [tension_of(state, NOON) for state in (first, both)]
    send(settings, [tension_message(each, settings.tension_topic) for each in records])

    listed = escalation(settings, "tension")
    one = escalation(settings, "tension", "--pair", "tha-khm")
    lines = escalation(settings, "tension", "--json").stdout.splitlines()
    unknown = escalation(settings, "tension", "--pair", "FRA-ESP")

    assert "KHM-THA" in listed.stdout
    assert "13.0" in listed.stdout
    assert "2026-11-02 12:00 UTC" in one.stdout
    assert [json.loads(line)["value"]["1h"] for line in lines] == [13.0]
    assert unknown.exit_code == 1
    assert "no tension is known of FRA-ESP" in unknown.stderr
