"""Security settings become client arguments in one place, and errors name the setting."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from streams.client import aiokafka_options, faust_broker, faust_credentials
from streams.settings import SettingsError, load_settings

if TYPE_CHECKING:
    from pathlib import Path


def test_brokers_are_split_for_each_client() -> None:
    settings = load_settings(kafka_bootstrap_servers="a:1, b:2")

    assert aiokafka_options(settings)["bootstrap_servers"] == ["a:1", "b:2"]
    assert faust_broker(settings) == ["kafka://a:1", "kafka://b:2"]
    assert faust_credentials(settings) is None


def test_scram_over_tls_reaches_both_clients(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hunter2\n")
    settings = load_settings(
        kafka_security_protocol="SASL_SSL",
        kafka_sasl_mechanism="SCRAM-SHA-512",
        kafka_sasl_username="u",
        kafka_sasl_password_file=secret,
    )

    options, credentials = aiokafka_options(settings), faust_credentials(settings)

    assert options["sasl_mechanism"] == "SCRAM-SHA-512"
    assert options["sasl_plain_password"] == "hunter2"
    assert options["ssl_context"].check_hostname
    assert credentials is not None
    assert credentials.username == "u"
    assert credentials.password == "hunter2"


@pytest.mark.parametrize("content", [None, "no certificate"], ids=["missing", "not PEM"])
def test_an_unusable_ca_file_is_named_by_its_variable(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content)
    settings = load_settings(kafka_security_protocol="SSL", kafka_ssl_cafile=path)

    with pytest.raises(SettingsError, match="KAFKA_SSL_CAFILE"):
        aiokafka_options(settings)
