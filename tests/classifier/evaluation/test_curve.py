"""The learning curve grows its parts and measures each."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

from harness.corpus import line, write
from typer.testing import CliRunner

from classifier.cli import app
from classifier.corpus import load_corpus
from classifier.evaluation.curve import Point, learning_curve
from classifier.evaluation.curve_plot import svg, table

if TYPE_CHECKING:
    from pathlib import Path

ACTS = {
    "sanctions": "imposed new sanctions",
    "armed_clash": "shelled the town",
    "": "opened a fair",
}


def small_corpus(folder: Path) -> Path:
    """Write lines that a child could tell apart."""
    rows = [
        line(f"a-{act or 'none'}-{n}", f"Ministry {n} {words} on day {n % 7}", *filter(None, [act]))
        for act, words in ACTS.items()
        for n in range(60)
    ]
    parts = {0: "validation", 1: "test"}
    rows = [{**row, "split": parts.get(n % 10, "train")} for n, row in enumerate(rows)]
    return write(folder / "a.jsonl", rows)


def test_parts_grow_up_to_all(tmp_path: Path) -> None:
    """Sizes above that of the split become one point with all of it."""
    corpus = load_corpus(small_corpus(tmp_path).parent)
    points = list(learning_curve(corpus, sizes=(30, 60, 5_000)))
    assert [point.lines for point in points] == [30, 60, 144]
    assert points[-1].scores == {"validation": 1.0, "validation, joined": 1.0}


def test_the_command_writes_table_and_plot(tmp_path: Path) -> None:
    """Both lie in the folder that was asked for, and the plot is well-formed."""
    small_corpus(tmp_path)
    items = tmp_path / "world.json"
    items.write_text('{"title": "Army shelled the town", "text": "", "labels": ["armed_clash"]}\n')
    arguments = ["corpus", "curve", "--dataset", f"items:{items}", "--out", tmp_path, tmp_path]
    result = CliRunner().invoke(app, [str(a) for a in arguments])
    assert result.exit_code == 0, result.output
    assert (tmp_path / "curve.md").read_text() in result.stdout
    assert ET.parse(tmp_path / "curve.svg").getroot().tag.endswith("svg")  # noqa: S314 - our own


def test_the_table_has_a_row_for_each_point() -> None:
    """Markdown, as the datasheet shows it."""
    points = [Point(1000, {"validation": 0.5}), Point(2000, {"validation": 0.625})]
    rows = ["| lines | validation |", "| ---: | ---: |", "| 1,000 | 0.500 |", "| 2,000 | 0.625 |"]
    assert "\n".join(rows) + "\n" == table(points)
    assert svg(points).count("<circle") == 2
