"""The score stage: its model, its batches, its dead letters."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - pydantic reads annotations at run time
from typing import Annotated, Literal

from pydantic import Field

from streams.settings.section import Count, Seconds, Section


class ScoreSettings(Section):
    """Of the score stage."""

    model_path: Path | None = Field(
        None, description="Directory of the model bundle; unset: the default bundle."
    )
    model_digest: str | None = Field(
        None, description="SHA-256 that the bundle's manifest must have; unset: any."
    )
    judge: Literal["linear", "encoder"] | None = Field(
        None,
        description="`linear` leaves the model's encoder aside: faster, and worse; unset: its own.",
    )
    model_poll: Seconds = Field(
        15.0, description="Seconds between two looks for a new model bundle in its directory."
    )
    shadow_model_path: Path | None = Field(
        None, description="Bundle that scores beside the model, for comparison; it raises no alert."
    )
    batch_records: Count = Field(500, description="Records scored and committed together, at most.")
    batch_bytes: Count = Field(
        1024 * 1024,
        description="Bytes fetched for one partition in one request, at most, but for a larger"
        " batch that stands alone; they are held while the records before them are scored.",
    )
    max_item_bytes: Count = Field(
        1024 * 1024, description="A larger record is dead-lettered unread (stage `decode`)."
    )
    max_record_bytes: Count = Field(
        4 * 1024 * 1024,
        description="`max.message.bytes` of the items topic; dead letters get 64 KiB more.",
    )
    max_expanded_bytes: Count = Field(
        64 * 1024 * 1024,
        description="Bytes that a compressed batch of records may take in memory; a larger one is"
        " dead-lettered whole, as it came. About as many are processed together, at most.",
    )
    offset_reset: Literal["earliest", "latest"] = Field(
        "earliest", description="Where a group without a committed offset starts."
    )
    out_of_range: Literal["earliest", "latest", "stop"] = Field(
        "earliest", description="Where to go on when the committed offset has expired, or `stop`."
    )
    dead_letter_share: Annotated[float, Field(gt=0, le=1)] = Field(
        0.5,
        description="Stop consuming when more than this share of recent records is dead-lettered.",
    )
    dead_letter_window: Count = Field(
        1000, description="How many recent records that share is taken over."
    )
    dead_letter_minimum: Count = Field(
        100, description="No stop before this many dead letters in the window."
    )
    replay_attempts: Count = Field(
        3, description="Replays after which a dead letter that still fails stays where it is."
    )
