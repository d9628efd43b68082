"""What a peer is told."""

from __future__ import annotations

import os
from dataclasses import dataclass

BATCH = 500
"""Items that a peer scores together, as many as our own service by default."""


@dataclass(frozen=True, slots=True)
class Job:
    """Where from and where to, with the model that scores."""

    servers: str
    group: str
    items: str
    alerts: str
    directory: str
    model: str

    def environment(self) -> dict[str, str]:
        """Return the variables that tell a process this job."""
        return {f"JOB_{name.upper()}": getattr(self, name) for name in self.__slots__}


def told() -> Job:
    """Return the job of this process."""
    return Job(**{name: os.environ[f"JOB_{name.upper()}"] for name in Job.__slots__})
