"""The permissions that are written down: enough for the whole path, and none too many."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from harness.cli import escalation
from harness.kafka import left, read_all, send
from harness.records import record
from harness.secured import SecuredKafka, entering
from harness.worker import WorkerProcess, wait_until

from streams.acls import PARTS, acls
from streams.deadletters import Reason, dead_letter
from streams.run import DEMO_FEED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from subprocess import CompletedProcess

    from streams.acls import Part
    from streams.settings import Settings

pytestmark = [pytest.mark.kafka, pytest.mark.usefixtures("model")]

COMMANDS: dict[Part, tuple[str, ...]] = {
    "feed": ("feed", str(DEMO_FEED)),
    "topics": ("topics", "create"),
    "alerts": ("alerts", "--json"),
    "replay": ("dlq", "replay"),
}


@pytest.fixture
def granted(secured: SecuredKafka, names: Settings) -> Iterator[dict[Part, Settings]]:
    """Return a user for each part who has just what the part needs."""
    for part in PARTS:
        secured.grant(part, acls(names, part))
    yield {part: entering(names, secured.sasl(part)) for part in PARTS}
    for part in PARTS:
        secured.revoke(part, acls(names, part))


def do(granted: dict[Part, Settings], part: Part) -> CompletedProcess[str]:
    return escalation(granted[part], *COMMANDS[part])


def test_the_whole_path_goes_with_these_permissions_and_shows_no_secret(
    secured: SecuredKafka, names: Settings, granted: dict[Part, Settings], tmp_path: Path
) -> None:
    """Each part as a user of its own, over SCRAM and TLS; then a worker with a certificate."""
    assert do(granted, "topics").stdout.startswith("created: ")
    assert escalation(granted["topics"], "topics", "check").returncode == 0
    stages: tuple[Part, ...] = ("score", "incidents")
    workers = [
        WorkerProcess(
            granted[stage].model_copy(update={"log_level": "debug"}),
            tmp_path / f"{stage}.log",
            stage,
        )
        for stage in stages
    ]
    try:
        for worker in workers:
            worker.start()
        assert do(granted, "feed").returncode == 0
        wait_until("all is done", lambda: left(names) == 0, 90)
        outputs = [worker.get("/metrics") + worker.get("/readyz") for worker in workers]
        assert [worker.terminate() for worker in workers] == [0, 0]
    finally:
        for worker in workers:
            worker.stop()

    done = do(granted, "alerts")
    alerts = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (0, "")
    assert read_all(names, names.alerts_topic), workers[1].log
    replayed = do(granted, "replay").stdout
    assert len(alerts) > 0
    assert "sent: 2" in replayed
    told = "".join([*outputs, *(worker.log for worker in workers), *alerts, replayed])
    assert not [word for word in secured.passwords.values() if word in told]


def test_a_worker_with_a_certificate_goes_the_whole_path(
    secured: SecuredKafka, own: Settings, granted: dict[Part, Settings], tmp_path: Path
) -> None:
    more = [*acls(own, "incidents"), *acls(own, "page")]
    secured.grant("score", more)
    worker = WorkerProcess(entering(own, secured.mutual("score")), tmp_path / "worker.log")
    try:
        worker.start()
        assert do(granted, "feed").returncode == 0
        wait_until("all is done", lambda: left(own) == 0, 90)
        assert worker.terminate() == 0
    finally:
        worker.stop()
        secured.revoke("score", more)

    assert read_all(own, own.alerts_topic)


@pytest.mark.parametrize("part", ["feed", "alerts", "replay"])
def test_no_permission_of_a_command_is_too_many(
    secured: SecuredKafka, own: Settings, granted: dict[Part, Settings], part: Part
) -> None:
    """Without any one of them the command fails, and names what is denied."""
    for acl in acls(own, part):
        # A letter of each topic that letters are sent back to.
        for topic in (own.items_topic, own.signals_topic):
            died = dead_letter(record(b"{", topic=topic), Reason("decode", "BadItem", "x"), "")
            send(own, [died._replace(topic=own.dead_letters_topic)])
        secured.revoke(part, [acl])
        done = do(granted, part)
        secured.grant(part, [acl])
        assert (acl, done.returncode) == (acl, 1)
        assert acl.name in done.stderr or "Write on one" in done.stderr


def test_a_topic_that_may_not_be_created_is_named(
    secured: SecuredKafka, names: Settings, granted: dict[Part, Settings]
) -> None:
    """The others are there afterwards."""
    [create] = [acl for acl in acls(names, "topics") if acl[1:3] == (names.alerts_topic, "Create")]
    secured.revoke("topics", [create])

    done = do(granted, "topics")

    assert done.returncode == 1
    assert f"{names.alerts_topic} (ESCALATION_ALERTS_TOPIC)" in done.stderr
    secured.grant("topics", [create])
    assert do(granted, "topics").stdout == f"created: {names.alerts_topic}\n"
