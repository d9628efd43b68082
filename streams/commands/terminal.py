"""What all commands share: the two consoles, the settings, and how a command fails."""

from __future__ import annotations

from typing import NoReturn

import typer
from rich.console import Console

from streams.settings import Settings, SettingsError, load_settings

console = Console()
errors = Console(stderr=True)


def settings_or_fail() -> Settings:
    """Return the settings; end the command with what is wrong with them."""
    try:
        return load_settings()
    except SettingsError as error:
        fail(str(error))


def fail(message: str) -> NoReturn:
    """Print an error that the user can mend and end the command with exit code 1."""
    tell_error(message)
    raise typer.Exit(1)


def tell_error(message: str) -> None:
    """Print an error as it stands: no markup is read in it."""
    errors.print(message, style="red", markup=False, highlight=False)
