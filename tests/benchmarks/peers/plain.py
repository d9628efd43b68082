"""The scoring that all peers share: the plain scikit-learn pipeline, and alerts as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import joblib
import orjson

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LIKELY = 0.5
"""Probability from which a label is an alert."""


class Plain:
    """The plain pipeline: TfidfVectorizer of 1- and 2-grams, one-vs-rest logistic regression."""

    def __init__(self, path: str) -> None:
        self._labels, self._pipeline = joblib.load(path)

    def alerts(self, items: Sequence[Mapping[str, Any]]) -> list[dict[str, Any] | None]:
        """Return an alert, or None, for each of some decoded items."""
        texts = [f"{item.get('title', '')} {item['text']}" for item in items]
        return [
            self._alert(item, row)
            for item, row in zip(items, self._pipeline.predict_proba(texts).tolist(), strict=True)
        ]

    def alert(self, item: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return the alert of one item, or None."""
        return self.alerts([item])[0]

    def _alert(self, item: Mapping[str, Any], row: Sequence[float]) -> dict[str, Any] | None:
        scores = dict(zip(self._labels, row, strict=True))
        cues = {label: score for label, score in scores.items() if score >= LIKELY}
        if not cues:
            return None
        return {
            "id": item["id"],
            "title": item.get("title"),
            "url": item.get("url"),
            "source": item.get("source"),
            "published_at": item.get("published_at"),
            "cues": cues,
            "scores": scores,
        }


def encode(alert: Mapping[str, Any]) -> bytes:
    """Return an alert as JSON."""
    encoded: bytes = orjson.dumps(alert)
    return encoded
