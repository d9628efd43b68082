"""The incidents stage: time, cool-downs, bounds of its state, tension."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from streams.settings.section import Count, Seconds, Section


class IncidentSettings(Section):
    """Of the incidents stage."""

    time_source: Literal["wall", "event"] = Field(
        "wall",
        description="What tells the incidents the time: `wall`, with publication times believed"
        " within bounds, or `event`, publication times alone, as a replay needs.",
    )
    future_bound: Seconds = Field(
        600.0, description="Seconds after its arrival that a publication time is believed."
    )
    past_bound: Seconds = Field(
        259200.0,
        description="Seconds before its arrival that a publication time is news; older is stale.",
    )
    lateness: Seconds = Field(
        3600.0, description="Seconds behind its partition's clock from which an item is late."
    )
    cooldown_critical: Seconds = Field(
        10800.0, description="Cool-down in seconds after an alert of a critical incident."
    )
    cooldown_high: Seconds = Field(21600.0, description="The same, of a high one.")
    cooldown_medium: Seconds = Field(43200.0, description="The same, of a medium one.")
    cooldown_low: Seconds = Field(86400.0, description="The same, of a low one.")
    cooldown_info: Seconds = Field(86400.0, description="The same, of one that is calmed.")
    quiet_windows: Seconds = Field(
        4.0, description="An incident cools when quiet for so many of its cool-downs."
    )
    close_after: Seconds = Field(
        259200.0, description="Seconds of further quiet after which a cooled incident closes."
    )
    source_growth: Annotated[float, Field(gt=1)] = Field(
        3.0,
        description="New sources are told when there are so many times those of the last alert.",
    )
    key_incidents: Count = Field(
        16, description="Incidents of one key, at most; the quietest is closed to make room."
    )
    incident_texts: Count = Field(
        16, description="Different texts of an incident that a new one is compared with, at most."
    )
    incident_sources: Count = Field(
        50, description="Sources of an incident that are kept by name, at most; more are counted."
    )
    key_retention: Seconds = Field(
        86400.0, description="Seconds for which a key without incidents is kept."
    )
    idle_tick: Seconds = Field(
        5.0, description="Seconds between two looks for incidents that went quiet (`wall`)."
    )
    standby_replicas: Annotated[int, Field(ge=0)] = Field(
        0, description="Other workers that follow the state of a partition, to take over."
    )
    tension_interval: Seconds = Field(
        10.0, description="Seconds between two records of a pair's tension, at least."
    )
    tension_pairs: Count = Field(
        100, description="Pairs of states with gauges of their own; the rest is summed as `other`."
    )
    dismissal_window: Seconds = Field(
        604800.0,
        description="Seconds for which a dismissed incident is silent unless it gets worse.",
    )
