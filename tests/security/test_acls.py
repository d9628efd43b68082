"""The permissions that are written down: enough for the whole path, and none too many."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest
from harness.alerts import alert
from harness.cli import escalation
from harness.delivery import targets_file
from harness.kafka import left, read_all, send
from harness.records import record
from harness.secured import SecuredKafka, entering
from harness.signals import signal
from harness.worker import WorkerProcess, wait_until

from streams.acls import PARTS, acls
from streams.cloudevents import alert_message
from streams.deadletters import Reason, dead_letter
from streams.records import Message, encode
from streams.run import DEMO_FEED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from subprocess import CompletedProcess

    from streams.acls import Acl, Part
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


def refused(
    secured: SecuredKafka, granted: dict[Part, Settings], missing: dict[Part, Acl], place: Path
) -> dict[Part, tuple[int, str]]:
    """Run the worker of each stage without one permission; return exit codes and logs."""
    workers = {}
    for stage, acl in missing.items():
        secured.revoke(stage, [acl])
        word = "word" if stage == "score" else None
        log = place / f"{stage}-{acl.name}-{acl.operation}.log"
        workers[stage] = WorkerProcess(granted[stage], log, stage, word)
    try:
        for worker in workers.values():
            worker.launch()
        return {stage: (worker.wait(60), worker.log) for stage, worker in workers.items()}
    finally:
        for stage, worker in workers.items():
            worker.stop()
            secured.grant(stage, [missing[stage]])


@pytest.fixture
def staged(own: Settings, granted: dict[Part, Settings], tmp_path: Path) -> dict[Part, Settings]:
    """Return the users of the stages; there is something to do for each of them."""
    alerted = alert_message(alert(), own.alerts_topic)
    value = Message(own.signals_topic, b"KHM-THA", encode(signal()))
    item = Message(own.items_topic, b"k", b'{"id": "1", "text": "troops"}')
    send(own, [value, alerted, item])
    secret = tmp_path / "secret"
    secret.write_text("whsec_" + base64.b64encode(bytes(32)).decode())
    where = {"kind": "generic", "url": "http://127.0.0.1:9/"}
    target = {"name": "desk", "secret_file": str(secret), **where}
    file = targets_file(tmp_path, target)
    changes = {"webhooks_file": file, "stall_timeout": 10.0}
    return {part: user.model_copy(update=changes) for part, user in granted.items()}


STAGES: tuple[Part, ...] = ("score", "incidents", "delivery", "page")


def told(acl: Acl, log: str) -> bool:
    """Tell whether a worker's log says that this permission is missing."""
    lines = [line for line in log.splitlines() if "denies this user access to" in line]
    return any(acl.name in line for line in lines)


def groups(own: Settings) -> dict[Part, Acl]:
    """Return of each stage its group, or the first that it reads without one."""
    return {
        stage: next((a for a in acls(own, stage) if a.resource == "Group"), acls(own, stage)[0])
        for stage in STAGES
    }


def written(own: Settings) -> dict[Part, Acl]:
    """Return what is missed last: nothing is written before there is something to tell."""
    return {"incidents": acls(own, "incidents")[-1]}


@pytest.mark.parametrize("which", [groups, written])
def test_a_stage_without_one_of_its_permissions_ends_and_names_it(
    secured: SecuredKafka,
    own: Settings,
    staged: dict[Part, Settings],
    tmp_path: Path,
    which: Callable[[Settings], dict[Part, Acl]],
) -> None:
    missing = which(own)
    for stage, (code, log) in refused(secured, staged, missing, tmp_path).items():
        assert (stage, code) == (stage, 1)
        assert told(missing[stage], log), log[-3000:]


@pytest.mark.long
def test_no_permission_of_a_stage_is_too_many(
    secured: SecuredKafka, own: Settings, staged: dict[Part, Settings], tmp_path: Path
) -> None:
    """Without any one of them the stage fails, and names what is denied."""
    needed = {stage: acls(own, stage) for stage in STAGES}
    wrong = []
    for turn in range(max(map(len, needed.values()))):
        missing = {stage: each[turn] for stage, each in needed.items() if turn < len(each)}
        for stage, (code, log) in refused(secured, staged, missing, tmp_path).items():
            if code != 1 or not told(missing[stage], log):
                wrong.append((missing[stage], code, log[-3000:]))
    assert wrong == []


def test_a_page_that_loses_a_permission_ends_and_says_which(
    secured: SecuredKafka, own: Settings, staged: dict[Part, Settings], tmp_path: Path
) -> None:
    [lost] = [acl for acl in acls(own, "page") if acl.name == own.alerts_topic]
    worker = WorkerProcess(staged["page"], tmp_path / "page.log", "page")
    try:
        worker.start()
        secured.revoke("page", [lost])
        send(own, [alert_message(alert(number=2), own.alerts_topic)])
        assert worker.wait(60) == 1
    finally:
        worker.stop()
        secured.grant("page", [lost])

    assert f"denies this user access to {lost.name} (ESCALATION_ALERTS_TOPIC)" in worker.log
    assert "Traceback" not in worker.log


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
