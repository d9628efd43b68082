"""An Apache Kafka for these tests that demands TLS, names and permissions."""

from __future__ import annotations

import asyncio
import itertools
from typing import TYPE_CHECKING

import pytest
from harness.secured import SecuredKafka, entering

from streams.acls import PARTS, acls
from streams.local import BrokerError
from streams.settings import load_settings
from streams.topics import create_topics

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from streams.settings import Settings

USERS = ("operator", "stranger", *PARTS)
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecuredKafka]:
    """Start the broker; without Java and Maven there is none, and no stand-in has its security."""
    directory = tmp_path_factory.mktemp("secured")
    broker = SecuredKafka(directory, load_settings().cache / "kafka", lambda _: None, USERS)
    try:
        broker.start()
    except BrokerError as reason:
        pytest.skip(f"needs Apache Kafka: {reason}")
    yield broker
    broker.stop()


@pytest.fixture
def names(secured: SecuredKafka, tmp_path: Path) -> Settings:
    """Return settings of the super user with names that no other test uses; nothing exists."""
    name = f"s{next(_numbers)}"
    return secured.plain(
        items_topic=f"{name}.items",
        signals_topic=f"{name}.signals",
        alerts_topic=f"{name}.alerts",
        tension_topic=f"{name}.tension",
        feedback_topic=f"{name}.feedback",
        dead_letters_topic=f"{name}.dlq",
        webhooks_dead_letters_topic=f"{name}.webhooks.dlq",
        group=name,
        data_dir=tmp_path,
        retry_backoff=0.1,
        # The feed of the tests is of a day long past.
        time_source="event",
        session_timeout=6.0,
    )


@pytest.fixture
def own(names: Settings) -> Settings:
    """Return the same; the topics exist."""
    asyncio.run(create_topics(names))
    return names


@pytest.fixture
def operator(secured: SecuredKafka, own: Settings) -> Settings:
    """Return the same topics as a user sees them who has all that the service needs."""
    for part in PARTS:
        secured.grant("operator", acls(own, part))
    return entering(own, secured.sasl("operator"))
