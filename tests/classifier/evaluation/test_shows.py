"""The table of what the classifier is to show."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from classifier.cli import app
from classifier.corpus import load_corpus
from classifier.evaluation.shows import OF_JUDGE, Show, shows
from classifier.evaluation.speed import LENGTH, make_items
from classifier.evaluation.swap import changes
from classifier.ontology import LABELS

if TYPE_CHECKING:
    from pathlib import Path

    from classifier import EscalationModel


@pytest.mark.parametrize(
    ("show", "expected"),
    [
        (Show("a", 0.5, 0.5), True),
        (Show("a", 0.5, 0.49), False),
        (Show("a", 0.5, 0.49, at_most=True), True),
        (Show("a", 0.5, 0.51, at_most=True), False),
    ],
)
def test_a_figure_is_met_at_what_is_wanted(show: Show, *, expected: bool) -> None:
    """Least and most include the bound."""
    assert show.met is expected


def test_the_table_has_the_figures_of_the_files_there_are(
    model: EscalationModel, tmp_path: Path
) -> None:
    """Average precision of the items; recall needs ordinary news, which is not there."""
    line = {"title": "Rebels shell town", "text": "Nine were killed.", "labels": ["armed_clash"]}
    quiet = {"title": "Club pays record fee", "text": "He signs today.", "labels": []}
    path = tmp_path / "world_x.jsonl"
    path.write_text(json.dumps(line) + "\n" + json.dumps(quiet) + "\n", "utf-8")
    found = {s.what: s for s in shows(model, load_corpus()[::20], tmp_path)}
    assert found["world_x.jsonl: average precision"].measured == 1.0
    assert found["world_x.jsonl: average precision"].wanted == OF_JUDGE[model.info.judge].items
    assert not any("false alarms" in what or "speed" in what for what in found)
    assert sum(what.startswith("behaviour: ") for what in found) >= 10


def test_the_command_says_what_is_wrong(tmp_path: Path) -> None:
    """A missing bundle is an error and no traceback."""
    result = CliRunner().invoke(app, ["model", "shows", "--model", str(tmp_path / "none")])
    assert result.exit_code == 1
    assert "error: no model bundle" in result.output


def test_text_without_a_state_cannot_be_exchanged(model: EscalationModel) -> None:
    """It is left out, not counted as unchanged."""
    assert len(changes(model, ["The fleet sailed."], random.Random(0))) == 0


def test_items_to_measure_speed_on_are_as_long_as_news_and_mostly_quiet() -> None:
    """1.5 kB each, one in twenty about a cue, every cue among them."""
    corpus = load_corpus()
    items = make_items(corpus)
    assert {len(item.text) for item in items} == {LENGTH}
    labelled = {e.text[:80]: e.labels for e in corpus if e.labels}
    loud = [labelled[item.title] for item in items if item.title in labelled]
    assert len(loud) == len(items) / 20
    assert {labels[0] for labels in loud} == set(LABELS)
