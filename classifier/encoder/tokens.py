"""From a text to the encoder's tokens, cut to a length and padded to a batch."""

from __future__ import annotations

import functools
from importlib import resources
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tokenizers import Tokenizer

Ints = npt.NDArray[np.int64]

LENGTH: Final = 96
"""Tokens of a text that are read; a block of title and two sentences has 60 or so."""

UNKNOWN: Final = "[UNK]"
START, END = 101, 102
"""Ids of the tokens before and after a text."""


@functools.cache
def tokenizer() -> Tokenizer:
    """Return the word-piece tokenizer of BERT (uncased) with its vocabulary."""
    import tokenizers  # noqa: PLC0415  optional: only a bundle with an encoder needs it
    from tokenizers.models import WordPiece  # noqa: PLC0415
    from tokenizers.normalizers import BertNormalizer  # noqa: PLC0415
    from tokenizers.pre_tokenizers import BertPreTokenizer  # noqa: PLC0415
    from tokenizers.processors import BertProcessing  # noqa: PLC0415

    words = resources.files("classifier.encoder.data").joinpath("vocab.txt")
    lines = words.read_text(encoding="utf-8").splitlines()
    vocabulary = {word: at for at, word in enumerate(lines)}
    made = tokenizers.Tokenizer(WordPiece(vocabulary, unk_token=UNKNOWN))
    made.normalizer = BertNormalizer(lowercase=True)
    made.pre_tokenizer = BertPreTokenizer()
    made.post_processor = BertProcessing((lines[END], END), (lines[START], START))
    made.enable_truncation(LENGTH)
    return made


def tokens(texts: Sequence[str]) -> list[list[int]]:
    """Return the ids of each text's tokens, at most :data:`LENGTH`."""
    return [found.ids for found in tokenizer().encode_batch(list(texts))]


def padded(rows: Sequence[Sequence[int]]) -> tuple[Ints, Ints]:
    """Return ids and mask of a batch, each ``(n_texts, longest)``; padding has id and mask 0."""
    width = max(map(len, rows))
    ids = np.zeros((len(rows), width), dtype=np.int64)
    mask = np.zeros_like(ids)
    for at, row in enumerate(rows):
        ids[at, : len(row)] = row
        mask[at, : len(row)] = 1
    return ids, mask
