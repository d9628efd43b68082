"""The image is really built, is small and closed, and the worker in it scores the demo feed.

It takes some minutes and belongs to `make deploy-check`.
"""

from __future__ import annotations

import json
import os
import re
import signal
from pathlib import Path
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
ONLY_TRAINING = Path(__file__).parents[2] / "deploy" / "image" / "only-training.txt"


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


WHAT_IS_THERE = """
import json, pathlib, sysconfig
from importlib.metadata import distributions
there, whose = pathlib.Path(sysconfig.get_paths()["purelib"]), {}
for each in distributions(path=[str(there)]):
    parts = {file.parts[0] for file in each.files if file.parts[0] not in ("..", "__pycache__")}
    parts = {part for part in parts if not part.endswith(".dist-info")}
    whose[each.name] = sorted(part for part in parts if (there / part).exists())
known = {part for parts in whose.values() for part in parts}
names = {p.name for p in there.iterdir() if not p.name.endswith(".dist-info")}
print(json.dumps({"whose": whose, "nobody's": sorted(names - known)}))
"""
"""What each installed package has in the image, and what belongs to none."""


def test_nothing_in_it_can_compile_and_it_lists_what_is_in_it(builder: Builder) -> None:
    """The SBOM names every package that has a file in the image, and no other."""
    with builder.container() as name:
        compilers = "command -v gcc cc clang pip || true"
        assert builder("run", "--isolation", "chroot", name, "--", "sh", "-c", compilers) == ""
        sbom = json.loads(
            builder("run", "--isolation", "chroot", name, "cat", "/opt/escalation/sbom.cdx.json")
        )
        look = ("/opt/escalation/bin/python", "-c", WHAT_IS_THERE)
        there = json.loads(builder("run", "--isolation", "chroot", name, "--", *look))
    assert [package for package, parts in there["whose"].items() if not parts] == []
    assert there["nobody's"] == []
    listed = {plain(each["name"]) for each in sbom["components"]}
    assert listed == {plain(package) for package in there["whose"]} >= {"faust-streaming"}
    assert not listed & set(ONLY_TRAINING.read_text(encoding="utf-8").split())


def plain(package: str) -> str:
    """Return a package's name as all of its spellings have it in common."""
    return re.sub("[-_.]+", "-", package).lower()


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
