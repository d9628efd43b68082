"""The image is really built, is small and closed, and the worker in it scores the demo feed.

It takes some minutes and belongs to `make deploy-check`.
"""

from __future__ import annotations

import json
import os
import signal
from typing import TYPE_CHECKING, Any

import pytest
from harness.image import BASE, IMAGE, Builder
from harness.kafka import left, read_all, send
from harness.worker import environment, wait_until

from streams.feed import read_feed
from streams.local.process import free_port
from streams.run import DEMO_FEED
from streams.settings import variable_of

if TYPE_CHECKING:
    from streams.settings import Settings

pytestmark = [pytest.mark.long, pytest.mark.kafka]

MEGABYTE = 10**6


@pytest.fixture(scope="module")
def builder(tmp_path_factory: pytest.TempPathFactory) -> Builder:
    """Return a builder that has built the image."""
    made = Builder(tmp_path_factory.mktemp("image"))
    made.base()
    made.build()
    return made


def test_it_adds_less_than_400_megabytes_to_its_base(builder: Builder) -> None:
    added = builder.size(IMAGE) - builder.size(BASE)
    assert added < 400 * MEGABYTE, f"{added / MEGABYTE:.0f} MB"


def test_it_runs_as_nobody_and_says_what_it_is(builder: Builder) -> None:
    config: Any = builder.config()["config"]
    assert config["User"] == "10001:10001"
    assert config["Entrypoint"] == ["escalation"]
    assert "org.opencontainers.image.licenses" in config["Labels"]
    assert config["Healthcheck"]["Test"][0] == "CMD"


def test_nothing_in_it_can_compile_and_it_lists_what_is_in_it(builder: Builder) -> None:
    with builder.container() as name:
        compilers = "command -v gcc cc clang pip || true"
        assert builder("run", "--isolation", "chroot", name, "--", "sh", "-c", compilers) == ""
        sbom = json.loads(
            builder("run", "--isolation", "chroot", name, "cat", "/opt/escalation/sbom.cdx.json")
        )
    assert {"faust-streaming", "scikit-learn"} <= {each["name"] for each in sbom["components"]}


def test_the_worker_in_it_scores_the_demo_feed_and_ends_in_order(
    builder: Builder, settings: Settings
) -> None:
    told = environment(settings) | {
        variable_of("http_port"): str(free_port()),
        # The demo feed is weeks old: it has its own time.
        variable_of("time_source"): "event",
        variable_of("data_dir"): "/tmp/escalation",  # noqa: S108 - in the container
    }
    env = {name: text for name, text in told.items() if name.startswith(("ESCALATION_", "KAFKA_"))}
    messages = list(read_feed(DEMO_FEED, settings.items_topic))
    with builder.container() as name:
        process = builder.start(name, ["escalation", "worker"], env)
        try:
            send(settings, messages)
            wait_until("every item is committed", lambda: left(settings) == 0, 120)
        finally:
            os.kill(process.pid, signal.SIGTERM)
            said, _ = process.communicate(timeout=60)
    assert len(read_all(settings, settings.alerts_topic)) > 0, said
    assert len(read_all(settings, settings.dead_letters_topic)) == 2
