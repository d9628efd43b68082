"""What is remembered of words stays small whatever they are."""

from __future__ import annotations

import random
import tracemalloc

import numpy as np

from classifier.features import Vocabulary
from classifier.lexicon import ChunkMeaning, Lexicon
from classifier.masking import read_chunk
from classifier.remembering import LONGEST, remembers

KEPT = 4_000_000
"""Bytes; 500 long chunks would be fifteen million."""


def chunks(count: int) -> list[str]:
    """Return long chunks of many short words, each another one."""
    draw = random.Random(count)
    words = [
        [f"{draw.choice('abcdefgh')}{draw.randrange(100)}" for _ in range(180)]
        for _ in range(count)
    ]
    return ["-".join(several)[:700] for several in words]


def test_long_chunks_are_not_remembered() -> None:
    common = frozenset({"the"})
    read_chunk("warm-up", common)
    tracemalloc.start()
    for chunk in chunks(500):
        read_chunk(chunk, common)
    kept = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()

    assert kept < KEPT


def test_a_lexicon_keeps_no_forms() -> None:
    def mean(chunk: str) -> ChunkMeaning:
        forms = tuple(chunk.split("-"))
        return ChunkMeaning(forms, np.ones(2), np.zeros(2), -1, -1, negates=False, pairs=())

    lexicon = Lexicon(np.zeros((1, 2)), mean)
    lexicon.look_up(["warm-up"])
    tracemalloc.start()
    for chunk in chunks(500):
        lexicon.look_up([chunk])
    kept = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()

    assert len(lexicon) == 502
    assert kept < KEPT


def test_short_texts_are_worked_out_once_and_long_ones_each_time() -> None:
    seen = []

    @remembers(10)
    def size(text: str) -> int:
        seen.append(text)
        return len(text)

    short, long = "x" * LONGEST, "x" * (LONGEST + 1)
    assert [size(text) for text in (short, short, long, long)] == [48, 48, 49, 49]
    assert seen == [short, long, long]


def test_what_is_remembered_under_the_words_of_one_bundle_is_not_compared_with_another_s() -> None:
    """Two models in a process (a swap, a shadow) took ten times as long for an alert."""
    state = {"common": ["the", "of"], "frequent": [], "known": []}
    one, same = Vocabulary.of(state).common, Vocabulary.of(state).common

    assert set(one) == set(same)
    assert one != same
    assert read_chunk("Troops", one) == read_chunk("Troops", same)
