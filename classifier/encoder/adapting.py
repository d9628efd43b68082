"""``escalation train --encoder``: from the corpus to a saved adapter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from classifier.corpus import corpus_digest
from classifier.encoder import adapter, network, tuning

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from classifier.corpus import Example
    from classifier.encoder.tuning import Tell


def train_adapter(
    corpus: Sequence[Example],
    extra: Sequence[Example],
    directory: Path,
    checkpoint: Path,
    *,
    epochs: int,
    seed: int,
    tell: Tell,
) -> None:
    """Fine-tune on the corpus' ``train`` split and ``extra``, stop by its validation split, save.

    Parameters
    ----------
    corpus, extra
        Labelled text; lines of ``extra`` without a split are trained on.
    directory
        Where the adapter goes.
    checkpoint
        Where the run is kept until it is done; an interrupted one goes on from there.
    epochs, seed
        As in :func:`classifier.encoder.tuning.fine_tune`.
    tell
        Told of progress.
    """
    examples = [*corpus, *extra]
    parts = [*(e.part for e in corpus), *(e.split or "train" for e in extra)]
    train = [e for e, part in zip(examples, parts, strict=True) if part == "train"]
    held = [e for e, part in zip(examples, parts, strict=True) if part == "validation"]
    best = tuning.fine_tune(train, held, checkpoint, epochs=epochs, seed=seed, tell=tell)
    about = {
        "corpus": {"digest": corpus_digest(examples), "lines": len(examples)},
        "settings": {
            "rank": network.RANK,
            "dropout": network.DROPOUT,
            "adapter_rate": tuning.ADAPTER_RATE,
            "shift_rate": tuning.SHIFT_RATE,
            "head_rate": tuning.HEAD_RATE,
            "epochs": epochs,
            "seed": seed,
        },
        "epoch": best.epoch,
        "validation_average_precision": round(best.score, 4),
        "torch": torch.__version__.partition("+")[0],
    }
    adapter.save(directory, network.as_adapter(best.state), about)
    checkpoint.unlink()
