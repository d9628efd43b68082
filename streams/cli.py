"""The command line, `escalation`: the groups of `streams.commands` and of the classifier."""

from __future__ import annotations

import asyncio
import sys

import typer
from aiokafka.errors import KafkaError

import classifier
from classifier.cli import app as classifier_app
from streams.commands import (
    alerts,
    bench,
    config,
    contract,
    dlq,
    feedback,
    incidents,
    running,
    tension,
    topics,
)
from streams.commands.terminal import tell_error
from streams.errors import AccessError, told
from streams.local import BrokerError
from streams.logs import configure_logs
from streams.settings import Settings, SettingsError, load_settings

app = typer.Typer(
    help="Find the steps towards a war in news as it is published.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
# Commands that stand alone. Those of the classifier (train, score, evaluate, ...) need no Kafka.
for _group in (
    *(classifier_app, running.app, alerts.app, tension.app, contract.app, config.app),
    bench.app,
):
    app.registered_commands += _group.registered_commands
    app.registered_groups += _group.registered_groups
# Groups with a name of their own.
app.add_typer(topics.app, name="topics")
app.add_typer(incidents.app, name="incidents")
app.add_typer(feedback.app, name="feedback")
app.add_typer(dlq.app, name="dlq")


def main() -> None:
    """Run the command line; an error that a user can mend is one line and exit code 1."""
    # A library's warnings go to stderr as ours do; the worker asks for more, by its own settings.
    configure_logs(Settings.model_construct(log_level="warning"))
    try:
        app()
    except KafkaError as error:
        tell_error(asyncio.run(told(load_settings(), error)))
        sys.exit(1)
    except (SettingsError, BrokerError, AccessError, classifier.BundleError) as error:
        tell_error(str(error))
        sys.exit(1)


if __name__ == "__main__":
    main()
