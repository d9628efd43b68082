"""Fine-tuning goes on where it was interrupted; needs PyTorch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from classifier.corpus import load_corpus

if TYPE_CHECKING:
    from pathlib import Path

torch = pytest.importorskip("torch", reason="PyTorch comes with the extra train")


class _StoppedError(Exception):
    """The run was interrupted."""


def test_an_interrupted_run_ends_as_one_that_was_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The seed decides, however often the run stops."""
    from classifier.encoder import tuning  # noqa: PLC0415 - it needs PyTorch

    monkeypatch.setattr(tuning, "SAVE_EVERY", 2)
    lines = load_corpus()
    train = [e for e in lines if e.part == "train"][:160]
    held = [e for e in lines if e.part == "validation"][:40]

    def run(name: str, stop: int) -> tuning.Best:
        def tell(state: str, done: int, _: int) -> None:
            if done == stop and state.startswith("loss"):
                raise _StoppedError

        return tuning.fine_tune(train, held, tmp_path / name, epochs=1, seed=3, tell=tell)

    whole = run("whole", stop=-1)
    with pytest.raises(_StoppedError):
        run("parts", stop=3)
    parts = run("parts", stop=-1)

    assert whole.score == parts.score
    assert all(torch.equal(whole.state[name], parts.state[name]) for name in whole.state)
