"""What a broker refuses for good, in words that name the setting to mend.

The client hides why it found no broker: it logs the reason and raises a bare connection error. So
`refusal` asks each broker once more, over a connection of its own, and reads the reason there.
"""

from __future__ import annotations

import asyncio
import ssl
from typing import TYPE_CHECKING, TypeAlias

from aiokafka.conn import collect_hosts, create_conn
from aiokafka.errors import (
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    IllegalSaslStateError,
    KafkaConnectionError,
    KafkaError,
    SaslAuthenticationFailed,
    TopicAuthorizationFailedError,
    TransactionalIdAuthorizationFailed,
    UnknownTopicOrPartitionError,
    UnsupportedSaslMechanismError,
)

from streams.client import aiokafka_options
from streams.settings import variable_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.settings import Settings

Words: TypeAlias = str

PROBE_SECONDS = 5.0
"""How long one broker may take to say why it refuses us."""

# Verification results of OpenSSL (openssl/x509_vfy.h) that are the certificate's own fault.
NOT_YET_VALID, EXPIRED, WRONG_HOST, WRONG_ADDRESS = 9, 10, 62, 64

DENIED = (
    TopicAuthorizationFailedError,
    GroupAuthorizationFailedError,
    ClusterAuthorizationFailedError,
    TransactionalIdAuthorizationFailed,
)


NAMELESS = "any topic that it would write to (a producer needs Write on one)"
"""What is denied where the broker names nothing: to an idempotent producer, its number."""


class AccessError(RuntimeError):
    """A broker refuses us, and no retry mends it; the message names the setting, and no secret."""


async def refusal(
    settings: Settings, error: BaseException, *, seconds: float = PROBE_SECONDS
) -> AccessError | None:
    """Return why a broker refuses us for good, or None when the error is worth a retry.

    Parameters
    ----------
    settings
        How we present ourselves.
    error
        What a client has raised.
    seconds
        How long each bootstrap server may take to tell why; only for a connection error.
    """
    for each in _causes(error):
        if (words := _explained(settings, each)) is not None:
            return AccessError(words)
    if not isinstance(error, KafkaConnectionError):
        return None
    return await _asked(settings, seconds)


async def told(settings: Settings, error: KafkaError) -> str:
    """Return an error of the client as one line for a person at a terminal."""
    refused = await refusal(settings, error)
    if refused is not None:
        return str(refused)
    if isinstance(error, KafkaConnectionError):
        return (
            f"KAFKA_BOOTSTRAP_SERVERS: no broker answers at {settings.kafka_bootstrap_servers}"
            f" with KAFKA_SECURITY_PROTOCOL={settings.kafka_security_protocol}"
        )
    if isinstance(error, UnknownTopicOrPartitionError) and error.args:
        return f"there is no topic {_named(settings, error.args[0])}; see `escalation topics check`"
    return str(error)


async def _asked(settings: Settings, seconds: float) -> AccessError | None:
    """Ask each bootstrap server; one that lets us in, or none that says no, is no refusal."""
    options = aiokafka_options(settings)
    found: AccessError | None = None
    for host, port, _ in collect_hosts(options.pop("bootstrap_servers"), randomize=False):
        try:
            async with asyncio.timeout(seconds):
                connection = await create_conn(host, port, **options)
        except (OSError, KafkaError, ValueError, AssertionError) as error:
            words = next(
                filter(None, (_explained(settings, each) for each in _causes(error))), None
            )
            if words is not None:
                found = AccessError(f"{words} (broker {host}:{port})")
        else:
            await connection.close()
            return None
    return found


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def _explained(settings: Settings, error: BaseException) -> Words | None:
    if isinstance(error, ssl.SSLError):
        return _tls(settings, error)
    if isinstance(error, DENIED):
        return _denied(settings, error)
    return _sasl(settings, error)


def _sasl(settings: Settings, error: BaseException) -> Words | None:
    if isinstance(error, UnsupportedSaslMechanismError):
        mechanism = settings.kafka_sasl_mechanism
        return f"KAFKA_SASL_MECHANISM: the broker does not offer {mechanism}"
    if isinstance(error, IllegalSaslStateError):
        return "KAFKA_SECURITY_PROTOCOL: the broker expects no SASL here"
    if isinstance(error, SaslAuthenticationFailed):
        return (
            "KAFKA_SASL_USERNAME or KAFKA_SASL_PASSWORD: the broker does not accept them"
            f" (user {settings.kafka_sasl_username}, {settings.kafka_sasl_mechanism})"
        )
    if isinstance(error, ValueError) and "Server" in str(error):
        # SCRAM is mutual: this broker does not know the password that it should compare.
        return "KAFKA_BOOTSTRAP_SERVERS: the broker could not prove that it knows the password"
    return None


def _tls(settings: Settings, error: ssl.SSLError) -> Words | None:
    if isinstance(error, ssl.SSLCertVerificationError):
        code, why = error.verify_code, error.verify_message
        if code in (EXPIRED, NOT_YET_VALID):
            return f"KAFKA_BOOTSTRAP_SERVERS: the broker's certificate is out of date: {why}"
        if code in (WRONG_HOST, WRONG_ADDRESS):
            return f"KAFKA_BOOTSTRAP_SERVERS: the broker's certificate is for another host: {why}"
        return (
            f"KAFKA_SSL_CAFILE: the broker's certificate is not signed by an authority there: {why}"
        )
    alert = error.reason or ""
    if "ALERT" not in alert or not any(w in alert for w in ("CERTIFICATE", "UNKNOWN_CA")):
        return None
    given = settings.kafka_ssl_certfile or "none"
    return f"KAFKA_SSL_CERTFILE: the broker does not accept our certificate ({given}): {alert}"


def _denied(settings: Settings, error: KafkaError) -> Words:
    resource = error.args[0] if error.args else None
    names = [resource] if isinstance(resource, str) else sorted(resource or ())
    what = ", ".join(_named(settings, name) for name in names) or NAMELESS
    return (
        f"KAFKA_SASL_USERNAME or KAFKA_SSL_CERTFILE: the broker denies this user access to {what};"
        " `escalation topics acls` prints what the service needs"
    )


def _named(settings: Settings, name: str) -> str:
    """Return a topic or group with the setting that names it."""
    fields = (each for each in type(settings).model_fields if getattr(settings, each) == name)
    field = "group" if name in (settings.score_group, settings.incidents_group) else None
    field = field or next(fields, None)
    return name if field is None else f"{name} ({variable_of(field)})"
