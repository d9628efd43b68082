"""The way of an item, wired in one place.

    news.items -> BatchSource -> Scorer -> escalation.signals -> incidents -> escalation.alerts
                       |           |                                 |
                       +-----------+----- news.items.dlq ------------+

`ScoreStage` (stage.py) runs the first half: fetch, score, publish, commit. The incidents agent
below runs the second half on Faust's own consumer.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import faust
from prometheus_client import (
    CollectorRegistry,
    GCCollector,
    PlatformCollector,
    ProcessCollector,
)

import classifier
from streams.client import faust_broker, faust_credentials
from streams.delivery.page import Page
from streams.delivery.webhooks import Webhooks
from streams.drift import Drift
from streams.faust_consumer import mend_consumer
from streams.incidents.agent import add_incidents
from streams.lag import LagWatch, Watched
from streams.lenient import read_leniently
from streams.metrics import Metrics
from streams.model_watch import ModelWatch
from streams.progress import Progress
from streams.publisher import Publisher
from streams.records import ModelRef
from streams.scoring import Scorer, Watcher
from streams.settings import SettingsError, variable_of
from streams.shadow import Shadow
from streams.stage import ScoreStage
from streams.start import Start
from streams.tension.ticker import TensionTicker
from streams.topics import unused_topics
from streams.watched_app import watched_app
from streams.web import Web

if TYPE_CHECKING:
    from mode import Service

    from streams.settings import Settings

Stage = Literal["score", "incidents", "delivery", "page", "all"]


@dataclass(frozen=True, slots=True)
class Built:
    """A worker before it starts: the services in starting order, then the Faust app if any.

    The score stage alone needs no app: a Faust app without topics does not start.
    """

    app: faust.App | None
    services: tuple[Service, ...]
    progress: Progress


def build(
    settings: Settings,
    stage: Stage,
    *,
    model: Any = None,
    registry: CollectorRegistry | None = None,
) -> Built:
    """Wire the stages of one worker.

    Parameters
    ----------
    settings
        What the worker was told.
    stage
        Which part of the way it runs, or all.
    model
        The classifier; loaded and verified from the settings' bundle when None.
    registry
        Where its metrics are registered; a new one with those of the process when None.

    Raises
    ------
    classifier.BundleError
        The bundle is missing, was tampered with or does not fit this installation.
    SettingsError
        The stage delivery has no file of targets, or one that cannot be used.
    """
    metrics = Metrics(registry or process_registry())
    progress = Progress(settings.stall_timeout)
    read_leniently(settings.max_expanded_bytes)
    publisher = Publisher(settings, on_error=progress.note_broker)
    stages: list[Service] = []
    watched: list[Watched] = []
    page = Page(settings, publisher, metrics, progress) if stage in ("page", "all") else None
    if stage in ("score", "all"):
        scorer = _scorer(settings, model, metrics)
        score = ScoreStage(settings, scorer, publisher, metrics, progress)
        stages.append(score)
        watched.append(
            Watched("score", settings.score_group, (settings.items_topic,), score.assignment)
        )
        if model is None:
            stages.append(_watch(settings, scorer, metrics))
    app = None
    if stage in ("incidents", "all"):
        app = _faust_app(settings)
        incidents = add_incidents(app, settings, publisher, metrics, progress)
        stages.append(TensionTicker(settings, publisher, metrics, incidents.tensions))
        watched.append(watched_app(app, "incidents", settings))
    if settings.webhooks_file is not None and stage in ("delivery", "all"):
        webhooks = Webhooks(settings, settings.webhooks_file, publisher, progress, metrics.registry)
        stages.append(webhooks)
        watched += webhooks.watched()
    elif stage == "delivery":
        raise SettingsError(f"{variable_of('webhooks_file')} is needed for the stage delivery")
    services = (
        # The probes answer and signals are heard while the rest waits for a broker.
        Web(
            settings.http_host,
            settings.http_port,
            progress,
            metrics.registry,
            add=[page.add_routes] if page else [],
        ),
        Start(
            settings,
            progress,
            without=unused_topics(settings, stage),
            groups={each.group for each in watched},
            read=[settings.state_topic] if app is not None else [],
        ),
        LagWatch(settings, progress, metrics, watched),
        publisher,
        *stages,
        *([page] if page else []),
    )
    return Built(app, services, progress)


def process_registry() -> CollectorRegistry:
    """Return a new registry with the metrics of this process: processor, memory, files, Python."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    GCCollector(registry=registry)
    return registry


def _scorer(settings: Settings, model: Any, metrics: Metrics) -> Scorer:
    model = model or classifier.load(settings.model_path, settings.model_digest, settings.judge)
    reference = ModelRef(version=model.info.version, digest=model.info.digest)
    metrics.set_model(reference, model.info.trained)
    watchers: list[Watcher] = [Drift(metrics.registry, model)]
    if settings.shadow_model_path is not None:
        watchers.append(Shadow(classifier.load(settings.shadow_model_path), metrics))
    return Scorer(model, reference, settings.max_item_bytes, watchers)


def _watch(settings: Settings, scorer: Scorer, metrics: Metrics) -> ModelWatch:
    path = settings.model_path or classifier.default_bundle_path()
    accept = partial(classifier.accept, path, settings.model_digest, settings.judge)
    return ModelWatch(scorer, path, accept, settings.model_poll, metrics)


def _faust_app(settings: Settings) -> faust.App:
    # Faust makes the last directory of this path, and only that one.
    settings.cache.mkdir(parents=True, exist_ok=True)
    app = faust.App(
        settings.incidents_group,
        broker=faust_broker(settings),
        broker_credentials=faust_credentials(settings),
        broker_session_timeout=settings.session_timeout,
        broker_request_timeout=settings.session_timeout + 10,
        broker_commit_interval=1.0,
        # Signals are our own: a new group must not pass over those that are there.
        consumer_auto_offset_reset="earliest",
        consumer_group_instance_id=settings.group_instance,
        datadir=str(settings.cache / "faust"),
        store="memory://",
        table_standby_replicas=settings.standby_replicas,
        topic_disable_leader=True,
        topic_allow_declare=False,
        # An unfinished event must not be committed at shutdown (field measure: it is, if False).
        stream_wait_empty=True,
        stream_recovery_delay=0.0,
        web_enabled=False,
        autodiscover=False,
    )
    mend_consumer(app)
    return app
