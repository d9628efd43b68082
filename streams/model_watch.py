"""The model's life in a running worker: a new bundle is noticed, examined and put into service.

Whatever is wrong with a new bundle, the model in service goes on; the reason is in the log and
counted. A bundle is exchanged between two batches, so that no item is lost, repeated or scored by
halves.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import structlog
from mode import Service

import classifier
from classifier import BundleError
from streams.records import ModelRef

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from classifier import EscalationModel
    from streams.metrics import Metrics
    from streams.scoring import Scorer

log = structlog.get_logger(__name__)


class ModelWatch(Service):
    """Watches a bundle's directory and exchanges the scorer's model.

    Parameters
    ----------
    scorer
        Whose model it is.
    path
        Directory of the bundle, see ``escalation model promote``.
    accept
        Loads the bundle that is there, or raises a BundleError that says what is wrong with it.
    seconds
        Between two looks.
    metrics
        Told of each exchange and refusal.
    """

    mundane_level = "debug"

    def __init__(
        self,
        scorer: Scorer,
        path: Path,
        accept: Callable[[], EscalationModel],
        seconds: float,
        metrics: Metrics,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._scorer = scorer
        self._path = path
        self._accept = accept
        self._seconds = seconds
        self._metrics = metrics
        self._refused: str | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="model-watch")

    @Service.task
    async def _watch(self) -> None:
        while not self.should_stop:
            await self.sleep(self._seconds)
            if self.should_stop:
                return
            await self.look()

    async def on_stop(self) -> None:
        """End the thread; an examination in hand is not waited for."""
        self._thread.shutdown(wait=False)

    async def look(self) -> None:
        """Look once; exchange the model when there is another and it is accepted."""
        there = self._digest_there()
        if there in (None, self._refused, self._scorer.serving.reference.digest):
            return
        loop = asyncio.get_running_loop()
        try:
            model = await loop.run_in_executor(self._thread, self._accept)
        except BundleError as error:
            self._refused = there
            self._metrics.model_changes.labels("refused").inc()
            log.error("model_refused", digest=there, reason=str(error))  # noqa: TRY400 - no bug
            return
        reference = ModelRef(version=model.info.version, digest=model.info.digest)
        self._scorer.exchange(model, reference)
        self._refused = None
        self._metrics.set_model(reference, model.info.trained)
        self._metrics.model_changes.labels("accepted").inc()
        log.info("model_exchanged", version=reference.version, digest=reference.digest)

    def _digest_there(self) -> str | None:
        """Return the digest that the manifest names, or None when there is no manifest now."""
        try:
            return str(classifier.read_manifest(self._path)["digest"])
        except BundleError as error:
            # A promotion is two renames; a look between them finds nothing, the next one does.
            log.debug("no_bundle_now", reason=str(error))
            return None
