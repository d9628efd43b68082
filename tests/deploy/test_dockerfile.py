"""The Dockerfile is clean, and what it fetches is pinned."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from harness.tools import run

ROOT = Path(__file__).parents[2]


def test_hadolint_finds_no_fault() -> None:
    assert run([str(Path(sys.executable).with_name("hadolint")), str(ROOT / "Dockerfile")]) == ""


def test_every_package_of_the_image_is_pinned_by_hash_to_the_version_that_was_tested() -> None:
    """The image's lock says the same as the developers'."""
    ours = versions(ROOT / "requirements.txt")
    image = versions(ROOT / "deploy" / "image" / "requirements.txt")
    assert image
    assert image.items() <= ours.items()


def versions(lock: Path) -> dict[str, str]:
    text = lock.read_text()
    assert "http" not in re.sub(r"(aio)?http[a-z-]*", "", text)
    pinned = dict(re.findall(r"^([a-z0-9.-]+)==(\S+) \\\n    --hash=", text, re.MULTILINE))
    assert len(pinned) == len(re.findall(r"^[a-z0-9]", text, re.MULTILINE))
    return pinned
