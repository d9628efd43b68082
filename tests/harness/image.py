"""Builds the image for real, without a docker engine: buildah, on a base made by mmdebstrap.

The base is that of this machine's own distribution and trusts the certificates that this machine
trusts, so that the build reaches the package index in the machine's own way.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from harness.tools import needs, run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).parents[2]
BASE = "localhost/escalation-base"
IMAGE = "localhost/escalation"
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"


class Builder:
    """buildah with a storage of its own."""

    def __init__(self, directory: Path) -> None:
        self._program = [
            needs("buildah"),
            *("--root", str(directory / "root")),
            *("--runroot", str(directory / "run")),
            *("--storage-driver", "vfs"),
        ]
        self._directory = directory

    def __call__(self, *arguments: str) -> str:
        """Run buildah and return its output."""
        return run([*self._program, *arguments]).strip()

    def base(self) -> None:
        """Make the base image."""
        archive = self._directory / "base.tar"
        packages = "--include=ca-certificates,python3,python3-venv"
        run(
            [
                needs("mmdebstrap"),
                "--quiet",
                "--variant=minbase",
                packages,
                "bookworm",
                str(archive),
            ]
        )
        container = self("from", "scratch")
        self("add", "--quiet", container, str(archive), "/")
        archive.unlink()
        if Path(CERTIFICATES).exists():
            self("copy", "--quiet", container, CERTIFICATES, CERTIFICATES)
            self("config", "--env", f"PIP_CERT={CERTIFICATES}", container)
        self("commit", "--quiet", "--rm", container, BASE)

    def build(self) -> None:
        """Build our image on it."""
        options = [
            "--isolation",
            "chroot",
            "--format",
            "docker",
            "--build-arg",
            f"BASE_IMAGE={BASE}",
        ]
        self("bud", *options, "--tag", IMAGE, str(ROOT))

    def size(self, image: str) -> int:
        """Return an image's size in bytes."""
        [found] = json.loads(self("images", "--json", image))
        return _bytes(found["size"])

    def config(self) -> dict[str, object]:
        """Return our image's configuration, as docker has it."""
        found: dict[str, object] = json.loads(self("inspect", "--type", "image", IMAGE))["Docker"]
        return found

    @contextlib.contextmanager
    def container(self) -> Iterator[str]:
        """Yield a container of our image, not running yet."""
        name = self("from", IMAGE)
        try:
            yield name
        finally:
            self("rm", name)

    def start(
        self, container: str, command: list[str], env: Mapping[str, str]
    ) -> subprocess.Popen[str]:
        """Start a command in a container, on the machine's own network."""
        told = [option for name, value in env.items() for option in ("--env", f"{name}={value}")]
        return subprocess.Popen(
            [*self._program, "run", "--isolation", "chroot", *told, container, "--", *command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )


def _bytes(size: str) -> int:
    number, unit = size.split()
    return int(float(number) * {"B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9}[unit])
