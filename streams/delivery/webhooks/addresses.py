"""Which network addresses a webhook may reach, checked where the connection is made.

A name is resolved here and the very addresses that were checked are connected to, so that a name
that answers differently the second time (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING, TypeAlias

from aiohttp.abc import AbstractResolver
from aiohttp.resolver import ThreadedResolver

if TYPE_CHECKING:
    from aiohttp.abc import ResolveResult

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class PrivateAddressError(OSError):
    """A name leads to an address that is not public."""


def literal_address(host: str) -> Address | None:
    """Return the address that a host is, or None when it is a name.

    Forms that only the C library reads (``127.1``, ``0x7f000001``, ``2130706433``) count too.
    """
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except (OSError, ValueError):
        return None


def is_public(address: Address) -> bool:
    """Tell whether an address, and any IPv4 address inside it, belongs to the public internet."""
    if isinstance(address, ipaddress.IPv6Address):
        inside = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in NAT64:
            inside.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if any(each is not None and not is_public(each) for each in inside):
            return False
        if address.ipv4_mapped is not None:
            return True
    return address.is_global and not address.is_multicast


class PublicResolver(AbstractResolver):
    """Resolves names as the system does and refuses those that lead to a private address.

    One private address among several is enough: the other side chooses which one is used.
    """

    def __init__(self, inner: AbstractResolver | None = None) -> None:
        self._inner = inner or ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the addresses of a host.

        Raises
        ------
        PrivateAddressError
            One of them is not public.
        """
        found = await self._inner.resolve(host, port, family)
        for each in found:
            if not is_public(ipaddress.ip_address(each["host"])):
                raise PrivateAddressError(f"{host} leads to a private address")
        return found

    async def close(self) -> None:
        """Let go of what the inner resolver holds."""
        await self._inner.close()
