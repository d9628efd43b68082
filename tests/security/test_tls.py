"""TLS and SASL on an Apache Kafka that demands them: who is let in, and what is said to who is not.

No message, log, metric or traceback holds a secret: each output is searched for it.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
import trustme
from harness.cli import escalation
from harness.kafka import read_all, send
from harness.secured import SecuredKafka, entering
from pydantic import SecretStr

from streams.client import aiokafka_options
from streams.records import Message
from streams.settings import SettingsError, load_settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streams.settings import Settings

    Way: TypeAlias = Callable[[SecuredKafka, Path], Settings]

pytestmark = pytest.mark.kafka

WRONG = "hunter2-wrong-word"
EXPIRED = datetime(2020, 1, 1, tzinfo=UTC)
SECONDS = 60
"""Bound of a refusal: it takes about a second, on a busy machine some more."""


def changed(settings: Settings, **fields: Any) -> Settings:
    return settings.model_copy(update=fields)


def wrong_password(mechanism: str) -> Way:
    return lambda broker, _: changed(
        broker.sasl("stranger", mechanism), kafka_sasl_password=SecretStr(WRONG)
    )


def at(listener: str, host: str = "127.0.0.1", **fields: Any) -> Way:
    return lambda broker, _: changed(
        broker.sasl("stranger"),
        kafka_bootstrap_servers=broker.address(listener).replace("127.0.0.1", host),
        **fields,
    )


def other_authority(broker: SecuredKafka, directory: Path) -> Settings:
    trustme.CA().cert_pem.write_to_path(directory / "other.pem")
    return changed(broker.sasl("stranger"), kafka_ssl_cafile=directory / "other.pem")


def certificate(**how: Any) -> Way:
    def way(broker: SecuredKafka, _: Path) -> Settings:
        file, key = broker.certificate("stranger", **how) if how else (None, None)
        return changed(broker.mutual("stranger"), kafka_ssl_certfile=file, kafka_ssl_keyfile=key)

    return way


REFUSED = [
    pytest.param(wrong_password("PLAIN"), "KAFKA_SASL_PASSWORD", id="wrong password, PLAIN"),
    pytest.param(wrong_password("SCRAM-SHA-256"), "KAFKA_SASL_PASSWORD", id="SCRAM-SHA-256"),
    pytest.param(wrong_password("SCRAM-SHA-512"), "KAFKA_SASL_PASSWORD", id="SCRAM-SHA-512"),
    pytest.param(at("sasl", kafka_sasl_username="x"), "KAFKA_SASL_USERNAME", id="unknown user"),
    pytest.param(other_authority, "KAFKA_SSL_CAFILE", id="wrong CA"),
    pytest.param(
        at("expired"),
        "KAFKA_BOOTSTRAP_SERVERS: the broker's certificate is out of date",
        id="the broker's certificate has expired",
    ),
    pytest.param(
        at("sasl", "localhost"),
        "KAFKA_BOOTSTRAP_SERVERS: the broker's certificate is for another host",
        id="the broker's certificate is for another host",
    ),
    pytest.param(certificate(until=EXPIRED), "KAFKA_SSL_CERTFILE", id="ours has expired"),
    pytest.param(certificate(authority=trustme.CA()), "KAFKA_SSL_CERTFILE", id="ours is foreign"),
    pytest.param(certificate(), "KAFKA_SSL_CERTFILE", id="we have none"),
    pytest.param(at("sasl"), "(ESCALATION_ALERTS_TOPIC)", id="denied"),
    pytest.param(
        at("plain", kafka_security_protocol="SASL_PLAINTEXT"),
        "KAFKA_SECURITY_PROTOCOL",
        id="SASL where there is none",
    ),
    pytest.param(
        at("sasl", kafka_security_protocol="PLAINTEXT"),
        "KAFKA_SECURITY_PROTOCOL=PLAINTEXT",
        id="no TLS where there is",
    ),
]


def secrets(broker: SecuredKafka) -> list[str]:
    return [WRONG, *broker.passwords.values(), "PRIVATE KEY"]


@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"])
def test_a_user_with_the_password_sends_and_reads(operator: Settings, mechanism: str) -> None:
    user = changed(operator, kafka_sasl_mechanism=mechanism)

    send(user, [Message(user.items_topic, b"k", b"{}")])

    assert [record.key for record in read_all(user, user.items_topic)] == [b"k"]


@pytest.mark.usefixtures("operator")
def test_a_user_with_a_certificate_sends_and_reads(secured: SecuredKafka, own: Settings) -> None:
    user = entering(own, secured.mutual("operator"))

    send(user, [Message(user.items_topic, b"k", b"{}")])

    assert [record.key for record in read_all(user, user.items_topic)] == [b"k"]


@pytest.mark.parametrize(("way", "words"), REFUSED)
def test_who_is_refused_is_told_the_setting_and_no_secret(
    secured: SecuredKafka, own: Settings, tmp_path: Path, way: Way, words: str
) -> None:
    """One line, exit code 1, in bounded time."""
    settings = entering(own, way(secured, tmp_path))

    done = escalation(settings, "alerts", seconds=SECONDS)

    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert not [secret for secret in secrets(secured) if secret in done.stdout + done.stderr]


@pytest.mark.parametrize("way", [wrong_password("SCRAM-SHA-512"), at("sasl")], ids=["who", "what"])
@pytest.mark.parametrize(
    "command", ["topics check", "topics create", "feed", "dlq stats", "dlq replay", "alerts"]
)
def test_every_command_tells_it(
    secured: SecuredKafka, own: Settings, tmp_path: Path, command: str, way: Way
) -> None:
    settings = entering(own, way(secured, tmp_path))

    done = escalation(settings, *command.split(), seconds=SECONDS)

    assert done.returncode == 1
    assert re.search("KAFKA_SASL_PASSWORD|KAFKA_SASL_USERNAME", done.stderr)
    assert "Traceback" not in done.stderr
    assert not [secret for secret in secrets(secured) if secret in done.stdout + done.stderr]


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize(
    ("way", "words"),
    [
        pytest.param(wrong_password("SCRAM-SHA-256"), "KAFKA_SASL_PASSWORD", id="password"),
        pytest.param(other_authority, "KAFKA_SSL_CAFILE", id="wrong CA"),
        pytest.param(at("sasl"), "(ESCALATION_ITEMS_TOPIC)", id="denied"),
    ],
)
def test_a_worker_that_is_refused_stops_and_says_why(
    secured: SecuredKafka, own: Settings, tmp_path: Path, way: Way, words: str
) -> None:
    """Retries do not mend it; nothing of its debug log is a secret, in either format."""
    settings = entering(own, way(secured, tmp_path))
    for format_ in ("json", "console"):
        told = changed(settings, log_level="debug", log_format=format_, http_port=0)
        done = escalation(told, "worker", seconds=SECONDS)

        assert done.returncode == 1
        assert words in done.stderr
        assert not [secret for secret in secrets(secured) if secret in done.stdout + done.stderr]


def test_the_key_that_its_password_does_not_open_is_named_without_the_password(
    tmp_path: Path,
) -> None:
    authority = trustme.CA()
    issued = authority.issue_cert("127.0.0.1")
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    issued.cert_chain_pems[0].write_to_path(tmp_path / "own.pem")
    (tmp_path / "own.key").write_text("-----BEGIN ENCRYPTED " + "PRIVATE KEY-----\nAAAA\n")
    settings = load_settings(
        kafka_security_protocol="SSL",
        kafka_ssl_cafile=tmp_path / "ca.pem",
        kafka_ssl_certfile=tmp_path / "own.pem",
        kafka_ssl_keyfile=tmp_path / "own.key",
        kafka_ssl_key_password=WRONG,
    )

    with pytest.raises(SettingsError, match="KAFKA_SSL_KEYFILE") as raised:
        aiokafka_options(settings)
    assert WRONG not in str(raised.value)


def test_config_masks_every_secret(secured: SecuredKafka) -> None:
    settings = changed(secured.sasl("stranger"), kafka_ssl_key_password=SecretStr(WRONG))

    done = escalation(settings, "config")

    assert done.returncode == 0
    assert "KAFKA_SASL_PASSWORD" in done.stdout
    assert not [secret for secret in secrets(secured) if secret in done.stdout + done.stderr]
