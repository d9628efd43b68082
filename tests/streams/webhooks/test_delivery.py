"""Attempts of one alert, with answers made by hand and pauses that are only counted."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec
import pytest
from harness.alerts import alert
from harness.receiver import SECRET
from prometheus_client import CollectorRegistry

from streams.delivery.webhooks.access import access_to
from streams.delivery.webhooks.attempt import Answer
from streams.delivery.webhooks.circuit import Circuit, State
from streams.delivery.webhooks.delivery import Delivery, StoppedError
from streams.delivery.webhooks.metrics import WebhookMetrics
from streams.delivery.webhooks.outlet import Outlet
from streams.delivery.webhooks.targets import Target

if TYPE_CHECKING:
    from streams.deadletters import Reason
    from streams.delivery.webhooks.kinds import Request

DESK = {"name": "desk", "kind": "generic", "url": "https://x.example", "secret_env": "S"}
BROKEN = Answer("broken", "HTTP 500")


class Answers:
    """Gives one answer after the other; remembers the requests."""

    def __init__(self, *answers: Answer) -> None:
        self._answers = iter(answers)
        self.requests: list[Request] = []

    async def call(self, request: Request) -> Answer:
        """Answer."""
        self.requests.append(request)
        return next(self._answers)


class Patient(Delivery):
    """Notes its pauses in place of waiting."""

    waits: list[float]

    async def _pause(self, seconds: float, stopping: asyncio.Event) -> None:
        assert not stopping.is_set()
        self.waits.append(seconds)


def deliver(
    *answers: Answer, waits: list[float] | None = None, **fields: object
) -> tuple[Reason | None, Answers, Circuit]:
    """Deliver one alert; pauses are noted and take no time."""
    target = msgspec.convert(DESK | fields, Target)
    caller = Answers(*answers)
    circuit = Circuit(target.circuit_failures, 30.0, 300.0)
    outlet = Outlet(target, access_to(target, {"S": SECRET}), caller, circuit)
    delivery = Patient(outlet, WebhookMetrics(CollectorRegistry()), alive=lambda: None)
    delivery.waits = [] if waits is None else waits
    return asyncio.run(delivery.deliver(alert(), asyncio.Event())), caller, circuit


def test_an_alert_is_repeated_until_it_is_taken_with_the_same_id_and_body() -> None:
    reason, caller, _ = deliver(BROKEN, BROKEN, Answer("ok"))

    assert reason is None
    assert len(caller.requests) == 3
    assert len({request.headers["webhook-id"] for request in caller.requests}) == 1
    assert len({request.body for request in caller.requests}) == 1


def test_pauses_grow_with_jitter_up_to_the_longest() -> None:
    waits: list[float] = []

    deliver(*[BROKEN] * 6, waits=waits, attempts=6, backoff=1, backoff_max=4, circuit_failures=99)

    for wait, longest in zip(waits, [1, 2, 4, 4, 4], strict=True):
        assert longest / 2 <= wait <= longest


def test_a_target_that_asks_for_time_gets_it_up_to_a_limit() -> None:
    waits: list[float] = []
    later = [Answer("rate_limited", retry_after=seconds) for seconds in (120.0, 99_999.0)]

    deliver(*later, Answer("ok"), waits=waits, retry_after_max=600)

    assert waits == [120.0, 600.0]


def test_after_so_many_attempts_the_reason_is_the_last_answer() -> None:
    reason, caller, _ = deliver(BROKEN, BROKEN, Answer("timeout", "no answer"), attempts=3)

    assert reason is not None
    assert (reason.stage, reason.error, reason.message) == (
        "delivery",
        "timeout",
        "desk: no answer",
    )
    assert len(caller.requests) == 3


def test_a_body_that_is_refused_is_not_sent_again_and_does_not_open_the_circuit() -> None:
    refused = Answer("refused", "HTTP 422", useless=True)

    reason, caller, circuit = deliver(refused, circuit_failures=1)

    assert reason is not None
    assert len(caller.requests) == 1
    assert circuit.state is State.CLOSED


def test_failures_open_the_circuit_of_the_target() -> None:
    _, _, circuit = deliver(BROKEN, BROKEN, attempts=2, circuit_failures=2)

    assert circuit.state is State.OPEN


def test_a_delivery_that_is_stopped_while_it_waits_is_neither_done_nor_dead() -> None:
    target = msgspec.convert(DESK | {"backoff": 3600.0}, Target)
    pauses: list[str] = []

    async def run() -> None:
        stopping = asyncio.Event()
        access = access_to(target, {"S": SECRET})
        outlet = Outlet(target, access, Answers(BROKEN), Circuit(5, 30.0, 300.0))
        metrics = WebhookMetrics(CollectorRegistry())
        delivery = Delivery(outlet, metrics, alive=lambda: pauses.append("alive"))
        asyncio.get_running_loop().call_later(0.1, stopping.set)
        await asyncio.wait_for(delivery.deliver(alert(), stopping), 30)

    with pytest.raises(StoppedError):
        asyncio.run(run())
    assert pauses
