"""What opens a target: its address, signing secrets and authorization. Never shown."""

from __future__ import annotations

import base64
import binascii
import os
import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from yarl import URL

from streams.delivery.webhooks.addresses import is_public, literal_address
from streams.delivery.webhooks.targets import TargetsError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from streams.delivery.webhooks.targets import Target

PREFIX = "whsec_"
SHORTEST, LONGEST = 24, 64
"""Bytes of a secret, by Standard Webhooks."""


@dataclass(frozen=True, slots=True)
class Access:
    """How to reach a target.

    Attributes
    ----------
    url
        The whole address; its path may be a secret.
    secrets
        Keys that sign, none where the kind signs nothing.
    authorization
        Value of the header, None without.
    tls
        How the target's certificate is verified.
    """

    url: URL = field(repr=False)
    secrets: tuple[bytes, ...] = field(repr=False)
    authorization: str | None = field(repr=False)
    tls: ssl.SSLContext = field(repr=False)


def access_to(target: Target, environment: Mapping[str, str] = os.environ) -> Access:
    """Read what opens a target.

    Raises
    ------
    TargetsError
        Something is missing or cannot be used; the message names the target and the field, and
        shows no secret.
    """
    if target.url is not None and target.url_env is not None:
        raise _fault(target, "url_env", "only one of url and url_env may be given")
    told = target.url or _value(target, "url", environment)
    if told is None:
        raise _fault(target, "url", "is needed (or url_env, or url_file)")
    secrets = (_value(target, "secret", environment) or "").split()
    if target.kind == "generic" and not secrets:
        raise _fault(target, "secret_env", "is needed (or secret_file) to sign what is sent")
    return Access(
        _checked_url(target, told),
        tuple(_key(target, secret) for secret in secrets),
        _value(target, "authorization", environment),
        _tls(target),
    )


def _value(target: Target, name: str, environment: Mapping[str, str]) -> str | None:
    variable: str | None = getattr(target, f"{name}_env")
    file: Path | None = getattr(target, f"{name}_file")
    if variable is not None and file is not None:
        raise _fault(target, f"{name}_env", f"only one of {name}_env and {name}_file may be given")
    if variable is not None:
        if not environment.get(variable):
            raise _fault(target, f"{name}_env", f"{variable} is not set")
        return environment[variable].strip()
    if file is None:
        return None
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise _fault(target, f"{name}_file", f"{file} cannot be read") from error


def _checked_url(target: Target, text: str) -> URL:
    try:
        url = URL(text)
        host = url.host
    except ValueError:
        raise _fault(target, "url", "is no address") from None
    if url.scheme not in ("https", "http") or not host:
        raise _fault(target, "url", "must begin with https:// and a host")
    if url.scheme == "http" and not target.allow_http:
        raise _fault(target, "url", "is plain http; allow_http = true lets it pass")
    if url.user is not None or url.password is not None:
        raise _fault(target, "url", "holds a password; use authorization_env or authorization_file")
    address = literal_address(host)
    if address is not None and not target.allow_private and not is_public(address):
        raise _fault(target, "url", f"{host} is private; allow_private = true lets it pass")
    return url.with_fragment(None)


def _key(target: Target, secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not secret.startswith(PREFIX) or not SHORTEST <= len(key) <= LONGEST:
        raise _fault(
            target,
            "secret",
            f"must be {PREFIX} and base64 of {SHORTEST} to {LONGEST} bytes"
            f" (`echo {PREFIX}$(openssl rand -base64 32)` makes one)",
        )
    return key


def _tls(target: Target) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=target.ca_file)
    except (OSError, ssl.SSLError) as error:
        raise _fault(target, "ca_file", f"{target.ca_file} cannot be used") from error


def _fault(target: Target, field_name: str, message: str) -> TargetsError:
    return TargetsError(f"target {target.name}: {field_name}: {message}")
