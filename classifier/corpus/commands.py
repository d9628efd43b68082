"""``escalation corpus``: check, split and count the labelled text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

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
    typer.echo(table(count(_sound(_files(folder)))))


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
