"""Rebuild what a bundle keeps as plain data."""

from __future__ import annotations

from typing import Any

import numpy as np

from classifier.features import Vocabulary
from classifier.kinship import Kinship
from classifier.linear import LinearJudge


def kinship_of(state: dict[str, Any]) -> Kinship | None:
    """Return the further weights of words, None for a model trained without."""
    if not state["pieces"]:
        return None
    rarity = dict(zip(state["forms"], state["rarity"].tolist(), strict=True))
    weights = state["piece_weights"].astype(np.float64)
    return Kinship(state["pieces"], weights, rarity, state["unseen"])


def words_of(state: dict[str, Any]) -> Vocabulary:
    """Return what is known of words."""
    return Vocabulary(frozenset(state["common"]), frozenset(state["frequent"]))


def judge_of(state: dict[str, Any]) -> LinearJudge:
    """Return the judge."""
    return LinearJudge(
        state["vocabulary"],
        state["coef"],
        state["intercept"],
        words_of(state),
        kinship_of(state),
    )
