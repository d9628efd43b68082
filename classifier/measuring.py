"""``escalation evaluate`` and ``model shows``: the model on labelled files.

What measures is imported when it is asked for: a worker starts by the same command line, and must
not carry scikit-learn.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path  # noqa: TC003 - typer reads annotations at run time
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from classifier.bundle import default_bundle_path
from classifier.corpus import load_corpus
from classifier.errors import BundleError, CorpusError
from classifier.judges import LINEAR
from classifier.model import load

if TYPE_CHECKING:
    from classifier.evaluation.judges import Row
    from classifier.evaluation.report import Report

_ERRORS = Console(stderr=True)


def evaluate_command(
    dataset: Annotated[
        list[str],
        typer.Option(help="plover:FILE, items:FILE or ordinary:FILE; may be repeated."),
    ],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    judges: Annotated[
        bool, typer.Option("--judges", help="Compare the bundle's judges: speed, size, quality.")
    ] = False,
    html: Annotated[Path | None, typer.Option(help="Write a page with plots.")] = None,
    model: Annotated[Path | None, typer.Option("--model", help="Bundle directory.")] = None,
) -> None:
    """Measure the model on labelled files; an ordinary one sets the false-alarm threshold."""
    from classifier.evaluation import evaluate, read_dataset  # noqa: PLC0415 - see above
    from classifier.evaluation.judges import compare_judges  # noqa: PLC0415 - see above
    from classifier.evaluation.page import page  # noqa: PLC0415 - see above
    from classifier.evaluation.table import as_data  # noqa: PLC0415 - see above

    try:
        judge = load(model)
        datasets = [read_dataset(spec) for spec in dataset]
    except (BundleError, ValueError, OSError) as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from error
    if judges:
        _print_judges(compare_judges(model or default_bundle_path(), datasets, load_corpus()))
        return
    with Progress(console=_ERRORS, transient=True) as bar:
        task = bar.add_task("assessing", total=None)
        reports = evaluate(
            judge, datasets, lambda done, total: bar.update(task, completed=done, total=total)
        )
    if html is not None:
        html.write_text(page(reports, f"Escalation model {judge.info.digest[:12]}"), "utf-8")
    if as_json:
        typer.echo(json.dumps([as_data(report) for report in reports], indent=2))
        return
    for report in reports:
        _print(report)


def _print_judges(found: list[Row]) -> None:
    """Print a column for each judge: there are more figures than judges."""
    from classifier.evaluation.judges import cells, headings  # noqa: PLC0415 - see above

    table = Table("", *(row.judge for row in found))
    texts = [cells(row) for row in found]
    for at, heading in enumerate(headings(found)[1:], 1):
        table.add_row(heading, *(text[at] for text in texts))
    Console().print(table)


def shows_command(
    measuring_sets: Annotated[
        Path | None,
        typer.Option("--eval", help="Directory with plover*.tsv, world*.jsonl, ordinary*.jsonl."),
    ] = None,
    *,
    speed: Annotated[bool, typer.Option(help="Compare the linear judge's speed, too.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    model: Annotated[Path | None, typer.Option("--model", help="Bundle directory.")] = None,
    judge: Annotated[
        str | None, typer.Option(help="linear leaves the encoder of the bundle aside.")
    ] = None,
) -> None:
    """Print what the classifier is to show: wanted, measured, met."""
    from classifier.evaluation.shows import shows  # noqa: PLC0415 - see above

    try:
        fast = load(model, judge=LINEAR) if speed else None
        found = shows(load(model, judge=judge), load_corpus(), measuring_sets, fast)
    except (BundleError, CorpusError, ValueError, OSError) as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from error
    if as_json:
        typer.echo(json.dumps([{**asdict(show), "met": show.met} for show in found], indent=2))
        return
    table = Table("figure", "wanted", "measured", "met")
    for show in found:
        sign = "<=" if show.at_most else ">="
        table.add_row(
            show.what,
            f"{sign} {show.wanted:g}",
            f"{show.measured:.4g}",
            "yes" if show.met else "NO",
        )
    Console().print(table)


def _print(report: Report) -> None:
    from classifier.evaluation.table import HEADINGS, rows  # noqa: PLC0415 - see above

    table = Table(*HEADINGS, title=f"{report.dataset}: {report.items:,} items")
    for row in rows(report):
        table.add_row(*row)
    out = Console()
    out.print(table)
    recall = report.recall_at_budget
    extra = "" if recall is None else f"; recall at the budget's false alarms {recall:.3f}"
    out.print(f"false alarms at the floors {report.false_alarms:.2%}{extra}")
