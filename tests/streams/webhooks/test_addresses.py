"""Which addresses a webhook may reach."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from typing import Any

import pytest
from aiohttp.abc import AbstractResolver

from streams.delivery.webhooks.addresses import (
    PrivateAddressError,
    PublicResolver,
    is_public,
    literal_address,
)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - the point of the test
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "2002:7f00:1::",
        "64:ff9b::a00:1",
    ],
)
def test_an_address_of_this_host_or_network_is_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f000001", "0177.0.0.1", "::1"])
def test_a_loopback_address_in_any_writing_is_seen(host: str) -> None:
    address = literal_address(host)

    assert address is not None
    assert not is_public(address)


def test_a_name_is_no_address() -> None:
    assert literal_address("hooks.example") is None


class Answers(AbstractResolver):
    """Gives one answer after the other."""

    def __init__(self, *answers: list[str]) -> None:
        self._answers = iter(answers)

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: Any = socket.AF_INET,  # noqa: ARG002 - aiohttp's signature
    ) -> Any:
        return [{"hostname": host, "host": each, "port": port} for each in next(self._answers)]

    async def close(self) -> None:
        pass


def test_a_name_that_leads_to_a_private_address_among_others_is_refused() -> None:
    resolver = PublicResolver(Answers(["8.8.8.8", "10.0.0.1"]))

    with pytest.raises(PrivateAddressError, match=r"hooks\.example"):
        asyncio.run(resolver.resolve("hooks.example"))


def test_a_name_that_answers_differently_the_second_time_is_checked_each_time() -> None:
    resolver = PublicResolver(Answers(["8.8.8.8"], ["127.0.0.1"]))

    assert asyncio.run(resolver.resolve("rebinding.example"))[0]["host"] == "8.8.8.8"
    with pytest.raises(PrivateAddressError):
        asyncio.run(resolver.resolve("rebinding.example"))
