"""A target with all that is needed to call it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from streams.delivery.webhooks.access import Access
    from streams.delivery.webhooks.attempt import Answer
    from streams.delivery.webhooks.circuit import Circuit
    from streams.delivery.webhooks.kinds import Request
    from streams.delivery.webhooks.targets import Target


class Calls(Protocol):
    """The part of `Caller` that deliveries need."""

    async def call(self, request: Request) -> Answer:
        """Send a request once."""


@dataclass(frozen=True, slots=True)
class Outlet:
    """A target, shared by all of its partitions.

    Attributes
    ----------
    target, access
        Whom and how.
    caller
        Sends one request.
    circuit
        Says when the next one may go out.
    """

    target: Target
    access: Access
    caller: Calls
    circuit: Circuit
