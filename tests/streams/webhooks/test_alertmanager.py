"""An incident's life at the real Alertmanager."""

from __future__ import annotations

import asyncio
import json
import shutil
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from harness.alerts import alert
from harness.delivery import targets_file, until, webhooks
from harness.kafka import send
from harness.receiver import Receiver

from streams.cloudevents import alert_message
from streams.incidents.fingerprint import fingerprint
from streams.local.process import ServerProcess, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from streams.records import Alert
    from streams.settings import Settings

pytestmark = pytest.mark.kafka

LABELS = {"alertname": "Escalation", "incident": "i", "key": "KHM-THA"}


class Alertmanager:
    """A process of its own, which notifies a receiver of ours."""

    def __init__(self, program: str, directory: Path, receiver: Receiver) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        config = {
            "route": {
                "receiver": "desk",
                "group_by": ["incident"],
                "group_wait": "0s",
                "group_interval": "1s",
            },
            "receivers": [
                {
                    "name": "desk",
                    "webhook_configs": [{"url": receiver.url, "send_resolved": True}],
                }
            ],
        }
        file = directory / "alertmanager.yml"
        file.write_text(json.dumps(config))
        command = [
            program,
            f"--config.file={file}",
            f"--storage.path={directory / 'alertmanager'}",
            f"--web.listen-address=127.0.0.1:{port}",
            "--cluster.listen-address=",
        ]
        self._port = port
        self._process = ServerProcess(command, directory / "alertmanager.log")
        self._process.start(port, seconds=60)

    async def get(self, path: str) -> Any:
        """Return an answer of its API."""
        async with aiohttp.ClientSession() as session, session.get(self.url + path) as answer:
            answer.raise_for_status()
            return await answer.json()

    def restart(self) -> None:
        """End the process as a crash would, and start it again: it has forgotten its alerts."""
        self._process.kill()
        self._process.start(self._port, seconds=60)

    async def firing(self) -> dict[str, dict[str, Any]]:
        """Return what fires, by incident."""
        found = await self.get("/api/v2/alerts")
        return {each["labels"]["incident"]: each for each in found}

    def stop(self) -> None:
        """End the process."""
        self._process.stop()


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def alertmanager(tmp_path: Path, receiver: Receiver) -> Iterator[Alertmanager]:
    program = shutil.which("prometheus-alertmanager") or shutil.which("alertmanager")
    if program is None:
        pytest.skip("needs Alertmanager (apt: prometheus-alertmanager)")
    running = Alertmanager(program, tmp_path, receiver)
    yield running
    running.stop()


def publish(settings: Settings, *alerts: Alert) -> None:
    send(settings, [alert_message(each, settings.alerts_topic) for each in alerts])


def statuses(receiver: Receiver, name: str) -> list[str]:
    """Return the states in which Alertmanager told of an incident, without repeats."""
    told = [
        each["status"]
        for request in receiver.received
        for each in json.loads(request.body)["alerts"]
        if each["labels"]["incident"] == name
    ]
    return [each for place, each in enumerate(told) if told[place - 1 : place] != [each]]


def test_an_incident_fires_with_its_first_step_and_is_resolved_with_its_last(
    settings: Settings, tmp_path: Path, receiver: Receiver, alertmanager: Alertmanager
) -> None:
    target = {"name": "oncall", "kind": "alertmanager", "url": alertmanager.url}
    story: dict[str, Any] = {"labels": LABELS, "annotations": {"summary": "Troops mass"}}

    async def run() -> None:
        async with receiver, webhooks(settings, targets_file(tmp_path, target)):
            opened = [alert("i", **story), alert("i", 2, **story), alert("other")]
            await asyncio.to_thread(publish, settings, *opened)
            await until(lambda: statuses(receiver, "other") == ["firing"], "both fire")
            await until(lambda: statuses(receiver, "i") == ["firing"], "both fire")
            firing = await alertmanager.firing()
            assert firing["i"]["labels"] == LABELS
            assert firing["i"]["fingerprint"] == fingerprint(LABELS)
            assert firing["i"]["status"]["state"] == "active"
            assert firing["i"]["annotations"] == {"summary": "Troops mass"}

            closed = alert("i", 3, step="closed", **story)
            await asyncio.to_thread(publish, settings, closed)
            await until(lambda: statuses(receiver, "i") == ["firing", "resolved"], "it is resolved")
            assert list(await alertmanager.firing()) == ["other"]
            assert statuses(receiver, "other") == ["firing"]

    asyncio.run(run())


def test_what_fires_is_told_again_after_both_have_restarted_and_a_milder_end_resolves_it(
    settings: Settings, tmp_path: Path, receiver: Receiver, alertmanager: Alertmanager
) -> None:
    target = {
        "name": "oncall",
        "kind": "alertmanager",
        "url": alertmanager.url,
        "remind": 0.5,
        "only": {"min_severity": "high"},
    }
    file = targets_file(tmp_path, target)
    publish(settings, alert("ended"), alert("ended", 2, step="closed"), alert("i"))
    publish(settings, alert("mild", severity="low"))

    async def wait_for(names: list[str]) -> None:
        async with asyncio.timeout(60):
            while list(await alertmanager.firing()) != names:  # noqa: ASYNC110 - its state
                await asyncio.sleep(0.1)

    async def run() -> None:
        async with receiver:
            async with webhooks(settings, file):
                await wait_for(["i"])
                alertmanager.restart()
                await wait_for(["i"])
            alertmanager.restart()
            assert await alertmanager.firing() == {}
            async with webhooks(settings, file):
                await wait_for(["i"])
                ends = alert("i", 2, step="closed", severity="info")
                await asyncio.to_thread(publish, settings, ends)
                await wait_for([])

    asyncio.run(run())
