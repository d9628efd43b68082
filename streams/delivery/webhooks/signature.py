"""Signatures as Standard Webhooks 1.0 has them: HMAC-SHA256 over id, timestamp and body.

See https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def delivery_id(target: str, alert: str) -> str:
    """Return the id of a delivery: the same at every attempt and every repeat of the alert."""
    return "msg_" + hashlib.sha256(f"{target}\0{alert}".encode()).hexdigest()[:32]


def signed_headers(
    identity: str, timestamp: int, body: bytes, secrets: Sequence[bytes]
) -> dict[str, str]:
    """Return the headers of a delivery; one signature for each secret.

    Parameters
    ----------
    identity
        The delivery's id.
    timestamp
        Unix seconds of this attempt.
    body
        What is sent.
    secrets
        Keys that sign; without one there is no signature.
    """
    headers = {"webhook-id": identity, "webhook-timestamp": str(timestamp)}
    if secrets:
        content = f"{identity}.{timestamp}.".encode() + body
        digests = [hmac.new(secret, content, hashlib.sha256).digest() for secret in secrets]
        headers["webhook-signature"] = " ".join(
            "v1," + base64.b64encode(digest).decode() for digest in digests
        )
    return headers
