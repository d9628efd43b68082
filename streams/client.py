"""From the settings to the arguments of each Kafka client; security is mapped only here."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Any, TypeVar

import faust
from faust.types.auth import SASLMechanism

from streams.settings import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from faust.types.auth import CredentialsT

    from streams.settings import Settings


T = TypeVar("T")


def aiokafka_options(settings: Settings) -> dict[str, Any]:
    """Return the connection arguments that any aiokafka client takes.

    Raises
    ------
    SettingsError
        A file of the TLS or SASL settings cannot be used; the message names the variable.
    """
    options: dict[str, Any] = {
        "bootstrap_servers": [
            server.strip() for server in settings.kafka_bootstrap_servers.split(",")
        ],
        "security_protocol": settings.kafka_security_protocol,
    }
    if settings.kafka_security_protocol.endswith("SSL"):
        options["ssl_context"] = ssl_context(settings)
    if settings.kafka_security_protocol.startswith("SASL"):
        options |= {
            "sasl_mechanism": settings.kafka_sasl_mechanism,
            "sasl_plain_username": settings.kafka_sasl_username,
            "sasl_plain_password": settings.sasl_password(),
        }
    return options


def faust_broker(settings: Settings) -> list[str]:
    """Return the brokers as the URLs that Faust takes."""
    return [f"kafka://{server.strip()}" for server in settings.kafka_bootstrap_servers.split(",")]


def faust_credentials(settings: Settings) -> CredentialsT | None:
    """Return Faust's credentials object, or None for a plain-text broker."""
    protocol = settings.kafka_security_protocol
    if protocol == "PLAINTEXT":
        return None
    context = ssl_context(settings) if protocol.endswith("SSL") else None
    if protocol == "SSL":
        return faust.SSLCredentials(context)
    return faust.SASLCredentials(
        username=settings.kafka_sasl_username,
        password=settings.sasl_password(),
        mechanism=SASLMechanism(settings.kafka_sasl_mechanism),
        ssl_context=context,
    )


def ssl_context(settings: Settings) -> ssl.SSLContext:
    """Return a context that verifies the broker's certificate and its host name.

    Raises
    ------
    SettingsError
        One of the PEM files is missing or is not what it should be.
    """
    context = _from_file(
        "KAFKA_SSL_CAFILE",
        settings.kafka_ssl_cafile,
        lambda path: ssl.create_default_context(cafile=path),
    )
    if settings.kafka_ssl_certfile is not None:
        secret = settings.kafka_ssl_key_password
        _from_file(
            "KAFKA_SSL_CERTFILE or KAFKA_SSL_KEYFILE",
            settings.kafka_ssl_certfile,
            lambda path: context.load_cert_chain(
                str(path),
                keyfile=settings.kafka_ssl_keyfile,
                # An empty password keeps OpenSSL from asking at the terminal.
                password=secret.get_secret_value() if secret else "",
            ),
        )
    return context


def _from_file(variable: str, path: Path | None, read: Callable[[Path | None], T]) -> T:
    try:
        return read(path)
    except (OSError, ssl.SSLError) as error:
        reason = error.strerror or str(error)
        raise SettingsError(f"{variable}: cannot use {path}: {reason}") from error
