"""Settings: one typed object, and errors that name the variable."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from streams.settings import SettingsError, effective, load_settings, settings_table


def test_a_misspelt_variable_is_an_error_that_suggests_the_right_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ESCALATION_PARTITION", "8")

    with pytest.raises(SettingsError, match=r"did you mean ESCALATION_PARTITIONS\?"):
        load_settings()


def test_every_bad_value_is_named_by_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESCALATION_PARTITIONS", "many")
    monkeypatch.setenv("KAFKA_SECURITY_PROTOCOL", "TLS")

    with pytest.raises(SettingsError) as caught:
        load_settings()

    assert "ESCALATION_PARTITIONS: " in str(caught.value)
    assert "KAFKA_SECURITY_PROTOCOL: " in str(caught.value)


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        pytest.param({}, "KAFKA_SASL_USERNAME", id="no user"),
        pytest.param({"KAFKA_SASL_USERNAME": "u"}, "KAFKA_SASL_PASSWORD", id="no password"),
    ],
)
def test_a_sasl_protocol_without_credentials_is_refused(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], named: str
) -> None:
    monkeypatch.setenv("KAFKA_SECURITY_PROTOCOL", "SASL_SSL")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError, match=named):
        load_settings()


def test_a_password_is_masked_wherever_settings_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAFKA_SASL_PASSWORD", "hunter2")
    settings = load_settings()

    assert "hunter2" not in "".join([*effective(settings).values(), repr(settings)])
    assert settings.sasl_password() == "hunter2"


def test_an_unreadable_password_file_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAFKA_SASL_PASSWORD_FILE", "/nowhere/secret")

    with pytest.raises(SettingsError, match=r"KAFKA_SASL_PASSWORD_FILE: .*/nowhere/secret"):
        load_settings().sasl_password()


def test_settings_cannot_be_changed() -> None:
    settings = load_settings()

    with pytest.raises(ValidationError):
        settings.partitions = 9


def test_an_option_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESCALATION_PARTITIONS", "8")

    assert load_settings(partitions=2, group=None).partitions == 2


def test_the_table_has_every_variable_once() -> None:
    table = settings_table()

    assert all(table.count(f"| `{name}` |") == 1 for name in effective(load_settings()))
