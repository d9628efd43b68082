"""How the Kafka client reaches its brokers, by the names that Kafka users know."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - pydantic reads annotations at run time
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator

from streams.settings.errors import SettingsError
from streams.settings.section import Section


class KafkaSettings(Section):
    """Of the Kafka client."""

    kafka_bootstrap_servers: str = Field(
        "localhost:9092",
        validation_alias="KAFKA_BOOTSTRAP_SERVERS",
        description="Brokers to start from, `host:port`, comma-separated.",
    )
    kafka_security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        "PLAINTEXT",
        validation_alias="KAFKA_SECURITY_PROTOCOL",
        description="How to talk to the brokers.",
    )
    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = Field(
        "PLAIN",
        validation_alias="KAFKA_SASL_MECHANISM",
        description="SASL mechanism, when the protocol is a SASL one.",
    )
    kafka_sasl_username: str | None = Field(
        None, validation_alias="KAFKA_SASL_USERNAME", description="SASL user name."
    )
    kafka_sasl_password: SecretStr | None = Field(
        None, validation_alias="KAFKA_SASL_PASSWORD", description="SASL password."
    )
    kafka_sasl_password_file: Path | None = Field(
        None,
        validation_alias="KAFKA_SASL_PASSWORD_FILE",
        description="File that holds the SASL password, instead of the variable.",
    )
    kafka_ssl_cafile: Path | None = Field(
        None,
        validation_alias="KAFKA_SSL_CAFILE",
        description="PEM file of the authorities that may sign a broker's certificate.",
    )
    kafka_ssl_certfile: Path | None = Field(
        None,
        validation_alias="KAFKA_SSL_CERTFILE",
        description="PEM file of the client's certificate, for mutual TLS.",
    )
    kafka_ssl_keyfile: Path | None = Field(
        None,
        validation_alias="KAFKA_SSL_KEYFILE",
        description="PEM file of the client's private key, for mutual TLS.",
    )
    kafka_ssl_key_password: SecretStr | None = Field(
        None,
        validation_alias="KAFKA_SSL_KEY_PASSWORD",
        description="Password of the private key.",
    )

    @model_validator(mode="after")
    def _credentials_fit_the_protocol(self) -> Self:
        if self.kafka_security_protocol.startswith("SASL"):
            if self.kafka_sasl_username is None:
                msg = "KAFKA_SASL_USERNAME is needed for KAFKA_SECURITY_PROTOCOL=" + str(
                    self.kafka_security_protocol
                )
                raise ValueError(msg)
            if self.kafka_sasl_password is None and self.kafka_sasl_password_file is None:
                msg = "KAFKA_SASL_PASSWORD or KAFKA_SASL_PASSWORD_FILE is needed for SASL"
                raise ValueError(msg)
        if (self.kafka_ssl_certfile is None) != (self.kafka_ssl_keyfile is None):
            msg = "KAFKA_SSL_CERTFILE and KAFKA_SSL_KEYFILE go together"
            raise ValueError(msg)
        return self

    def sasl_password(self) -> str | None:
        """Return the SASL password, from the variable or from the file.

        Raises
        ------
        SettingsError
            The password file cannot be read.
        """
        if self.kafka_sasl_password is not None:
            return self.kafka_sasl_password.get_secret_value()
        if self.kafka_sasl_password_file is None:
            return None
        try:
            return self.kafka_sasl_password_file.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SettingsError(
                f"KAFKA_SASL_PASSWORD_FILE: cannot read {self.kafka_sasl_password_file}:"
                f" {error.strerror}"
            ) from error
