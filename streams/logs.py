"""Logs: one event per thing that happened, JSON in the cluster and colour at a terminal."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

import structlog

from streams.console import escaped
from streams.repeats import LimitedHandler, Repeats

if TYPE_CHECKING:
    from streams.settings import Settings

QUIET = {"faust": logging.WARNING, "mode": logging.WARNING}
"""Libraries that report every step at info."""


def configure_logs(settings: Settings) -> None:
    """Send every log record, ours and the libraries', to stderr in the format of the settings."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *_renderers(settings),
        ],
    )
    # A retry that is dropped is not counted either: the first filter that refuses ends it.
    handler = LimitedHandler(sys.stderr, Repeats(settings.log_repeats), _no_retries)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    for name, level in QUIET.items():
        logging.getLogger(name).setLevel(max(level, root.level))


def _no_retries(record: logging.LogRecord) -> bool:
    """Drop what the client says at each retry, at error level; we say it once and by its effect.

    An error with a traceback is none of these: it is a bug, for example in a listener.
    """
    told = record.exc_info is not None or record.levelno >= logging.CRITICAL
    return told or not record.name.startswith("aiokafka")


def _renderers(settings: Settings) -> list[structlog.typing.Processor]:
    machine = settings.log_format == "json" or (
        settings.log_format == "auto" and not sys.stderr.isatty()
    )
    if machine:
        # Never the local variables: a password may be among them.
        frames = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        return [structlog.processors.ExceptionRenderer(frames), structlog.processors.JSONRenderer()]
    return [
        structlog.processors.format_exc_info,
        _escape,
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
    ]


def _escape(
    _: structlog.typing.WrappedLogger, __: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Escape what would command a terminal: an error's words may come from the wire."""
    return {
        name: "\n".join(map(escaped, value.split("\n"))) if isinstance(value, str) else value
        for name, value in event.items()
    }
