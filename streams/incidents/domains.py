"""The registered domain of a source: who is independent of whom.

By the Public Suffix List (https://publicsuffix.org/) as it comes with `publicsuffixlist`, so that
`edition.news.co.uk` and `sport.news.co.uk` are one source, without any look-up on the network.
"""

from __future__ import annotations

import functools
import ipaddress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from publicsuffixlist import PublicSuffixList

if TYPE_CHECKING:
    from streams.records import Signal

LONGEST = 100
"""Characters of a source's name that count."""


def domain_of(signal: Signal) -> str | None:
    """Return the registered domain of the url, else that of the source, else the source's name.

    None when the item names neither.
    """
    host = _host(signal.url or "")
    source = (signal.source or "").strip().lower()[:LONGEST]
    named = registered(source) if "." in source and " " not in source else source
    return registered(host) or named or None


@functools.lru_cache(maxsize=16_384)
def registered(host: str) -> str:
    """Return the registered domain of a host; the host itself when it has none."""
    host = host.lower().strip(".")[:253]
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return _suffixes().privatesuffix(host) or host
    return host


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


@functools.cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()
