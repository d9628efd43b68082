"""`python -m harness.word_worker STAGE MODEL`: a worker whose model fails as a test wants."""

from __future__ import annotations

import sys
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from harness.models import WordModel
from streams.settings import load_settings
from streams.worker import run_worker

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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

if __name__ == "__main__":
    run_worker(load_settings(), cast("Stage", sys.argv[1]), model=MODELS[sys.argv[2]]())
