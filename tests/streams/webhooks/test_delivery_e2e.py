"""Webhooks from a real topic to a receiver that behaves badly."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from aiohttp import web
from harness.alerts import alert
from harness.badly import deliver_badly
from harness.delivery import targets_file, until, webhooks
from harness.kafka import read_all, send
from harness.receiver import SECRET, Receiver

from streams.cloudevents import alert_message
from streams.records import Message

if TYPE_CHECKING:
    from pathlib import Path

    from streams.records import Alert
    from streams.settings import Settings

pytestmark = pytest.mark.kafka


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_SECRET", SECRET)


def publish(settings: Settings, *alerts: Alert) -> None:
    send(settings, [alert_message(each, settings.alerts_topic) for each in alerts])


def desk(receiver: Receiver, **more: object) -> dict[str, object]:
    given = {"name": "desk", "kind": "generic", "url": receiver.url, "secret_env": "DESK_SECRET"}
    return given | more


def test_all_alerts_arrive_in_order_at_a_receiver_that_fails_hangs_and_restarts(
    settings: Settings, tmp_path: Path
) -> None:
    outcome = deliver_badly(settings, tmp_path, alerts=200)

    assert outcome.missing == []
    assert outcome.out_of_order == []
    assert outcome.bad_signatures == 0
    assert outcome.ids_per_alert == {1}
    assert outcome.dead_letters == 0
    assert outcome.restarts == 2
    assert outcome.requests > outcome.alerts


def test_a_dead_target_delays_no_other(settings: Settings, tmp_path: Path) -> None:
    publish(settings, *(alert("i", number) for number in range(1, 21)))

    async def run() -> None:
        dead = Receiver(answer=lambda _: None)
        async with dead, Receiver() as well:
            file = targets_file(tmp_path, desk(dead), desk(well, name="well"))
            async with webhooks(settings, file):
                await until(lambda: len(well.taken()) == 20, "the other target has all", 30)
        assert dead.taken() == []
        assert well.numbers() == {"i": list(range(1, 21))}

    asyncio.run(run())


def test_a_target_goes_on_where_it_stopped_and_another_group_replays(
    settings: Settings, tmp_path: Path
) -> None:
    async def run(name: str, expected: int) -> list[int]:
        async with Receiver() as receiver:
            async with webhooks(settings, targets_file(tmp_path, desk(receiver, name=name))):
                await until(lambda: len(receiver.taken()) >= expected, "all arrived")
            return receiver.numbers()["i"]

    publish(settings, alert("i"), alert("i", 2))
    assert asyncio.run(run("desk", 2)) == [1, 2]
    publish(settings, alert("i", 3))
    assert asyncio.run(run("desk", 1)) == [3]
    assert asyncio.run(run("another", 3)) == [1, 2, 3]


def test_what_a_target_never_takes_is_a_dead_letter_and_the_next_goes_on(
    settings: Settings, tmp_path: Path
) -> None:
    publish(settings, alert("i"), alert("i", 2), alert("i", 3))
    send(settings, [Message(settings.alerts_topic, b"i", b"no alert")])
    publish(settings, alert("i", 4))
    answers = iter([422, 500, 500, 500, 200, 200])

    async def run() -> list[int]:
        async with Receiver(answer=lambda _: web.Response(status=next(answers))) as receiver:
            file = targets_file(tmp_path, desk(receiver, attempts=3))
            async with webhooks(settings, file) as registry:
                await until(lambda: len(receiver.taken()) == 2, "two arrived")
                dead = {"target": "desk", "result": "dead_letter"}
                name = "escalation_webhook_deliveries_total"
                await until(lambda: registry.get_sample_value(name, dead) == 3, "three died")
            return [each.alert["number"] for each in receiver.taken()]

    assert asyncio.run(run()) == [3, 4]
    letters = read_all(settings, settings.webhooks_dead_letters_topic)
    told = [dict(letter.headers) for letter in letters]
    assert [each["__connect.errors.exception.class.name"] for each in told] == [
        b"refused",
        b"broken",
        b"DecodeError",
    ]
    assert {each["escalation.webhook.target"] for each in told} == {b"desk"}
    assert {each["__connect.errors.stage"] for each in told} == {b"delivery"}
    assert b"HTTP 422" in told[0]["__connect.errors.exception.message"]
    assert letters[0].key == b"i"
    assert letters[2].value == b"no alert"


def test_a_target_gets_only_what_it_asked_for(settings: Settings, tmp_path: Path) -> None:
    publish(settings, alert("i", severity="low"), alert("i", 2, severity="critical"))

    async def run() -> list[int]:
        async with Receiver() as receiver:
            only = {"min_severity": "high", "countries": ["Thailand"], "steps": ["updated"]}
            async with webhooks(settings, targets_file(tmp_path, desk(receiver, only=only))):
                await until(lambda: bool(receiver.taken()), "one arrived")
            return receiver.numbers()["i"]

    assert asyncio.run(run()) == [2]


def test_two_workers_share_a_target_and_one_takes_over_from_the_other(
    settings: Settings, tmp_path: Path
) -> None:
    incidents = [f"i{number}" for number in range(8)]
    publish(settings, *(alert(each, number) for number in range(1, 6) for each in incidents))

    async def run() -> Receiver:
        async with Receiver() as receiver:
            file = targets_file(tmp_path, desk(receiver))
            async with webhooks(settings, file):
                await until(lambda: len(receiver.taken()) >= 40, "the first lot arrived")
                async with webhooks(settings, file):
                    later = [alert(each, n) for n in range(6, 11) for each in incidents]
                    await asyncio.to_thread(publish, settings, *later)
                    await until(lambda: len(receiver.taken()) >= 60, "half of the second lot")
            async with webhooks(settings, file):
                await until(
                    lambda: len({each.alert["id"] for each in receiver.taken()}) == 80,
                    "all arrived",
                )
        return receiver

    receiver = asyncio.run(run())
    for numbers in receiver.numbers().values():
        assert list(dict.fromkeys(numbers)) == list(range(1, 11))
