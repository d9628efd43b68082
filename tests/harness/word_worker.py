"""`python -m harness.word_worker STAGE MODEL`: a worker that fails as a test wants.

Its model does, or its Faust, which passes on nothing of the topic in `WITHHELD`.
"""

from __future__ import annotations

import os
import sys
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from harness.models import WordModel
from streams.faust_consumer import CompleteConsumer
from streams.settings import load_settings
from streams.worker import run_worker

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from classifier import Assessment, Item
    from streams.app import Stage


class BrokenModel(WordModel):
    """Raises for every item; another deployment than the model that mends it."""

    info = SimpleNamespace(**vars(WordModel.info) | {"digest": "b" * 64})

    def assess(self, items: Sequence[Item]) -> list[Assessment]:
        """Raise."""
        raise ZeroDivisionError(f"a bug, met with {len(items)} items")


class SlowModel(WordModel):
    """Takes seven seconds for a batch: longer than the session timeout of the tests."""

    def __init__(self) -> None:
        super().__init__()
        self._batch: set[str] = set()

    def assess(self, items: Sequence[Item]) -> list[Assessment]:
        """Return an assessment for each item, late."""
        names = {item.id for item in items}
        if not names <= self._batch:  # the halves of a batch with a bug are not slow again
            self._batch = names
            time.sleep(7)
        return super().assess(items)


class StuckModel(WordModel):
    """Never returns."""

    def assess(self, items: Sequence[Item]) -> list[Assessment]:
        """Wait for ever."""
        while True:
            time.sleep(len(items) + 1)


MODELS: dict[str, Callable[[], Any]] = {
    "word": WordModel,
    "broken": BrokenModel,
    "slow": SlowModel,
    "stuck": StuckModel,
}

WITHHELD = "WITHHELD_TOPIC"
"""Variable with the topic of which Faust passes on nothing."""


def withhold(topic: str) -> None:
    """Let Faust drop whatever it reads of a topic, as it does with some of it at a rebalance."""
    passed_on = CompleteConsumer.getmany

    async def getmany(self: CompleteConsumer, timeout: float) -> AsyncIterator[Any]:  # noqa: ASYNC109 - Faust's signature
        async for tp, message in passed_on(self, timeout):
            if tp.topic != topic:
                yield tp, message

    CompleteConsumer.getmany = getmany


if __name__ == "__main__":
    if WITHHELD in os.environ:
        withhold(os.environ[WITHHELD])
    run_worker(load_settings(), cast("Stage", sys.argv[1]), model=MODELS[sys.argv[2]]())
