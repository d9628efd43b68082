"""Fixtures for all tests: one broker for the run, topics of its own for each test."""

from __future__ import annotations

import asyncio
import itertools
import os
from typing import TYPE_CHECKING

import hypothesis
import pytest

import classifier
from classifier.cli import train
from streams.local import Broker, start_broker
from streams.settings import load_settings
from streams.topics import create_topics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from streams.settings import Settings

_numbers = itertools.count(1)
MEASURED = pytest.StashKey[list[str]]()

# A machine that does other work too must not fail a property by being slow.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")


@pytest.fixture(scope="session")
def broker(
    tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> Iterator[Broker]:
    """Start a broker for the run: Apache Kafka where it can be had."""
    cache = load_settings().cache
    reporter = pytestconfig.pluginmanager.get_plugin("terminalreporter")

    def say(line: str) -> None:
        if reporter is not None:
            reporter.write_line(line)

    running = start_broker(tmp_path_factory.mktemp("broker"), cache, say)
    say(f"\nbroker of this run: {running.kind} on {running.bootstrap_servers}")
    yield running
    running.stop()


@pytest.fixture
def settings(broker: Broker, tmp_path: Path) -> Settings:
    """Return settings with topics and a group that no other test uses; the topics exist."""
    return _settings(broker, tmp_path)


@pytest.fixture(scope="module")
def module_settings(broker: Broker, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Return the same for all tests of a module, which look at one worker."""
    return _settings(broker, tmp_path_factory.mktemp("module"))


def _settings(broker: Broker, data: Path) -> Settings:
    name = f"t{os.getpid()}-{next(_numbers)}"
    settings = load_settings(
        kafka_bootstrap_servers=broker.bootstrap_servers,
        items_topic=f"{name}.items",
        signals_topic=f"{name}.signals",
        alerts_topic=f"{name}.alerts",
        tension_topic=f"{name}.tension",
        feedback_topic=f"{name}.feedback",
        dead_letters_topic=f"{name}.dlq",
        webhooks_dead_letters_topic=f"{name}.webhooks.dlq",
        group=name,
        data_dir=data,
        retry_backoff=0.1,
        # The shortest that a broker allows: a killed worker's partitions move sooner.
        session_timeout=6.0,
    )
    asyncio.run(create_topics(settings))
    return settings


@pytest.fixture(autouse=True)
def _apache_only(request: pytest.FixtureRequest) -> None:
    """Skip a test that needs Apache Kafka itself where an embedded broker had to do."""
    if request.node.get_closest_marker("apache") is None:
        return
    running: Broker = request.getfixturevalue("broker")
    if running.kind != "Apache Kafka":
        pytest.skip(f"needs Apache Kafka; this run has the {running.kind}")


@pytest.fixture
def tell(pytestconfig: pytest.Config) -> Callable[[str], None]:
    """Return what adds a measured figure to the end of the run's report."""
    return pytestconfig.stash.setdefault(MEASURED, []).append


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print the figures that tests have measured."""
    if lines := config.stash.get(MEASURED, []):
        terminalreporter.section("measured")
        for line in lines:
            terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def bundle_path() -> Path:
    """Return the default bundle, trained first when there is none that fits this installation."""
    default = classifier.default_bundle_path()
    try:
        classifier.load(default)
    except classifier.BundleError:
        train()
    return default


@pytest.fixture(scope="session")
def model(bundle_path: Path) -> classifier.EscalationModel:
    """Return the default model."""
    return classifier.load(bundle_path)
