"""The loop from analyst to model closes: a dismissed alert does not come again after training."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from harness.verdicts import verdict
from typer.testing import CliRunner

import classifier
import classifier.corpus
from classifier import Assessment, EscalationModel, Item
from streams.cli import app
from streams.feedback import labelled
from streams.records import Alert, ModelRef

if TYPE_CHECKING:
    from pathlib import Path

FILM = "Gunmen ambushed the convoy and killed six soldiers in the opening scene of the series."


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `escalation train` see a fifteenth of the corpus: seconds instead of half a minute."""
    part = classifier.corpus.load_corpus()[::15]
    monkeypatch.setattr(classifier.corpus, "load_corpus", lambda: part)


def trained(out: Path, *arguments: str) -> EscalationModel:
    # The linear judge: the encoder is not taken in by a film.
    done = CliRunner().invoke(app, ["train", "--judge", "linear", "--out", str(out), *arguments])
    assert done.exit_code == 0, done.output
    return classifier.load(out)


def judged(model: EscalationModel) -> Assessment:
    [assessment] = model.assess([Item("1", "", FILM, "en")])
    return assessment


@pytest.mark.usefixtures("small")
def test_a_dismissed_text_falls_below_the_floor_after_training_with_its_verdict(
    tmp_path: Path,
) -> None:
    before = judged(trained(tmp_path / "before"))
    assert before.alert
    shown = Alert(
        id="i-1-opened",
        incident="i",
        step="opened",
        key="hash",
        headline="A series on television",
        severity=before.severity,
        severity_score=before.severity_score,
        score=before.score,
        cues=before.cues,
        model=ModelRef(version="1", digest="0" * 64),
    )
    file = tmp_path / "verdicts.jsonl"
    lines = labelled([shown], [verdict("dismiss", "not_a_cue")]).lines
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")

    model = trained(tmp_path / "after", "--extra", str(file))

    after = judged(model)
    assert not after.alert
    assert after.score < min(before.score, model.info.floors["armed_clash"])
