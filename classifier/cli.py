"""The classifier's part of the ``escalation`` command line, to be mounted in its root.

``app`` holds ``train`` and ``score`` as commands and ``model``, ``corpus`` as groups.
"""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, NoReturn, TextIO

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from classifier import acceptance, bundle
from classifier.corpus.commands import corpus_app
from classifier.encoder.adapter import DATA
from classifier.errors import BundleError, CorpusError, EncoderError
from classifier.judges import LINEAR
from classifier.lines import as_line, parse_item
from classifier.measuring import evaluate_command, shows_command
from classifier.model import EscalationModel, load
from classifier.types import Item

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from classifier.corpus import Example
    from classifier.judges import Kind

app = typer.Typer(no_args_is_help=True, help="Train, measure and use the classifier.")
model_app = typer.Typer(no_args_is_help=True, help="Look at a model bundle.")
app.add_typer(model_app, name="model")
app.add_typer(corpus_app, name="corpus")
app.command("evaluate")(evaluate_command)
model_app.command("shows")(shows_command)

BATCH: Final = 256
_ERRORS: Final = Console(stderr=True)

ModelOption = Annotated[
    Path | None,
    typer.Option("--model", help="Bundle directory (default: ESCALATION_MODEL_PATH or ours)."),
]


@app.command()
def train(
    extra: Annotated[
        list[Path] | None,
        typer.Option(help="File of your own labelled lines; may be repeated."),
    ] = None,
    budget: Annotated[
        float, typer.Option(min=0.0001, max=0.2, help="Share of ordinary news that may alert.")
    ] = 0.005,
    out: Annotated[Path | None, typer.Option(help="Where the bundle goes.")] = None,
    judge: Annotated[
        str | None,
        typer.Option(help="linear or encoder (default: encoder if its libraries are there)."),
    ] = None,
    miss: Annotated[
        float,
        typer.Option(min=0.0001, max=0.1, help="Share of alerts that the screen may lose."),
    ] = 0.003,
    *,
    encoder: Annotated[
        bool, typer.Option("--encoder", help="Fine-tune the encoder first; needs PyTorch.")
    ] = False,
    epochs: Annotated[int, typer.Option(min=1, max=20, help="Of the fine-tuning.")] = 3,
    seed: Annotated[int, typer.Option(min=0, help="Of the fine-tuning.")] = 0,
) -> None:
    """Train the classifier on the corpus and write a verified bundle."""
    try:
        from classifier import training  # noqa: PLC0415 - inference must not import it
    except ModuleNotFoundError as error:
        _fail(
            f"training needs {error.name}, which the image leaves out: train where it is not slim"
        )
    from classifier.corpus import load_corpus, load_file  # noqa: PLC0415

    target = out or bundle.default_bundle_path()
    try:
        corpus = load_corpus()
        more = [example for path in extra or [] for example in load_file(path)]
    except (CorpusError, OSError) as error:
        _fail(str(error))
    if judge not in {None, "linear", "encoder"}:
        _fail(f"--judge: {judge} is neither linear nor encoder")
    kind: Kind | None = judge  # type: ignore[assignment]  # checked above
    try:
        if encoder:
            _fine_tune(corpus, more, target, epochs, seed)
        with _progress() as (tell, _):
            digest = training.train(
                corpus, target, extra=more, budget=budget, judge=kind, miss=miss, progress=tell
            )
    except EncoderError as error:
        _fail(str(error))
    typer.echo(f"{target}\n{digest}")


def _fine_tune(
    corpus: Sequence[Example], extra: Sequence[Example], target: Path, epochs: int, seed: int
) -> None:
    """Fine-tune the adapter and keep it with the code; the run is kept beside the bundle."""
    try:
        from classifier.encoder.adapting import train_adapter  # noqa: PLC0415 - needs PyTorch
    except ModuleNotFoundError as error:
        _fail(f"--encoder needs {error.name}: install the extra train")
    checkpoint = target.with_name(f"{target.name}.run.pt")
    checkpoint.parent.mkdir(parents=True, exist_ok=True)
    with _progress() as (tell, bar):

        def told(state: str, done: int, total: int) -> None:
            if state.startswith("epoch"):
                bar.console.print(state)
            else:
                tell(state, done, total)

        train_adapter(corpus, extra, DATA, checkpoint, epochs=epochs, seed=seed, tell=told)


