"""The ticker publishes what is new, at its interval, whether signals come or not."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from harness.signals import NOON, signal
from prometheus_client import CollectorRegistry

from streams.metrics import Metrics
from streams.records import Tension, decode_tension
from streams.settings import load_settings
from streams.tension import PairTension, add
from streams.tension.ticker import TensionTicker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.records import Message


class Broker:
    """Takes messages, or refuses them while it is down."""

    def __init__(self) -> None:
        self.down = False
        self.asked = asyncio.Event()
        self.got: list[Tension] = []

    async def publish(self, messages: Sequence[Message]) -> None:
        self.asked.set()
        if self.down:
            raise ConnectionError
        self.got += [decode_tension(message.value or b"") for message in messages]


class World:
    """A ticker with a clock, a table and a broker to turn."""

    def __init__(self) -> None:
        self.clock = NOON.timestamp()
        self.states: list[PairTension] = [add(None, signal(), NOON)]
        self.broker = Broker()
        self.metrics = Metrics(CollectorRegistry())
        self.ticker = TensionTicker(
            load_settings(tension_interval=0.01),
            self.broker,
            self.metrics,
            lambda: self.states,
            lambda: self.clock,
        )

    def value(self) -> float | None:
        labels = {"pair": "KHM-THA", "window": "1h"}
        return self.metrics.registry.get_sample_value("escalation_tension", labels)


def test_a_tick_publishes_only_what_changed_and_shows_what_holds() -> None:
    world = World()

    async def turn() -> None:
        await world.ticker.tick()
        await world.ticker.tick()
        world.states = [add(world.states[0], signal("b"), NOON)]
        await world.ticker.tick()

    asyncio.run(turn())
    assert [each.value["1h"] for each in world.broker.got] == [6.5, 13.0]
    assert world.value() == 13.0


def test_tension_fades_to_zero_when_nothing_comes() -> None:
    world = World()

    async def turn() -> None:
        for _ in range(14):
            await world.ticker.tick()
            world.clock += 300

    asyncio.run(turn())
    hours = [each.value["1h"] for each in world.broker.got]
    assert hours == sorted(hours, reverse=True)
    assert hours[-1] == 0.0
    assert world.value() == 0.0


def test_the_service_ticks_by_itself() -> None:
    world = World()

    async def run() -> None:
        async with asyncio.timeout(20):
            await world.ticker.start()
            await world.broker.asked.wait()
            await world.ticker.stop()

    asyncio.run(run())
    assert world.broker.got[0].pair == ("KHM", "THA")


def test_a_broker_that_refuses_ends_the_service_and_not_in_silence() -> None:
    world = World()
    world.broker.down = True

    async def run() -> BaseException | None:
        async with asyncio.timeout(20):
            await world.ticker.start()
            await world.ticker._crashed.wait()
            await world.ticker.stop()
        reason: BaseException | None = world.ticker.crash_reason
        return reason

    assert isinstance(asyncio.run(run()), ConnectionError)
