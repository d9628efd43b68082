"""The services of the compose file run together, as the file says, and watch one another.

Where no container can run they are processes: see `harness.compose`.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import urllib.parse
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from harness.compose import Compose, answer
from harness.kafka import left, read_all, send
from harness.tools import needs
from harness.worker import wait_until

from streams.feed import read_feed
from streams.local import BrokerError
from streams.run import DEMO_FEED
from streams.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from streams.records import Message

pytestmark = [pytest.mark.kafka]

STAGES = ("score", "incidents", "page")


@pytest.fixture(scope="module")
def running(
    bundle_path: Path,  # noqa: ARG001 - the stages load it
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Compose]:
    """Return all of it, running, in the order that the file asks for."""
    for program in ("prometheus", "prometheus-alertmanager"):
        needs(program)
    compose = Compose(tmp_path_factory.mktemp("compose"))
    with contextlib.ExitStack() as services:
        try:
            services.enter_context(compose.kafka())
        except BrokerError as error:
            pytest.skip(f"no Apache Kafka here: {error}")
        done = subprocess.run(
            compose.command("topics"),
            env=compose.worker_environment("topics"),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        for stage in STAGES:
            services.enter_context(compose.worker(stage))
        services.enter_context(compose.alertmanager())
        services.enter_context(compose.prometheus())
        for stage in STAGES:
            address = compose.address(stage, 8473)
            wait_until(
                f"{stage} is ready",
                lambda address=address: bool(answer(address, "/readyz")),  # type: ignore[misc]
                120,
            )
        yield compose


def test_items_go_through_all_of_it(running: Compose) -> None:
    """From the topic over the stages to alerts, and Prometheus has seen every stage."""
    settings = load_settings(kafka_bootstrap_servers=running.address("kafka", 9092))
    messages = [_of_today(message) for message in read_feed(DEMO_FEED, settings.items_topic)]
    send(settings, messages)
    wait_until("every record is committed", lambda: left(settings) == 0, 120)

    wait_until("alerts are told", lambda: bool(read_all(settings, settings.alerts_topic)), 60)
    wait_until(
        "items are scraped", lambda: _sum(running, "escalation_items_total") == len(messages), 60
    )
    wait_until("every stage is scraped", lambda: _sum(running, "up") == len(STAGES), 60)
    wait_until("alerts are scraped", lambda: _sum(running, "escalation_alerts_total") > 0, 60)


def test_prometheus_has_our_rules_and_tells_alertmanager(running: Compose) -> None:
    prometheus = running.address("prometheus", 9090)
    alertmanager = running.address("alertmanager", 9093)
    wait_until(
        "Prometheus has found Alertmanager",
        lambda: alertmanager in str(answer(prometheus, "/api/v1/alertmanagers")),
        60,
    )
    wait_until("rules are evaluated", lambda: _health(running) == {"ok"}, 60)
    assert answer(alertmanager, "/api/v2/status")["config"]["original"]


def _sum(running: Compose, query: str) -> float:
    asked = urllib.parse.quote(f"sum({query})")
    found = answer(running.address("prometheus", 9090), f"/api/v1/query?query={asked}")
    series = found["data"]["result"] if found else []
    return float(series[0]["value"][1]) if series else 0.0


def _health(running: Compose) -> set[str]:
    found = answer(running.address("prometheus", 9090), "/api/v1/rules")
    groups = found["data"]["groups"] if found else []
    return {rule["health"] for group in groups for rule in group["rules"]}


def _of_today(message: Message) -> Message:
    """Return an item as if published now: what is weeks old tells nothing new."""
    try:
        item = json.loads(message.value or b"")
    except ValueError:
        return message
    if not isinstance(item, dict) or "published_at" not in item:
        return message
    item["published_at"] = datetime.now(UTC).isoformat()
    return message._replace(value=json.dumps(item).encode())
