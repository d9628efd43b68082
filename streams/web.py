"""The worker's HTTP port: probes, metrics, and what else is added to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog
from aiohttp import web
from mode import Service
from prometheus_client.exposition import choose_encoder

from streams.guard import RUNNER, guarded_application
from streams.settings import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from prometheus_client import CollectorRegistry

    from streams.progress import Progress

log = structlog.get_logger(__name__)

SHUTDOWN_SECONDS = 3.0
"""How long a request in hand may take to end at shutdown."""


class Web(Service):
    """Serves `/livez`, `/readyz` and `/metrics`.

    Parameters
    ----------
    host, port
        Where to listen; port 0 takes a free one, which the log names.
    add
        Called with the application before it listens: who else answers on this port.
    """

    mundane_level = "debug"

    def __init__(
        self,
        host: str,
        port: int,
        progress: Progress,
        registry: CollectorRegistry,
        *,
        add: Sequence[Callable[[web.Application], None]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._add = add
        self._host, self._port = host, port
        self._progress = progress
        self._registry = registry
        self._runner: web.AppRunner | None = None

    async def on_start(self) -> None:
        """Listen."""
        app = guarded_application()
        app.add_routes(
            [
                web.get("/livez", self._livez),
                web.get("/readyz", self._readyz),
                web.get("/metrics", self._metrics),
            ]
        )
        for add in self._add:
            add(app)
        self._runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS, **RUNNER
        )
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError as error:
            await self._runner.cleanup()
            raise SettingsError(
                f"ESCALATION_HTTP_HOST, ESCALATION_HTTP_PORT: cannot listen on"
                f" {self._host}:{self._port}: {error.strerror}"
            ) from error
        log.info(
            "listening", addresses=[f"{host}:{port}" for host, port, *_ in self._runner.addresses]
        )

    async def on_stop(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _livez(self, _: web.Request) -> web.Response:
        return _answer(self._progress.live_faults())

    async def _readyz(self, _: web.Request) -> web.Response:
        return _answer(self._progress.ready_faults())

    async def _metrics(self, request: web.Request) -> web.Response:
        # OpenMetrics, with its exemplars, for whoever asks for it.
        encode, content_type = choose_encoder(request.headers.get("Accept", ""))
        return web.Response(body=encode(self._registry), headers={"Content-Type": content_type})


def _answer(faults: list[str]) -> web.Response:
    return web.json_response({"ok": not faults, "faults": faults}, status=503 if faults else 200)
