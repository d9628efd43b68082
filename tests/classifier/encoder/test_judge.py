"""The encoder as it runs."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest

from classifier.corpus import load_corpus
from classifier.encoder import adapter, base
from classifier.encoder.graph import build
from classifier.fitting import as_seen

if TYPE_CHECKING:
    from classifier.encoder.judge import EncoderJudge

TEXTS = [text for e in load_corpus() if e.part == "test" for text in as_seen(e)][:300]


def test_int8_agrees_with_float32(judge: EncoderJudge, exact: EncoderJudge) -> None:
    """What quantising costs: a fifth of a nat where log-odds span ten, and hardly any order."""
    small, whole = judge.logits(TEXTS), exact.logits(TEXTS)
    assert np.abs(small - whole).mean() < 0.3
    assert np.corrcoef(small.ravel(), whole.ravel())[0, 1] > 0.995


def test_a_text_is_judged_alike_alone_and_among_others(judge: EncoderJudge) -> None:
    """To the last bit."""
    together = judge.logits(TEXTS[:40])
    alone = np.concatenate([judge.logits([text]) for text in TEXTS[:40]])
    assert np.array_equal(together, alone)


def test_threads_share_one_judge_and_a_pickled_one_says_the_same(judge: EncoderJudge) -> None:
    """Nothing of a run is kept."""
    expected = judge.logits(TEXTS[:32])
    again = pickle.loads(pickle.dumps(judge))  # noqa: S301 - our own
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda one: one.logits(TEXTS[:32]), [judge] * 6 + [again] * 2):
            assert np.array_equal(found, expected)


def test_no_text_gives_no_row(judge: EncoderJudge) -> None:
    """A batch in which nothing passed the screen."""
    assert judge.logits([]).shape == (0, 13)


def test_the_graph_is_the_same_each_time(merged: dict[str, base.Floats]) -> None:
    """So is the digest of a bundle."""
    assert build(merged) == build(merged)


def test_the_graph_computes_what_was_trained(exact: EncoderJudge) -> None:
    """The PyTorch network with the same weights gives the same log-odds."""
    torch = pytest.importorskip("torch", reason="PyTorch comes with the extra train")
    from classifier.encoder import network, tuning  # noqa: PLC0415 - they need PyTorch
    from classifier.encoder.base import load_base  # noqa: PLC0415
    from classifier.encoder.tokens import tokens  # noqa: PLC0415
    from classifier.encoder.wording import without_names  # noqa: PLC0415

    made = network.Network(load_base(), 13)
    names = network.as_adapter({name: torch.tensor(0.0) for name in made.state_dict()})
    saved = adapter.load().weights
    state = {
        own: torch.from_numpy(saved[name].T if own.startswith("head") else saved[name])
        for own, name in zip(made.state_dict(), names, strict=True)
    }
    made.load_state_dict(state)
    found = tuning.judge(made, tokens([without_names(text) for text in TEXTS[:64]]))
    assert np.abs(found - exact.logits(TEXTS[:64])).max() < 1e-2
