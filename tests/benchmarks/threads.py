"""`python -m benchmarks.threads N`: our score stage with an encoder that has so many threads."""

from __future__ import annotations

import sys

import classifier
from classifier.encoder.judge import EncoderJudge
from streams.settings import load_settings
from streams.worker import run_worker


def model_with(threads: int, judge: str | None = None) -> classifier.EscalationModel:
    """Return the default model; its encoder, if it has one, runs with so many threads."""
    model = classifier.load(judge=judge)
    if threads > 1 and model._second is not None:
        graph, _ = model._second._encoder._made_from
        model._second._encoder = EncoderJudge(graph, threads)
    return model


if __name__ == "__main__":
    run_worker(load_settings(), "score", model=model_with(int(sys.argv[1])))
