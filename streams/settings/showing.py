"""The settings as a person reads them: those in effect, and the README's table."""

from __future__ import annotations

from streams.settings.variables import variable_of
from streams.settings.whole import Settings


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
