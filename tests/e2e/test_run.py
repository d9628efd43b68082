"""`escalation run` as a user calls it."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from harness.kafka import read_all
from harness.worker import environment

from streams.feed import read_feed
from streams.records import decode_alert, decode_signal
from streams.run import DEMO_FEED

if TYPE_CHECKING:
    from aiokafka import ConsumerRecord

    from classifier import EscalationModel
    from streams.records import Message
    from streams.settings import Settings

pytestmark = pytest.mark.kafka

MALFORMED = {b"feed.jsonl:14", b"feed.jsonl:31"}


@pytest.fixture
def finished(settings: Settings, model: EscalationModel) -> str:  # noqa: ARG001 - it exists
    """Run the demo feed to its end; return what was printed."""
    done = subprocess.run(
        [sys.executable, "-m", "streams.cli", "run", "--feed", str(DEMO_FEED), "--until-done"],
        env=environment(settings) | {"COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_demo_feed_comes_to_alerts_dead_letters_and_a_sum_that_adds_up(
    finished: str, settings: Settings
) -> None:
    row = re.search(r"│\s*(\d+) │\s*(\d+) │\s*(\d+) │\s*(\d+) │\s*(\d+) │", finished)
    assert row is not None, finished
    items, scored, signals, alerts, dead = map(int, row.groups())
    sent = {message.key: message for message in read_feed(DEMO_FEED, settings.items_topic)}

    assert items == len(sent)
    assert scored + dead == items
    assert dead == len(MALFORMED)
    assert signals == len(read_all(settings, settings.signals_topic))
    assert 10 <= alerts <= signals
    _check_dead_letters(read_all(settings, settings.dead_letters_topic), sent)
    _check_alerts(settings, finished)


def _check_dead_letters(letters: list[ConsumerRecord], sent: dict[bytes | None, Message]) -> None:
    assert {letter.key for letter in letters} == MALFORMED
    for letter in letters:
        headers = dict(letter.headers)
        assert letter.value == sent[letter.key].value
        assert headers["feed"] == letter.key
        assert headers["__connect.errors.stage"] == b"decode"
        assert headers["__connect.errors.topic"].endswith(b".items")
        assert headers["__connect.errors.exception.message"]


def _check_alerts(settings: Settings, printed: str) -> None:
    signals = {
        decode_signal(record.value).id: record.key
        for record in read_all(settings, settings.signals_topic)
    }
    for record in read_all(settings, settings.alerts_topic):
        alert = decode_alert(record.value)
        headers = dict(record.headers)
        assert headers["ce_id"].decode() == alert.id
        assert headers["ce_subject"] == record.key == alert.incident.encode()
        assert alert.key.encode() in signals.values()
        assert alert.headline.split()[0] in printed
