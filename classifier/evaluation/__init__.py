"""Measure a model on labelled text: how right, how calibrated, how sure of it.

:mod:`~classifier.evaluation.datasets` reads what there is to measure on,
:mod:`~classifier.evaluation.metrics` computes, :mod:`~classifier.evaluation.report` puts
together, :mod:`~classifier.evaluation.page` draws.
"""

from __future__ import annotations

from classifier.evaluation.datasets import Dataset, read_dataset
from classifier.evaluation.report import Report, evaluate

__all__ = ["Dataset", "Report", "evaluate", "read_dataset"]
