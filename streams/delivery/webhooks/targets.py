"""The targets of webhooks: a TOML or JSON file, typed; secrets come from elsewhere.

[[targets]]
name = "desk"
kind = "generic"
url = "https://hooks.example/escalation"
secret_env = "DESK_SECRET"
only = { min_severity = "high", countries = ["Thailand"] }
"""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from streams.selection import Selection, SelectionError
from streams.settings import SettingsError

Seconds = Annotated[float, msgspec.Meta(gt=0)]
Count = Annotated[int, msgspec.Meta(ge=1)]
Kind = Literal["generic", "slack", "alertmanager"]


class TargetsError(SettingsError):
    """The file of targets cannot be used; the message names the target and the field."""


class Only(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which alerts a target gets; what is not given lets everything pass."""

    min_severity: str | None = None
    cues: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()

    def selection(self) -> Selection:
        """Return the filter.

        Raises
        ------
        SelectionError
            A filter names what there is not.
        """
        return Selection.of(
            min_severity=self.min_severity,
            cues=self.cues,
            countries=self.countries,
            steps=self.steps,
        )


class Target(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One target.

    Attributes
    ----------
    name
        Small letters, digits and hyphens; part of the consumer group's name.
    kind
        ``generic``: a signed CloudEvent; ``slack``: a message with `text` and `blocks`;
        ``alertmanager``: the API version 2 of an Alertmanager at this address.
    url, url_env, url_file
        Where to, or the environment variable or file that says it (Slack's address is a secret).
    secret_env, secret_file
        Where the signing secrets are, ``whsec_...`` each; the first one signs first, all sign.
    authorization_env, authorization_file
        Where the value of an `Authorization` header is.
    ca_file
        PEM file of the authorities that may sign the target's certificate.
    only
        Which alerts.
    start
        Where a target begins that was never sent anything.
    timeout
        Seconds that one attempt may take.
    attempts
        After so many an alert goes to the dead letters.
    backoff, backoff_max
        First and longest pause in seconds between attempts.
    retry_after_max
        Longest pause in seconds that the target may ask for.
    circuit_failures, circuit_pause
        After so many failures in a row nothing is sent for so many seconds, doubling to
        ``backoff_max``; then one attempt tries.
    firing_for
        Seconds that an Alertmanager keeps an incident firing without news of it.
    remind
        Seconds after which an Alertmanager is told again what fires: it forgets when it restarts.
    allow_http
        Whether the address may be plain http.
    allow_private
        Whether the address may be private, of this host or of this link.
    """

    name: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    kind: Kind
    url: str | None = None
    url_env: str | None = None
    url_file: Path | None = None
    secret_env: str | None = None
    secret_file: Path | None = None
    authorization_env: str | None = None
    authorization_file: Path | None = None
    ca_file: Path | None = None
    only: Only = Only()
    start: Literal["latest", "earliest"] = "latest"
    timeout: Seconds = 10.0
    attempts: Count = 12
    backoff: Seconds = 1.0
    backoff_max: Seconds = 300.0
    retry_after_max: Seconds = 3600.0
    circuit_failures: Count = 5
    circuit_pause: Seconds = 30.0
    firing_for: Seconds = 7 * 86400.0
    remind: Seconds = 60.0
    allow_http: bool = False
    allow_private: bool = False


def load_targets(path: Path) -> tuple[Target, ...]:
    """Read the targets from a file, TOML or JSON by its name.

    Raises
    ------
    TargetsError
        The file or a field cannot be used.
    """
    raw = _parsed(path)
    if set(raw) - {"targets"}:
        raise TargetsError(f"{path}: {min(set(raw) - {'targets'})}: only `targets` belongs here")
    if not isinstance(raw.get("targets"), list) or not raw["targets"]:
        raise TargetsError(f"{path}: targets: a list of at least one target is needed")
    targets = tuple(
        _target(f"{path}: targets[{place}]", each) for place, each in enumerate(raw["targets"])
    )
    for name, count in Counter(target.name for target in targets).items():
        if count > 1:
            raise TargetsError(f"{path}: name: {name} is given {count} times")
    return targets


def _parsed(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
        raw = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except OSError as error:
        raise TargetsError(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise TargetsError(f"{path}: {error}") from error
    if not isinstance(raw, dict):
        raise TargetsError(f"{path}: targets: a list of at least one target is needed")
    return raw


def _target(place: str, raw: Any) -> Target:
    try:
        target = msgspec.convert(raw, Target, dec_hook=_as_path)
        target.only.selection()
    except msgspec.ValidationError as error:
        raise TargetsError(f"{place}: {_by_field(str(error))}") from error
    except SelectionError as error:
        raise TargetsError(f"{place}: only.{error}") from error
    return target


def _as_path(kind: type, value: Any) -> Any:
    """Return a path that a file names; msgspec reads no paths by itself."""
    if kind is not Path:
        raise NotImplementedError
    if not isinstance(value, str):
        raise TypeError(f"Expected `str`, got `{type(value).__name__}`")
    return Path(value)


def _by_field(message: str) -> str:
    """Put the field in front: msgspec says ``... - at `$.url```."""
    what, _, where = message.partition(" - at `$.")
    return f"{where.rstrip('`')}: {what}" if where else what
