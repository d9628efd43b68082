"""One worker process: start the stages under Faust's supervision, end as the signals say."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import faust
import mode
import structlog
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from streams.app import Built, Stage, build
from streams.client import aiokafka_options
from streams.logs import configure_logs
from streams.retry import Backoff

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
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    built = build(settings, stage, model=model)
    loop.run_until_complete(wait_for_broker(settings))
    worker = _supervisor(built, loop)
    log.info("worker_starting", stage=stage, brokers=settings.kafka_bootstrap_servers)
    try:
        worker.execute_from_commandline()
    except SystemExit as end:
        code = 1 if built.progress.fatal else end.code
        log.info("worker_ended", code=code, reason=built.progress.fatal)
        raise SystemExit(code) from None


def _supervisor(built: Built, loop: asyncio.AbstractEventLoop) -> mode.Worker:
    options: dict[str, Any] = {
        "loop": loop,
        "quiet": True,
        "override_logging": False,
        "redirect_stdouts": False,
    }
    if built.app is None:
        return mode.Worker(*built.services, **options)
    worker = faust.Worker(built.app, *built.services, **options)
    worker.spinner = None  # it writes terminal codes into pipes
    return worker


async def wait_for_broker(settings: Settings) -> None:
    """Return as soon as a broker answers; Faust itself would give up at once."""
    backoff = Backoff(settings.retry_backoff, settings.retry_backoff_max)
    while True:
        probe = AIOKafkaAdminClient(**aiokafka_options(settings))
        try:
            await probe.start()
        except KafkaError as error:
            log.warning("broker_unreachable", error=repr(error))
            await backoff.pause()
        else:
            return
        finally:
            await probe.close()
