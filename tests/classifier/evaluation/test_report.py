"""`escalation evaluate` reads three kinds of files and says how the model did on them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from classifier.cli import app
from classifier.evaluation import evaluate, read_dataset

if TYPE_CHECKING:
    from pathlib import Path

    from classifier import EscalationModel

PLOVER = (
    "sentence\tsource\ttarget\troot\n"
    "Rebels shelled the town, killing nine.\tRebels\ttown\tASSAULT\n"
    "The ministers signed a trade accord.\tA\tB\tAGREE\n"
    "The navy sealed off the port.\tA\tB\tCOERCE\n"
)
ITEM = {"title": "Rebels shell town", "text": "Nine were killed.", "labels": ["armed_clash"]}
QUIET = {"title": "Striker signs for three years", "text": "The club paid a record fee."}


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    """Write one small file of each kind."""
    (tmp_path / "p.tsv").write_text(PLOVER, "utf-8")
    (tmp_path / "i.jsonl").write_text(
        json.dumps(ITEM) + "\n\n" + json.dumps(QUIET | {"labels": []}) + "\n", "utf-8"
    )
    (tmp_path / "o.jsonl").write_text(json.dumps(QUIET) + "\n", "utf-8")
    kinds = {"plover": "p.tsv", "items": "i.jsonl", "ordinary": "o.jsonl"}
    return {kind: f"{kind}:{tmp_path / name}" for kind, name in kinds.items()}


def test_coerce_is_left_out_and_threats_sanctions_and_assaults_count(
    files: dict[str, str],
) -> None:
    """Three sentences, of which one is ambiguous by design."""
    dataset = read_dataset(files["plover"])
    assert [bool(truth) for truth in dataset.truth] == [True, False]


def test_a_report_has_a_row_for_every_label(files: dict[str, str], model: EscalationModel) -> None:
    """Ten labels and escalation as such; the ordinary file gives the recall at the budget."""
    report, _ = evaluate(model, [read_dataset(files[k]) for k in ("items", "ordinary")])
    assert len(report.columns) == 11
    assert report.recall_at_budget == 1.0


@pytest.mark.parametrize("spec", ["nothing", "plover:", "news:file"])
def test_another_kind_is_refused(spec: str) -> None:
    """The message says which there are."""
    with pytest.raises(ValueError, match="plover:FILE, items:FILE or ordinary:FILE"):
        read_dataset(spec)


def test_labels_outside_the_codebook_are_refused(tmp_path: Path) -> None:
    """With file and line."""
    (tmp_path / "x.jsonl").write_text('{"title": "a", "labels": ["war"]}\n', "utf-8")
    with pytest.raises(ValueError, match=r"x\.jsonl:1: labels"):
        read_dataset(f"items:{tmp_path / 'x.jsonl'}")


def test_the_command_prints_json_and_writes_a_page(
    files: dict[str, str], bundle_path: Path, tmp_path: Path
) -> None:
    """For people and for machines."""
    page = tmp_path / "page.html"
    arguments = [word for spec in files.values() for word in ("--dataset", spec)]
    result = CliRunner().invoke(
        app, ["evaluate", *arguments, "--json", "--html", str(page), "--model", str(bundle_path)]
    )
    reports = json.loads(result.stdout)
    assert result.exit_code == 0
    assert [report["kind"] for report in reports] == ["plover", "items", "ordinary"]
    assert "<svg" in page.read_text("utf-8")


def test_a_missing_file_is_an_error_and_no_traceback(bundle_path: Path) -> None:
    """Exit code 1."""
    result = CliRunner().invoke(
        app, ["evaluate", "--dataset", "items:nowhere.jsonl", "--model", str(bundle_path)]
    )
    assert result.exit_code == 1
    assert "error:" in result.output
