"""One worker process: start the stages under Faust's supervision, end as the signals say."""

from __future__ import annotations

import asyncio
import signal
import sys
from typing import TYPE_CHECKING, Any

import faust
import mode
import structlog

from streams.app import Built, Stage, build
from streams.errors import AccessError
from streams.logs import configure_logs
from streams.settings import SettingsError
from streams.watchdog import Watchdog

if TYPE_CHECKING:
    from streams.settings import Settings

log = structlog.get_logger(__name__)


def run_worker(settings: Settings, stage: Stage, *, model: Any = None) -> None:
    """Run a worker until SIGTERM or SIGINT (exit code 0) or a fault of its own (exit code 1).

    Raises
    ------
    SystemExit
        Always; the code says how it ended.
    """
    configure_logs(settings)
    # Until the supervisor listens there is nothing to finish: the model is still being loaded.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    built = build(settings, stage, model=model)
    watchdog = Watchdog(built.progress, settings.stall_timeout, settings.grace_period)
    worker = _supervisor(built, loop, watchdog)
    log.info("worker_starting", stage=stage, brokers=settings.kafka_bootstrap_servers)
    watchdog.start(loop)
    try:
        worker.execute_from_commandline()
    except SystemExit as end:
        code = 1 if built.progress.fatal else end.code
        log.info("worker_ended", code=code, reason=built.progress.fatal)
        raise SystemExit(code) from None
    finally:
        watchdog.done()


def _supervisor(built: Built, loop: asyncio.AbstractEventLoop, watchdog: Watchdog) -> mode.Worker:
    options: dict[str, Any] = {
        "loop": loop,
        "quiet": True,
        "override_logging": False,
        "redirect_stdouts": False,
    }
    worker: Any
    if built.app is None:
        worker = _Worker(*built.services, **options)
    else:
        worker = _FaustWorker(built.app, *built.services, **options)
        worker.spinner = None  # it writes terminal codes into pipes
    worker.watchdog, worker.progress = watchdog, built.progress
    return worker


class _Watched:
    """What a supervisor of ours adds to mode's: an end in time, and no debugger in a service."""

    watchdog: Any
    progress: Any

    async def start(self) -> None:
        try:
            await super().start()  # type: ignore[misc]  # of mode's worker, beside us in the bases
        except (SettingsError, AccessError) as error:
            self.progress.fatal = str(error)
            log.error("cannot_start", reason=str(error))  # noqa: TRY400 - it says it all
            raise SystemExit(1) from error

    def _schedule_shutdown(self, number: Any) -> None:
        self.watchdog.expect_end()
        super()._schedule_shutdown(number)  # type: ignore[misc]  # the same

    def _enter_debugger(self) -> None:
        log.warning("signal_ignored", signal="SIGUSR2")


class _Worker(_Watched, mode.Worker):
    """A supervisor without a Faust app."""


class _FaustWorker(_Watched, faust.Worker):
    """A supervisor with one."""
