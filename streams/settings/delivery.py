"""Webhooks and the page."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - pydantic reads annotations at run time
from typing import Annotated

from pydantic import Field, SecretStr

from streams.settings.section import Count, Section


class DeliverySettings(Section):
    """Of what brings alerts to people."""

    webhooks_file: Path | None = Field(
        None, description="TOML or JSON file of the targets that alerts are pushed to."
    )

    # The page
    page_alerts: Count = Field(
        10_000, description="Alerts that the page keeps in memory and reads back at start, at most."
    )
    page_bytes: Count = Field(
        128 * 1024 * 1024, description="Bytes that those alerts may take, about."
    )
    page_days: Annotated[float, Field(gt=0)] = Field(
        30.0, description="Days that the page reads back at start, at most."
    )
    page_clients: Count = Field(
        1000, description="Readers that one page serves at once; the next is told to wait."
    )
    page_tokens: SecretStr | None = Field(
        None,
        description="Who may give verdicts: `name=token`, comma-separated; unset: nobody may.",
    )
    page_tokens_file: Path | None = Field(
        None, description="File with one `name=token` a line, as well as the variable."
    )
