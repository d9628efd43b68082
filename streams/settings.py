"""Every setting of the service, in one frozen and typed place.

Ours carry the prefix ``ESCALATION_``; those of the Kafka client have the names that Kafka users
know (``KAFKA_BOOTSTRAP_SERVERS``, ``KAFKA_SASL_MECHANISM``, ...). A variable with our prefix that
names no setting is an error, since a misspelt setting that is silently ignored costs a night.
"""

from __future__ import annotations

import difflib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "ESCALATION_"
KAFKA_PREFIX = "KAFKA_"
STATE_TABLE = "state"
"""Name of the incidents' Faust table."""

Seconds = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(ge=1)]


class SettingsError(ValueError):
    """The environment holds a setting that cannot be used; the message names it."""


class Settings(BaseSettings):
    """What the service was told, from the environment. Immutable."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        frozen=True,
        extra="forbid",
        populate_by_name=True,
    )

    # The Kafka client
    kafka_bootstrap_servers: str = Field(
        "localhost:9092",
        validation_alias="KAFKA_BOOTSTRAP_SERVERS",
        description="Brokers to start from, `host:port`, comma-separated.",
    )
    kafka_security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        "PLAINTEXT",
        validation_alias="KAFKA_SECURITY_PROTOCOL",
        description="How to talk to the brokers.",
    )
    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = Field(
        "PLAIN",
        validation_alias="KAFKA_SASL_MECHANISM",
        description="SASL mechanism, when the protocol is a SASL one.",
    )
    kafka_sasl_username: str | None = Field(
        None, validation_alias="KAFKA_SASL_USERNAME", description="SASL user name."
    )
    kafka_sasl_password: SecretStr | None = Field(
        None, validation_alias="KAFKA_SASL_PASSWORD", description="SASL password."
    )
    kafka_sasl_password_file: Path | None = Field(
        None,
        validation_alias="KAFKA_SASL_PASSWORD_FILE",
        description="File that holds the SASL password, instead of the variable.",
    )
    kafka_ssl_cafile: Path | None = Field(
        None,
        validation_alias="KAFKA_SSL_CAFILE",
        description="PEM file of the authorities that may sign a broker's certificate.",
    )
    kafka_ssl_certfile: Path | None = Field(
        None,
        validation_alias="KAFKA_SSL_CERTFILE",
        description="PEM file of the client's certificate, for mutual TLS.",
    )
    kafka_ssl_keyfile: Path | None = Field(
        None,
        validation_alias="KAFKA_SSL_KEYFILE",
        description="PEM file of the client's private key, for mutual TLS.",
    )
    kafka_ssl_key_password: SecretStr | None = Field(
        None,
        validation_alias="KAFKA_SSL_KEY_PASSWORD",
        description="Password of the private key.",
    )

    # Topics and groups
    items_topic: str = Field("news.items", description="News items come in here.")
    signals_topic: str = Field(
        "escalation.signals", description="Scored items with a cue, between the two stages."
    )
    alerts_topic: str = Field("escalation.alerts", description="Alerts go out here.")
    dead_letters_topic: str = Field(
        "news.items.dlq", description="Records that could not be processed, bytes intact."
    )
    tension_topic: str = Field(
        "escalation.tension", description="Tension per pair of states goes out here (compacted)."
    )
    feedback_topic: str = Field(
        "escalation.feedback", description="Analysts' verdicts come in here."
    )
    webhooks_dead_letters_topic: str = Field(
        "escalation.webhooks.dlq", description="Alerts that a webhook's target did not take."
    )
    group: str = Field(
        "escalation",
        description="Consumer groups are `<group>-score`, `-incidents` and `-webhook-<target>`.",
    )
    partitions: Count = Field(4, description="Partitions of a topic that we create.")
    replication_factor: Count = Field(1, description="Replicas of a topic that we create.")

    # The score stage
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
        8 * 1024 * 1024, description="Bytes fetched for one partition in one request, at most."
    )
    max_item_bytes: Count = Field(
        1024 * 1024, description="A larger record is dead-lettered unread (stage `decode`)."
    )
    max_record_bytes: Count = Field(
        4 * 1024 * 1024,
        description="`max.message.bytes` of the items topic; dead letters get 64 KiB more.",
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

    # The incidents stage
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

    # Webhooks
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

    # Life and health
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
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least severe log event that is written."
    )

    @model_validator(mode="after")
    def _credentials_fit_the_protocol(self) -> Self:
        if self.kafka_security_protocol.startswith("SASL"):
            if self.kafka_sasl_username is None:
                msg = "KAFKA_SASL_USERNAME is needed for KAFKA_SECURITY_PROTOCOL=" + str(
                    self.kafka_security_protocol
                )
                raise ValueError(msg)
            if self.kafka_sasl_password is None and self.kafka_sasl_password_file is None:
                msg = "KAFKA_SASL_PASSWORD or KAFKA_SASL_PASSWORD_FILE is needed for SASL"
                raise ValueError(msg)
        if (self.kafka_ssl_certfile is None) != (self.kafka_ssl_keyfile is None):
            msg = "KAFKA_SSL_CERTFILE and KAFKA_SSL_KEYFILE go together"
            raise ValueError(msg)
        return self

    @property
    def score_group(self) -> str:
        """Consumer group of the score stage."""
        return f"{self.group}-score"

    @property
    def incidents_group(self) -> str:
        """Consumer group (and Faust app id) of the incidents stage."""
        return f"{self.group}-incidents"

    def webhook_group(self, target: str) -> str:
        """Return the consumer group of one webhook's target."""
        return f"{self.group}-webhook-{target}"

    @property
    def state_topic(self) -> str:
        """Changelog of the incidents' table, as Faust names it."""
        return f"{self.incidents_group}-{STATE_TABLE}-changelog"

    @property
    def cache(self) -> Path:
        """Directory for caches and state, with ``~`` expanded."""
        return self.data_dir.expanduser()

    def sasl_password(self) -> str | None:
        """Return the SASL password, from the variable or from the file.

        Raises
        ------
        SettingsError
            The password file cannot be read.
        """
        if self.kafka_sasl_password is not None:
            return self.kafka_sasl_password.get_secret_value()
        if self.kafka_sasl_password_file is None:
            return None
        try:
            return self.kafka_sasl_password_file.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SettingsError(
                f"KAFKA_SASL_PASSWORD_FILE: cannot read {self.kafka_sasl_password_file}:"
                f" {error.strerror}"
            ) from error


