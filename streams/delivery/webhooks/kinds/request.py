"""One HTTP request."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yarl import URL

    from streams.delivery.webhooks.access import Access


@dataclass(frozen=True, slots=True)
class Request:
    """A POST. Neither its address nor its headers are shown: they may hold secrets."""

    url: URL = field(repr=False)
    body: bytes
    headers: dict[str, str] = field(repr=False)


def authorized(request: Request, access: Access) -> Request:
    """Return the request with the target's authorization, if it wants one."""
    if access.authorization is not None:
        request.headers["Authorization"] = access.authorization
    return request
