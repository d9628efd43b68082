"""Training is deterministic, and what it gives can be carried about."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

import pytest

import classifier
from classifier import training
from classifier.corpus import load_corpus

if TYPE_CHECKING:
    from pathlib import Path

    from classifier.corpus import Example

SCRIPT = """
from pathlib import Path
from classifier import training
from classifier.corpus import load_corpus
print(training.train(load_corpus()[::15], Path({path!r})))
"""


LOOSE = 0.05
"""A budget of false alarms, as a share."""


class Trained(NamedTuple):
    """A bundle, its digest, and the progress that was told while it was trained."""

    path: Path
    digest: str
    told: list[tuple[str, int, int]]


@pytest.fixture(scope="module")
def small() -> list[Example]:
    """Return a fifteenth of the corpus: all labels, all kinds, a few seconds."""
    return load_corpus()[::15]


@pytest.fixture(scope="module")
def loose(small: list[Example], tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """Train on the small corpus with a loose budget, once."""
    told: list[tuple[str, int, int]] = []
    path = tmp_path_factory.mktemp("loose")
    digest = training.train(small, path, budget=LOOSE, progress=lambda *step: told.append(step))
    return Trained(path, digest, told)


def test_same_corpus_and_versions_give_the_same_digest(tmp_path: Path) -> None:
    """In other processes, with other hash seeds."""
    digests = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT.format(path=str(tmp_path / seed))],
            check=True,
            capture_output=True,
            text=True,
            env=os.environ | {"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def test_the_budget_moves_the_floors_and_with_them_the_digest(
    small: list[Example], loose: Trained, tmp_path: Path
) -> None:
    """The digest vouches for the floors, too; the date is no part of it."""
    tight = training.train(small, tmp_path / "tight", budget=LOOSE / 100)
    later = training.train(
        small, tmp_path / "later", budget=LOOSE, now=lambda: datetime(2000, 1, 1, tzinfo=UTC)
    )
    low, high = (classifier.load(path).info.floors for path in (loose.path, tmp_path / "tight"))
    assert low["sanctions"] < high["sanctions"]
    assert tight != loose.digest
    assert loose.digest == later


def test_extra_text_teaches_new_words(small: list[Example], loose: Trained, tmp_path: Path) -> None:
    """A user's own lines without a split are trained on."""
    extra = [
        classifier.corpus.parse_line(
            f'{{"text": "The fleet began to qorvane the port of town {n}.",'
            ' "labels": ["blockade"]}'
        )
        for n in range(40)
    ]
    item = classifier.Item("1", "", "The fleet began to qorvane the port.", "en")
    training.train(small, tmp_path, budget=LOOSE, extra=extra)
    without, taught = (
        classifier.load(path).assess([item])[0].scores["blockade"]
        for path in (loose.path, tmp_path)
    )
    assert taught > without


def test_progress_is_told_from_start_to_end(loose: Trained) -> None:
    """So that a bar can show it."""
    told = loose.told
    assert told[0][1] == 0
    assert told[-1][1] == told[-1][2]
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)


def test_a_corpus_without_a_label_is_refused(small: list[Example], tmp_path: Path) -> None:
    """Better than a model that never says it."""
    poor = [e for e in small if "blockade" not in {x for p in e.passages for x in p.labels}]
    with pytest.raises(ValueError, match="no text with blockade in the train split"):
        training.train(poor, tmp_path)


def test_a_model_survives_pickling(model: classifier.EscalationModel) -> None:
    """It can be sent to another process, and says the same there."""
    item = classifier.Item("1", "Troops mass on the border", "Tanks shelled two villages.")
    again = pickle.loads(pickle.dumps(model))  # noqa: S301 - our own bytes
    assert again.assess([item]) == model.assess([item])


def test_inference_does_not_import_training() -> None:
    """Who scores needs neither the corpus tools nor the command line."""
    code = (
        "import sys, classifier; "
        "bad = {'classifier.training', 'classifier.learning', 'classifier.fitting', 'typer'}; "
        "sys.exit(bool(bad & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
