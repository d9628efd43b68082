"""The fast judge gives the numbers of the plain scikit-learn pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier import bundle, lexicon, plain
from classifier.corpus import load_corpus
from classifier.fitting import as_seen
from classifier.linear import LinearJudge
from classifier.terms import weigh
from classifier.text import read
from classifier.types import Item

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

WORDS = st.sampled_from(
    [
        *("troops", "Troops,", "U.S.-led", "North", "Korea's", "not", "denied", "attacked"),
        *("Ruritania", "the", "-", "missile;", "United", "Nations", "didn't", "1994", "$5bn"),
        *("sanctions", "Sanctions\u2019", "border.", "\u2014", "zxqv"),
    ]
)


@pytest.fixture(scope="module")
def state(bundle_path: Path) -> dict[str, Any]:
    """Return the state of the session's bundle."""
    return bundle.load(bundle_path).state


@pytest.fixture(scope="module")
def judge(state: dict[str, Any]) -> LinearJudge:
    """Return a judge of its own for this module."""
    return LinearJudge.of(state)


def test_corpus_text_has_the_same_log_odds(state: dict[str, Any], judge: LinearJudge) -> None:
    """On 800 real passages of all registers, to a millionth."""
    texts = [text for example in load_corpus()[::37] for text in as_seen(example)][:800]
    units = [text.split("\n") for text in texts]
    fast = judge.logits([s for unit in units for s in unit], [len(unit) for unit in units])
    assert np.abs(fast - plain.logits(state, texts)).max() < 1e-6


@settings(deadline=None, max_examples=150)
@given(words=st.lists(st.one_of(WORDS, st.text(max_size=12)), max_size=40))
def test_any_text_has_the_same_log_odds(
    state: dict[str, Any], judge: LinearJudge, words: list[str]
) -> None:
    """Odd chunks, names of several words, negations, unknown letters: no difference."""
    sentences = read(Item("", "", " ".join(words))).pieces
    if sentences:
        fast = judge.logits(sentences)
        text = [plain.logits(state, [sentence])[0] for sentence in sentences]
        assert np.abs(fast - np.array(text)).max() < 1e-6


def test_terms_sum_to_the_log_odds(judge: LinearJudge) -> None:
    """Every term is exact: with the intercept they are the judge's number."""
    sentence = "North Korea did not deny that its troops, its tanks and its troops attacked Fiji."
    total = weigh(sentence, judge).shares.sum(axis=0) + judge.intercept
    assert total == pytest.approx(judge.logits([sentence])[0])


def test_memory_stays_bounded_however_many_words_come(
    judge: LinearJudge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full lexicon is replaced by an empty one and the numbers stay the same."""
    sentences = [" ".join(f"w{n}x{k}" for k in range(60)) for n in range(20)]
    expected = judge.logits(sentences)
    monkeypatch.setattr(lexicon, "CAPACITY", 300)
    judge._lexicon = judge._fresh()
    found = judge.logits(sentences)
    assert len(judge._lexicon) <= 300
    assert np.allclose(found, expected)
