"""The error of settings."""


class SettingsError(ValueError):
    """The environment holds a setting that cannot be used; the message names it."""
