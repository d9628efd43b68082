"""The process: its port, its patience, its logs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from streams.settings.section import Count, Seconds, Section


class LifeSettings(Section):
    """Of a worker's process."""

    http_host: str = Field("127.0.0.1", description="Address of the page, probes and metrics.")
    http_port: Annotated[int, Field(ge=0, le=65535)] = Field(
        8473, description="Port of the page, probes and metrics; 0 takes a free one."
    )
    stall_timeout: Seconds = Field(
        60.0, description="Seconds with lag but no commit after which the worker is not live."
    )
    grace_period: Seconds = Field(
        20.0, description="Seconds that a batch in hand may take to finish at shutdown."
    )
    retry_backoff: Seconds = Field(0.5, description="First pause in seconds after a broker error.")
    retry_backoff_max: Seconds = Field(15.0, description="Longest pause after a broker error.")
    session_timeout: Seconds = Field(
        30.0, description="Seconds without heartbeat after which the group drops a member."
    )
    group_instance: str | None = Field(
        None, description="Static membership: a stable name of this worker in its group."
    )
    data_dir: Path = Field(
        Path("~/.cache/escalation-signals"),
        description="Caches and state: the local broker, Faust's files.",
    )
    log_format: Literal["auto", "json", "console"] = Field(
        "auto", description="`json`, `console`, or by whether stderr is a terminal."
    )
    log_repeats: Count = Field(
        60, description="Log lines of one event a minute, at most; the rest is counted in one line."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least severe log event that is written."
    )

    @property
    def cache(self) -> Path:
        """Directory for caches and state, with ``~`` expanded."""
        return self.data_dir.expanduser()
