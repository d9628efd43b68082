"""Dead letters, from their death to their replay, as an operator works with them."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from harness.cli import escalation
from harness.kafka import left, read_all, send
from harness.records import record
from harness.worker import WorkerProcess, environment, wait_until

from streams.deadletters import Reason, dead_letter
from streams.dlq.letters import ATTEMPT_HEADER, marked
from streams.records import Message

if TYPE_CHECKING:
    from pathlib import Path

    from aiokafka import ConsumerRecord

    from classifier import EscalationModel
    from streams.settings import Settings

pytestmark = [pytest.mark.kafka, pytest.mark.apache]

LONG = json.dumps(
    {
        "id": "long",
        "title": "Serbia sends troops to Kosovo line",
        "text": "Serbia sent armoured units to the administrative line with Kosovo on Wednesday and"
        " raised combat readiness to the highest level after a policeman was shot.",
    }
)
HEADERS = (("feed", b"f:1"), ("__connect.errors.topic", b"an earlier queue"))
BROKEN = b'{"text": "cut \xff'


@pytest.fixture
def small(settings: Settings) -> Settings:
    """Return settings under which the long item is too large, and two replays are enough."""
    return settings.model_copy(update={"max_item_bytes": 100, "replay_attempts": 2})


@pytest.fixture
def dead(small: Settings, tmp_path: Path, model: EscalationModel) -> Settings:  # noqa: ARG001 - it exists
    """Let a worker put a record too large and a broken one into the dead letters."""
    send(
        small,
        [
            Message(small.items_topic, b"key", LONG.encode(), HEADERS),
            Message(small.items_topic, b"\x00\xff", BROKEN, HEADERS),
        ],
    )
    work(small, tmp_path)
    return small


def work(settings: Settings, tmp_path: Path) -> None:
    """Run a worker until nothing is left to do."""
    worker = WorkerProcess(settings, tmp_path / "worker.log")
    worker.start()
    try:
        wait_until("all is done", lambda: left(settings) == 0, 60)
        assert worker.terminate() == 0
    finally:
        worker.stop()


def listed(settings: Settings, *arguments: str) -> list[dict[str, Any]]:
    done = escalation(settings, "dlq", "list", "--json", *arguments)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def replayed(settings: Settings, *arguments: str) -> list[str]:
    done = escalation(settings, "dlq", "replay", *arguments)
    assert done.returncode == 0, done.stderr
    return [line for line in done.stdout.splitlines() if "sending back" not in line]


def letters(settings: Settings) -> list[ConsumerRecord]:
    there = read_all(settings, settings.dead_letters_topic)
    return [each for each in there if marked(each) is None]


def test_what_was_mended_is_replayed_as_it_was_and_only_once(
    dead: Settings, tmp_path: Path
) -> None:
    """With the filter of the mended fault; the broken record stays."""
    [too_large] = listed(dead, "--error", "toolarge", "--stage", "decode", "--since", "9999d")
    assert (too_large["state"], too_large["attempts"], too_large["size"]) == (
        "waiting",
        0,
        len(LONG),
    )

    assert replayed(dead, "--error", "ItemTooLarge", "--dry-run") == ["would be sent: 1"]
    assert len(read_all(dead, dead.items_topic)) == 2
    assert replayed(dead, "--error", "ItemTooLarge") == ["sent: 1"]
    assert replayed(dead, "--error", "ItemTooLarge") == ["sent: 0", "1 were sent back before"]

    copies = [each for each in read_all(dead, dead.items_topic) if each.key == b"key"]
    first, again = sorted(copies, key=lambda each: each.offset)
    assert (again.key, again.value) == (first.key, first.value)
    assert again.headers == (*first.headers, (ATTEMPT_HEADER, b"1"))

    work(dead.model_copy(update={"max_item_bytes": 100_000}), tmp_path)
    [signal] = read_all(dead, dead.signals_topic)
    assert json.loads(signal.value)["id"] == "long"
    assert {letter["state"] for letter in listed(dead)} == {"replayed", "waiting"}


def test_a_record_that_fails_again_and_again_is_parked(dead: Settings, tmp_path: Path) -> None:
    """The count goes with it from one death to the next."""
    for count in (1, 2):
        assert replayed(dead, "--error", "BadItem")[0] == "sent: 1"
        work(dead, tmp_path)
        assert max(each["attempts"] for each in listed(dead, "--error", "BadItem")) == count

    assert replayed(dead, "--error", "BadItem") == [
        "sent: 0",
        "2 were sent back before",
        "1 stay: sent back 2 times, or not to be sent at all",
    ]
    parked = [letter for letter in listed(dead) if letter["state"] == "parked"]
    assert [letter["attempts"] for letter in parked] == [2]
    last = max(
        (each for each in letters(dead) if each.value == BROKEN),
        key=lambda each: dict(each.headers).get(ATTEMPT_HEADER, b""),
    )
    assert last.key == b"\x00\xff"
    assert last.headers[:3] == (*HEADERS, (ATTEMPT_HEADER, b"2"))


def test_a_letter_is_shown_with_its_reason_and_its_exact_bytes(settings: Settings) -> None:
    died = record(BROKEN, key=b"k", headers=HEADERS)
    reason = Reason("decode", "BadItem", "not JSON")
    send(settings, [dead_letter(died, reason, settings.dead_letters_topic)])
    [broken] = listed(settings, "--error", "BadItem")
    place = f"{broken['place'][0]}:{broken['place'][1]}"

    told = escalation(settings, "dlq", "show", place).stdout
    stats = escalation(settings, "dlq", "stats").stdout
    table = escalation(settings, "dlq", "list").stdout

    assert "not JSON" in told
    assert "feed: f:1" in told
    assert r"\xff" in told
    assert place in table
    assert "BadItem" in stats
    raw = escalation(settings, "dlq", "show", "--raw", place).stdout
    assert raw == BROKEN.decode("utf-8", "surrogateescape")
    missing = escalation(settings, "dlq", "show", "0:999")
    assert (missing.returncode, missing.stderr.startswith("there is no dead letter")) == (1, True)


def test_a_replay_that_is_killed_goes_on_where_it_was(settings: Settings) -> None:
    """Every letter is sent; the one in hand perhaps twice."""
    reason = Reason("decode", "BadItem", "not JSON")
    values = [b"{%d" % number for number in range(60)]
    send(
        settings,
        [
            dead_letter(
                record(value, key=value, topic=settings.items_topic),
                reason,
                settings.dead_letters_topic,
            )
            for value in values
        ],
    )
    command = [sys.executable, "-m", "streams.cli", "dlq", "replay", "--rate", "20"]
    with subprocess.Popen(
        command, env=environment(settings), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as running:
        wait_until("some are sent", lambda: len(read_all(settings, settings.items_topic)) > 5, 60)
        running.kill()
    before = len(read_all(settings, settings.items_topic))

    told = replayed(settings)

    sent = [each.value for each in read_all(settings, settings.items_topic)]
    assert before < len(values)
    assert set(sent) == set(values)
    assert len(sent) <= len(values) + 1
    assert told[0] == f"sent: {len(sent) - before}"


def test_a_forged_letter_is_not_sent_to_the_topic_that_it_names(settings: Settings) -> None:
    """Whoever may write dead letters must not write elsewhere by our hand."""
    forged = (("__connect.errors.topic", settings.alerts_topic.encode()),)
    send(settings, [Message(settings.dead_letters_topic, b"k", b"{}", forged)])

    assert replayed(settings) == ["sent: 0", "1 stay: they are from no topic of ours"]
    assert read_all(settings, settings.alerts_topic) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(("list", "--stage", "x"), "--stage: x is none of", id="stage"),
        pytest.param(("stats", "--since", "soon"), "--since: soon is neither", id="since"),
        pytest.param(("show", "first"), "first is no place", id="place"),
    ],
)
def test_a_wrong_option_is_named(
    settings: Settings, arguments: tuple[str, ...], words: str
) -> None:
    done = escalation(settings, "dlq", *arguments)

    assert done.returncode == 1
    assert words in done.stderr


def test_a_topic_that_is_not_there_is_named(settings: Settings) -> None:
    done = escalation(settings.model_copy(update={"dead_letters_topic": "no.such"}), "dlq", "list")

    assert done.returncode == 1
    assert "no.such (ESCALATION_DEAD_LETTERS_TOPIC)" in done.stderr
