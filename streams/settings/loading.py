"""Reads the settings from the environment; every fault is told at once, by its variable's name."""

from __future__ import annotations

import difflib
import os
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from streams.settings.errors import SettingsError
from streams.settings.variables import KAFKA_PREFIX, PREFIX, variable_of
from streams.settings.whole import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping


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
