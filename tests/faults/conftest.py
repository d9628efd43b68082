"""A broker of its own for the faults: they kill it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from faults.world import Bench

from streams.local import BrokerError

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Start the broker that the faults share."""
    running = Bench(tmp_path_factory.mktemp("faults"))
    try:
        running.broker.start()
    except BrokerError as error:
        pytest.skip(f"needs Apache Kafka: {error}")
    with running:
        yield running


@pytest.fixture(autouse=True)
def _apache_only() -> None:
    """Start no second broker: `bench` skips by itself where Apache Kafka cannot be had."""