@contextmanager
def _progress() -> Iterator[tuple[Callable[[str, int, int], None], Progress]]:
    columns = TextColumn("{task.description:28}"), BarColumn(), TimeElapsedColumn()
    with Progress(*columns, console=_ERRORS) as bar:
        task = bar.add_task("training", total=None)

        def tell(step: str, done: int, total: int) -> None:
            bar.update(task, description=step, completed=done, total=total)

        yield tell, bar


@app.command()
def score(
    file: Annotated[
        typer.FileText, typer.Argument(help="JSON lines, or - for standard input.")
    ] = "-",  # type: ignore[assignment]
    *,
    text: Annotated[bool, typer.Option("--text", help="The file is one plain text.")] = False,
    occlusion: Annotated[
        bool, typer.Option("--occlusion", help="Add the words that the encoder went by; slow.")
    ] = False,
    model: ModelOption = None,
) -> None:
    """Score items: JSON lines in, JSON lines out, in the same order; needs no Kafka."""
    judge = _load(model)
    if text:
        _write(judge, [Item("text", "", file.read())], occlusion)
        return
    bad = 0
    batch: list[Item] = []
    for entry in _items(file):
        if isinstance(entry, Item):
            batch.append(entry)
            if len(batch) == BATCH:
                _write(judge, batch, occlusion)
                batch = []
        else:
            bad += 1
            typer.echo(json.dumps(entry, ensure_ascii=False), err=True)
    _write(judge, batch, occlusion)
    if bad:
        raise typer.Exit(1)


def _items(lines: TextIO) -> Iterator[Item | dict[str, Any]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield parse_item(line)
        except ValueError as error:
            yield {"line": number, "error": str(error)}


def _write(judge: EscalationModel, batch: list[Item], occlusion: bool) -> None:
    for assessment in judge.assess(batch, occlusion=occlusion):
        sys.stdout.write(as_line(assessment, judge.info) + "\n")
    sys.stdout.flush()


@model_app.command("show")
def show(path: ModelOption = None) -> None:
    """Print what is known of the model: digest, versions, floors, figures."""
    judge = _load(path)
    typer.echo(json.dumps(asdict(judge.info), indent=2, ensure_ascii=False))


@model_app.command("verify")
def verify(
    path: ModelOption = None,
    digest: Annotated[str | None, typer.Option(help="The digest that it must have.")] = None,
) -> None:
    """Check every file of the bundle against its manifest; exit 1 when one differs."""
    where = path or bundle.default_bundle_path()
    try:
        manifest = bundle.verify(where, digest)
    except BundleError as error:
        _fail(str(error))
    typer.echo(f"{where}: {manifest['digest']} verified")


@model_app.command("promote")
def promote(
    source: Annotated[Path, typer.Argument(help="Directory of the new bundle.")],
    target: Annotated[
        Path | None, typer.Option(help="Where workers look (default: ESCALATION_MODEL_PATH).")
    ] = None,
) -> None:
    """Verify a bundle, put it through the behaviour table, and place it for running workers."""
    where = target or bundle.default_bundle_path()
    try:
        digest = acceptance.promote(source, where)
    except BundleError as error:
        _fail(str(error))
    typer.echo(f"{where}: {digest} promoted")


@model_app.command("card")
def card(path: ModelOption = None) -> None:
    """Print the model card that was written when the bundle was saved."""
    where = path or bundle.default_bundle_path()
    try:
        bundle.verify(where)
    except BundleError as error:
        _fail(str(error))
    typer.echo((where / bundle.CARD_FILE).read_text(encoding="utf-8"))


@model_app.command("speed")
def speed(path: ModelOption = None) -> None:
    """Compare the linear judge's speed, per second of one core, with plain scikit-learn."""
    from classifier.corpus import load_corpus  # noqa: PLC0415 - only measuring needs these
    from classifier.evaluation.speed import compare  # noqa: PLC0415

    ours, plain = compare(_load(path, LINEAR), load_corpus())
    typer.echo("items/s of 1.5 kB     ours   plain   ratio")
    for name, one, other in (
        ("in batches", ours.batch, plain.batch),
        ("one at a time", ours.single, plain.single),
    ):
        typer.echo(f"{name:18}{one:8.0f}{other:8.0f}{one / other:8.2f}")


def _load(path: Path | None, judge: str | None = None) -> EscalationModel:
    try:
        return load(path, judge=judge)
    except BundleError as error:
        _fail(str(error))


def _fail(message: str) -> NoReturn:
    typer.echo(f"error: {message}", err=True)
    raise typer.Exit(1)
