"""Alertmanager's fingerprint of a label set.

FNV-1a, 64 bits, over the labels sorted by name, each name and each value followed by the byte 0xff,
which UTF-8 never holds; sixteen hexadecimal digits. That is `labelSetToFingerprint` in
prometheus/common, model/signature.go, by which Alertmanager tells alerts apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

OFFSET_BASIS = 0xCBF29CE484222325
PRIME = 0x100000001B3
SEPARATOR = b"\xff"


def fingerprint(labels: Mapping[str, str]) -> str:
    """Return the fingerprint of the labels as Alertmanager shows it."""
    value = OFFSET_BASIS
    for name in sorted(labels):
        for byte in name.encode() + SEPARATOR + labels[name].encode() + SEPARATOR:
            value = ((value ^ byte) * PRIME) & 0xFFFFFFFFFFFFFFFF
    return f"{value:016x}"
