"""``escalation corpus``: check, split and count the labelled text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console
from rich.progress import Progress

from classifier.corpus.check import check
from classifier.corpus.located import Located, Problem, read_located
from classifier.corpus.splitting import assign, write_splits
from classifier.corpus.stats import count, table
from classifier.corpus.store import corpus_path

if TYPE_CHECKING:
    from collections.abc import Iterable

corpus_app = typer.Typer(no_args_is_help=True, help="The labelled text behind the model.")

Folder = Annotated[
    Path | None,
    typer.Argument(exists=True, file_okay=False, help="Folder of *.jsonl (default: ours)."),
]


@corpus_app.command("check")
def check_command(folder: Folder = None) -> None:
    """Check schema, labels, ids, groups, duplicates and leaks; exit 1 with the bad lines."""
    lines, problems = read_located(_files(folder))
    problems += check(lines)
    if problems:
        _fail(problems)
    typer.echo(table(count(lines)))


@corpus_app.command("split")
def split_command(
    folder: Folder = None,
    *,
    reassign: Annotated[
        bool, typer.Option("--reassign", help="Forget the splits that are written.")
    ] = False,
) -> None:
    """Write a split into each line that has none: by group and twins, stratified by label."""
    files = _files(folder)
    lines = _sound(files)
    changed = write_splits(files, assign(lines, reassign=reassign))
    typer.echo(f"{changed:,} of {len(lines):,} lines changed")


@corpus_app.command("stats")
def stats_command(folder: Folder = None) -> None:
    """Print the counts per cell as Markdown, without checking."""
    typer.echo(stats_table(folder))


def stats_table(folder: Path | None = None) -> str:
    """Return the counts per cell of a folder (ours by default) as Markdown."""
    return table(count(_sound(_files(folder)))).strip()


@corpus_app.command("curve")
def curve_command(
    dataset: Annotated[
        list[str] | None,
        typer.Option(help="Measure on plover:FILE or items:FILE too; may be repeated."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(file_okay=False, help="Folder of the plot (default: ours).")
    ] = None,
    folder: Folder = None,
) -> None:
    """Train the plain pipeline on 1k, 2k, 4k ... lines; print a table and draw a plot."""
    # What only this command needs is slow to load.
    from classifier.evaluation.curve import learning_curve  # noqa: PLC0415
    from classifier.evaluation.curve_plot import svg  # noqa: PLC0415
    from classifier.evaluation.curve_plot import table as curve_table  # noqa: PLC0415
    from classifier.evaluation.datasets import read_dataset  # noqa: PLC0415

    try:
        datasets = [read_dataset(spec) for spec in dataset or []]
    except (ValueError, OSError) as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from error
    corpus = [line.example for line in _sound(_files(folder))]
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("training on growing parts", total=None)
        points = list(
            learning_curve(
                corpus,
                datasets,
                progress=lambda done, total: bar.update(task, completed=done, total=total),
            )
        )
    where = out or corpus_path()
    (where / "curve.svg").write_text(svg(points), encoding="utf-8")
    (where / "curve.md").write_text(curve_table(points), encoding="utf-8")
    typer.echo(curve_table(points))


def _files(folder: Path | None) -> list[Path]:
    return sorted((folder or corpus_path()).glob("*.jsonl"))


def _sound(files: Iterable[Path]) -> list[Located]:
    lines, problems = read_located(files)
    if problems:
        _fail(problems)
    return lines


def _fail(problems: list[Problem]) -> NoReturn:
    for one in problems:
        typer.echo(str(one), err=True)
    typer.echo(f"{len(problems):,} problems", err=True)
    raise typer.Exit(1)
