"""Answers that say what is wrong with a request, by the field's name."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

import msgspec
from aiohttp import web

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler

JSON = "application/json"
_HEADERS = {
    HTTPStatus.UNAUTHORIZED: {"WWW-Authenticate": "Bearer"},
    HTTPStatus.SERVICE_UNAVAILABLE: {"Retry-After": "5"},
}


class RequestError(ValueError):
    """A request that cannot be answered as it is.

    Parameters
    ----------
    message
        What is wrong, in a sentence.
    field
        Which field or parameter it is about, if one.
    status
        HTTP status.
    """

    def __init__(self, message: str, field: str | None = None, status: int = 400) -> None:
        super().__init__(message)
        self.field, self.status = field, status

    def response(self) -> web.Response:
        """Return the answer: JSON with ``message`` and, where there is one, ``field``."""
        told = {"message": str(self)} | ({"field": self.field} if self.field else {})
        return json_response(
            msgspec.json.encode({"error": told}), self.status, _HEADERS.get(HTTPStatus(self.status))
        )


def json_response(
    body: bytes, status: int = 200, headers: dict[str, str] | None = None
) -> web.Response:
    """Return JSON that nobody keeps."""
    return web.Response(
        body=body,
        status=status,
        content_type=JSON,
        headers={"Cache-Control": "no-store"} | (headers or {}),
    )


@web.middleware
async def answer_request_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn an error of the request into its answer."""
    try:
        return await handler(request)
    except RequestError as error:
        return error.response()
