"""The encoder alone, made from the adapter that comes with the package."""

from __future__ import annotations

import pytest

from classifier.encoder import adapter, base
from classifier.encoder.graph import build, plain
from classifier.encoder.judge import EncoderJudge


@pytest.fixture(scope="session")
def merged() -> dict[str, base.Floats]:
    """Return the weights of base and adapter."""
    return adapter.load().merged()


@pytest.fixture(scope="session")
def judge(merged: dict[str, base.Floats]) -> EncoderJudge:
    """Return the encoder as it runs."""
    return EncoderJudge(build(merged))


@pytest.fixture(scope="session")
def exact(merged: dict[str, base.Floats]) -> EncoderJudge:
    """Return the encoder in float32."""
    return EncoderJudge(plain(merged).SerializeToString())