def variable_of(field: str) -> str:
    """Return the environment variable that sets ``field``."""
    return field.upper() if field.startswith("kafka_") else f"{PREFIX}{field.upper()}"


def load_settings(**overrides: Any) -> Settings:
    """Read the settings from the environment.

    Parameters
    ----------
    **overrides
        Settings by field name that win over the environment (the command line's options); None
        means not given.

    Raises
    ------
    SettingsError
        A variable is unknown or its value cannot be used. Every fault is in the message, by the
        variable's name; no value of a secret is.
    """
    _refuse_unknown(os.environ)
    try:
        return Settings(**{name: value for name, value in overrides.items() if value is not None})
    except ValidationError as error:
        raise SettingsError("\n".join(_explain(fault) for fault in error.errors())) from None


def _refuse_unknown(env: Mapping[str, str]) -> None:
    known = [variable_of(field) for field in Settings.model_fields]
    for name in sorted(env):
        if name.startswith(PREFIX) and name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise SettingsError(f"{name} is not a setting{hint}")


def _explain(fault: Any) -> str:
    location = fault["loc"]
    name = variable_of(str(location[0]).lower()) if location else "settings"
    message = str(fault["msg"]).removeprefix("Value error, ")
    return message if message.startswith(KAFKA_PREFIX) else f"{name}: {message}"


def effective(settings: Settings) -> dict[str, str]:
    """Return every setting by its variable's name, secrets masked."""
    shown: dict[str, str] = {}
    for field in Settings.model_fields:
        value = getattr(settings, field)
        shown[variable_of(field)] = "" if value is None else str(value)
    return shown


def settings_table() -> str:
    """Return the Markdown table of all settings that the README carries."""
    rows = ["| variable | default | what it does |", "|---|---|---|"]
    for field, info in Settings.model_fields.items():
        default = "" if info.default is None else f"`{info.default}`"
        rows.append(f"| `{variable_of(field)}` | {default} | {info.description} |")
    return "\n".join(rows)
