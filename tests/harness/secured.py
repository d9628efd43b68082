"""An Apache Kafka that demands TLS and a name, with certificates and users made for the run."""

from __future__ import annotations

import asyncio
import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import trustme
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.protocol.admin import CreateAclsRequest, DeleteAclsRequest
from cryptography.hazmat.primitives import serialization

from streams.local.apache import ApacheKafka
from streams.local.process import free_port
from streams.settings import Settings, load_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from streams.acls import Acl

MECHANISMS = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")
LISTENERS = ("plain", "sasl", "mutual", "expired", "controller")
HOST = "127.0.0.1"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)

# The numbers of the protocol (https://kafka.apache.org/protocol and AclOperation, ResourceType).
RESOURCES = {"Topic": 2, "Group": 3}
PATTERNS = {"LITERAL": 3, "PREFIXED": 4}
OPERATIONS = {"Read": 3, "Write": 4, "Create": 5, "Describe": 8, "DescribeConfigs": 10}
ALLOW = 3


class SecuredKafka:
    """One node: SASL over TLS, mutual TLS, a listener with an expired certificate, an authorizer.

    A plain listener is for the test itself, which is a super user there.

    Parameters
    ----------
    directory
        For the node's data and the certificates.
    users
        Names that get a password each.
    """

    def __init__(
        self, directory: Path, cache: Path, say: Callable[[str], None], users: Iterable[str]
    ) -> None:
        self._directory = directory
        directory.mkdir(parents=True, exist_ok=True)
        self._authority = trustme.CA()
        self.cafile = directory / "ca.pem"
        self._authority.cert_pem.write_to_path(self.cafile)
        self.passwords = {user: f"pw-{secrets.token_hex(12)}" for user in users}
        self._ports = {name: free_port() for name in LISTENERS}
        self._broker = ApacheKafka(
            directory / "kafka",
            cache,
            say,
            port=self._ports["plain"],
            properties=self._properties(),
            format_options=[
                option
                for user, password in self.passwords.items()
                for mechanism in MECHANISMS[1:]
                for option in ("--add-scram", f"{mechanism}=[name={user},password={password}]")
            ],
        )

    def start(self) -> None:
        """Start the node and return when it listens."""
        self._broker.start()

    def stop(self) -> None:
        """Stop the node."""
        self._broker.stop()

    def address(self, listener: str) -> str:
        """Return where a listener listens: plain, sasl, mutual or expired."""
        return f"{HOST}:{self._ports[listener]}"

    def plain(self, **fields: Any) -> Settings:
        """Return settings of a super user."""
        return load_settings(kafka_bootstrap_servers=self.address("plain"), **fields)

    def sasl(self, user: str, mechanism: str = "SCRAM-SHA-512", **fields: Any) -> Settings:
        """Return settings of a user with a password, over TLS."""
        given = {
            "kafka_bootstrap_servers": self.address("sasl"),
            "kafka_security_protocol": "SASL_SSL",
            "kafka_sasl_mechanism": mechanism,
            "kafka_sasl_username": user,
            "kafka_sasl_password": self.passwords.get(user),
            "kafka_ssl_cafile": self.cafile,
        }
        return load_settings(**given | fields)

    def mutual(self, user: str, **fields: Any) -> Settings:
        """Return settings of a user with a certificate."""
        certificate, key = self.certificate(user)
        given = {
            "kafka_bootstrap_servers": self.address("mutual"),
            "kafka_security_protocol": "SSL",
            "kafka_ssl_cafile": self.cafile,
            "kafka_ssl_certfile": certificate,
            "kafka_ssl_keyfile": key,
        }
        return load_settings(**given | fields)

    def certificate(
        self, user: str, authority: trustme.CA | None = None, until: datetime | None = None
    ) -> tuple[Path, Path]:
        """Return the files of a certificate and its key."""
        issued = (authority or self._authority).issue_cert(HOST, common_name=user, not_after=until)
        start = secrets.token_hex(4)
        files = (self._directory / f"{start}.pem", self._directory / f"{start}.key")
        files[0].write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
        files[1].write_bytes(_pkcs8(issued))
        return files

    def grant(self, user: str, acls: Iterable[Acl]) -> None:
        """Give a user some permissions."""
        asyncio.run(self._change(CreateAclsRequest, user, acls))

    def revoke(self, user: str, acls: Iterable[Acl]) -> None:
        """Take some permissions from a user."""
        asyncio.run(self._change(DeleteAclsRequest, user, acls))

    async def _change(self, request: Any, user: str, acls: Iterable[Acl]) -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=self.address("plain"))
        await admin.start()
        try:
            for acl in acls:
                resource = (RESOURCES[acl.resource], acl.name, PATTERNS[acl.pattern])
                whom = (f"User:{user}", "*", OPERATIONS[acl.operation], ALLOW)
                # aiokafka knows the request but has no public call for it.
                response = await admin._send_to_controller(request(*resource, *whom))
                rows = getattr(response, "creation_responses", None) or response.filter_responses
                assert [row[:2] for row in rows] in ([(0, None)], [(0, "")]), rows
        finally:
            await admin.close()

    def _properties(self) -> dict[str, str]:
        tls = {"ssl.keystore.type": "PEM", "ssl.truststore.type": "PEM"}
        listeners = {
            "plain": ("PLAINTEXT", {}),
            "sasl": ("SASL_SSL", self._keystore() | self._users()),
            "mutual": ("SSL", self._keystore() | {"ssl.client.auth": "required"}),
            "expired": ("SASL_SSL", self._keystore(until=LONG_AGO) | self._users()),
        }
        names = [(name.upper(), f"{HOST}:{self._ports[name]}") for name in listeners]
        own = {
            f"listener.name.{name}.{key}": value
            for name, (_, properties) in listeners.items()
            for key, value in properties.items()
        }
        return (
            tls
            | own
            | {
                "listeners": ",".join(f"{name}://{at}" for name, at in names)
                + f",CONTROLLER://{HOST}:{self._ports['controller']}",
                "advertised.listeners": ",".join(f"{name}://{at}" for name, at in names),
                "controller.quorum.voters": f"1@{HOST}:{self._ports['controller']}",
                "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,"
                + ",".join(
                    f"{name.upper()}:{protocol}" for name, (protocol, _) in listeners.items()
                ),
                "inter.broker.listener.name": "PLAIN",
                "sasl.enabled.mechanisms": ",".join(MECHANISMS),
                "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "super.users": "User:ANONYMOUS",
                "ssl.principal.mapping.rules": "RULE:^.*CN=([^,]+).*$/$1/,DEFAULT",
            }
        )

    def _keystore(self, until: datetime | None = None) -> dict[str, str]:
        certificate, key = self.certificate("broker", until=until)
        store = certificate.with_suffix(".store")
        store.write_bytes(key.read_bytes() + certificate.read_bytes())
        return {"ssl.keystore.location": str(store), "ssl.truststore.location": str(self.cafile)}

    def _users(self) -> dict[str, str]:
        package = "org.apache.kafka.common.security"
        users = " ".join(f'user_{name}="{word}"' for name, word in self.passwords.items())
        scram = f"{package}.scram.ScramLoginModule required;"
        return {
            "plain.sasl.jaas.config": f"{package}.plain.PlainLoginModule required {users};",
            "scram-sha-256.sasl.jaas.config": scram,
            "scram-sha-512.sasl.jaas.config": scram,
        }


def entering(own: Settings, way: Settings) -> Settings:
    """Return settings with the topics of one and the way in of another."""
    return own.model_copy(
        update={
            field: getattr(way, field)
            for field in type(way).model_fields
            if field.startswith("kafka_")
        }
    )


def _pkcs8(issued: trustme.LeafCert) -> bytes:
    """Return the key as Java reads it; OpenSSL reads it too."""
    key = serialization.load_pem_private_key(issued.private_key_pem.bytes(), None)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
