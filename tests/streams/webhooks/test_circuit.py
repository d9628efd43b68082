"""A target that fails is left alone."""

from __future__ import annotations

import pytest

from streams.delivery.webhooks.circuit import Circuit, State


class Clock:
    """Seconds that pass when told."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def circuit(clock: Clock) -> Circuit:
    return Circuit(3, 10.0, 25.0, clock=clock)


def fail(circuit: Circuit, times: int) -> None:
    for _ in range(times):
        circuit.failed()


def test_it_opens_after_so_many_failures_in_a_row(circuit: Circuit) -> None:
    fail(circuit, 2)
    circuit.succeeded()
    fail(circuit, 2)
    assert circuit.wait() == 0.0

    circuit.failed()
    assert circuit.state is State.OPEN
    assert circuit.wait() == 10.0


def test_one_attempt_tries_and_its_success_closes_it(circuit: Circuit, clock: Clock) -> None:
    fail(circuit, 3)
    clock.now += 10

    assert circuit.wait() == 0.0
    assert circuit.state is State.HALF_OPEN
    assert circuit.wait() > 0
    circuit.succeeded()
    assert circuit.wait() == 0.0


def test_each_attempt_that_tries_in_vain_doubles_the_pause_up_to_the_longest(
    circuit: Circuit, clock: Clock
) -> None:
    fail(circuit, 3)
    pauses = []
    for _ in range(3):
        pauses.append(circuit.wait())
        clock.now += circuit.wait()
        assert circuit.wait() == 0.0
        circuit.failed()
    assert [*pauses, circuit.wait()] == [10.0, 20.0, 25.0, 25.0]


def test_an_attempt_that_was_given_up_lets_the_next_one_try(circuit: Circuit, clock: Clock) -> None:
    fail(circuit, 3)
    clock.now += 10
    assert circuit.wait() == 0.0

    circuit.let_go()

    assert circuit.wait() == 0.0


def test_failures_of_requests_that_were_under_way_do_not_prolong_it(
    circuit: Circuit, clock: Clock
) -> None:
    fail(circuit, 3)
    clock.now += 4
    fail(circuit, 3)

    assert circuit.wait() == 6.0


def test_every_change_of_state_is_told(clock: Clock) -> None:
    told: list[State] = []
    circuit = Circuit(1, 1.0, 1.0, on_change=told.append, clock=clock)
    circuit.failed()
    clock.now += 1
    circuit.wait()
    circuit.succeeded()

    assert told == [State.OPEN, State.HALF_OPEN, State.CLOSED]
