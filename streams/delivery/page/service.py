"""The page as a service of the worker: it follows the topics and answers on the worker's port."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import web
from mode import Service

from streams.delivery.page.api import Api
from streams.delivery.page.desk import Desk
from streams.delivery.page.errors import answer_request_errors
from streams.delivery.page.events import Events
from streams.delivery.page.feedback import FeedbackDesk
from streams.delivery.page.follower import NAME, Follower
from streams.delivery.page.headers import add_security_headers, revalidate_static
from streams.delivery.page.store import AlertStore
from streams.delivery.page.tokens import Tokens

if TYPE_CHECKING:
    from streams.delivery.page.feedback import Publishes
    from streams.metrics import Metrics
    from streams.progress import Progress
    from streams.settings import Settings

STATIC = Path(__file__).parent / "static"


class Page(Service):
    """Follows the topics while it runs; its routes are added to the worker's HTTP application.

    Raises
    ------
    SettingsError
        The tokens cannot be used.
    """

    mundane_level = "debug"

    def __init__(
        self,
        settings: Settings,
        publisher: Publishes,
        metrics: Metrics,
        progress: Progress,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._progress = progress
        self.desk = Desk(AlertStore(settings.page_alerts, settings.page_bytes), metrics)
        tokens = Tokens.of(settings)
        self.events = Events(self.desk, metrics, settings.page_clients)
        self._api = Api(self.desk, feedback=bool(tokens))
        self._feedback = FeedbackDesk(
            self.desk, tokens, publisher, settings.feedback_topic, metrics
        )
        self.add_dependency(Follower(settings, self.desk, progress))
        progress.set_waiting(NAME, "the page reads the alerts back")

    def add_routes(self, app: web.Application) -> None:
        """Add the page to an application that does not listen yet."""
        add_page(app, self.desk, self._api, self.events, self._feedback)

    @Service.task
    async def _tell_when_loaded(self) -> None:
        await self.desk.loaded.wait()
        self._progress.set_waiting(NAME, None)


def add_page(
    app: web.Application, desk: Desk, api: Api, events: Events, feedback: FeedbackDesk
) -> None:
    """Add every route of the page, its headers, and the end of its streams at shutdown."""
    app.add_routes(
        [
            web.get("/", _index),
            *api.routes(),
            web.get("/api/events", events.stream, allow_head=False),
            web.post("/api/feedback", feedback.post),
            web.static("/static", STATIC),
        ]
    )
    app.middlewares.append(answer_request_errors)
    app.on_response_prepare.append(add_security_headers)
    app.on_response_prepare.append(revalidate_static)

    async def end_streams(_: web.Application) -> None:
        desk.feed.close()

    app.on_shutdown.append(end_streams)


async def _index(_: web.Request) -> web.FileResponse:
    return web.FileResponse(STATIC / "index.html", headers={"Cache-Control": "no-cache"})
