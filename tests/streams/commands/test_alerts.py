"""`escalation alerts` on a real topic."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from harness.alerts import alert
from harness.kafka import send
from harness.worker import environment
from typer.testing import CliRunner, Result

from streams.cli import app
from streams.cloudevents import alert_message

if TYPE_CHECKING:
    from streams.records import Alert
    from streams.settings import Settings


def run(settings: Settings, *options: str) -> Result:
    return CliRunner().invoke(app, ["alerts", *options], env=environment(settings))


def publish(settings: Settings, *alerts: Alert) -> None:
    send(settings, [alert_message(each, settings.alerts_topic) for each in alerts])


@pytest.mark.kafka
def test_the_alerts_of_the_topic_are_printed_filtered_and_as_json(settings: Settings) -> None:
    publish(settings, alert("a", severity="low"), alert("b", headline="Second one"))

    assert "Troops mass" in run(settings).stdout
    assert "Second one" in run(settings, "--country", "Thailand").stdout
    assert run(settings, "--country", "France").stdout == ""
    printed = run(settings, "--json", "--min-severity", "medium", "--cue", "military_buildup")
    assert [json.loads(line)["id"] for line in printed.stdout.splitlines()] == ["b-1-opened"]


@pytest.mark.kafka
def test_since_counts_from_the_publication_of_the_alert(settings: Settings) -> None:
    publish(settings, alert("old"))
    time.sleep(0.05)  # the broker counts in milliseconds
    between = datetime.now(UTC).isoformat()
    time.sleep(0.05)
    publish(settings, alert("new"))

    assert [
        json.loads(line)["id"]
        for line in run(settings, "--json", "--since", between).stdout.splitlines()
    ] == ["new-1-opened"]
    assert len(run(settings, "--json", "--since", "1h").stdout.splitlines()) == 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--since", "yesterday"), "yesterday is no moment"),
        (("--min-severity", "loud"), "min_severity: there is no loud"),
        (("--country", "Atlantis"), "country: Atlantis"),
    ],
)
def test_an_option_that_cannot_be_used_is_named(options: tuple[str, ...], message: str) -> None:
    done = CliRunner().invoke(app, ["alerts", *options])

    assert done.exit_code == 1
    assert message in done.stderr
