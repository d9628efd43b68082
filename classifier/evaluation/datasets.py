"""The kinds of files that a model can be measured on."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from classifier.ontology import CUES, LABELS
from classifier.types import Item

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ESCALATION: Final = "escalation"
"""Name of the column "any of the nine cues", scored by ``Assessment.score``."""

_POSITIVE: Final = frozenset({"THREATEN", "SANCTION", "MOBILIZE", "ASSAULT"})
_LEFT_OUT: Final = "COERCE"


@dataclass(frozen=True, slots=True)
class Dataset:
    """Items and what is true of them.

    Parameters
    ----------
    kind
        ``plover``, ``items`` or ``ordinary``.
    name
        Of the file.
    items
        In the order of the file.
    truth
        For each item the names that hold: labels, and ``escalation`` for any of the nine.
    columns
        The names that the file can tell about.
    """

    kind: str
    name: str
    items: tuple[Item, ...]
    truth: tuple[frozenset[str], ...]
    columns: tuple[str, ...]


def read_dataset(spec: str) -> Dataset:
    """Read ``KIND:FILE``.

    ``plover``
        Tab-separated ``sentence, source, target, root`` with a header. THREATEN, SANCTION,
        MOBILIZE and ASSAULT are escalation; COERCE is left out, since its acts are both.
    ``items``
        JSON lines with ``title``, ``text`` and ``labels`` of the codebook.
    ``ordinary``
        JSON lines without any cue: every alert is a false alarm.

    Raises
    ------
    ValueError
        If the kind is unknown or a line does not fit it.
    OSError
        If the file cannot be read.
    """
    kind, _, file = spec.partition(":")
    readers: dict[str, Callable[[Path], Iterator[tuple[Item, frozenset[str]]]]] = {
        "plover": _plover,
        "items": _items,
        "ordinary": _ordinary,
    }
    if kind not in readers or not file:
        msg = f"a dataset is plover:FILE, items:FILE or ordinary:FILE, not {spec!r}"
        raise ValueError(msg)
    rows = list(readers[kind](Path(file)))
    columns = (ESCALATION, *LABELS) if kind == "items" else (ESCALATION,)
    return Dataset(
        kind, Path(file).name, tuple(i for i, _ in rows), tuple(t for _, t in rows), columns
    )


def _plover(path: Path) -> Iterator[tuple[Item, frozenset[str]]]:
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        for number, row in enumerate(rows, 2):
            if row.get("sentence") is None or row.get("root") is None:
                msg = f"{path.name}:{number}: needs the columns sentence and root"
                raise ValueError(msg)
            if row["root"] != _LEFT_OUT:
                positive = row["root"] in _POSITIVE
                truth = frozenset({ESCALATION} if positive else ())
                yield Item(str(number), "", row["sentence"], "en"), truth


def _items(path: Path) -> Iterator[tuple[Item, frozenset[str]]]:
    for number, row in _json_lines(path):
        labels = row.get("labels")
        if not isinstance(labels, list) or not set(labels) <= set(LABELS):
            msg = f"{path.name}:{number}: labels must be a list of the codebook's"
            raise ValueError(msg)
        some = {ESCALATION} if set(labels) & set(CUES) else set()
        yield _item(row, number), frozenset({*labels, *some})


def _ordinary(path: Path) -> Iterator[tuple[Item, frozenset[str]]]:
    for number, row in _json_lines(path):
        yield _item(row, number), frozenset()


def _item(row: dict[str, object], number: int) -> Item:
    title, text = str(row.get("title") or ""), str(row.get("text") or "")
    return Item(str(row.get("id", number)), title, text, "en")


def _json_lines(path: Path) -> Iterator[tuple[int, dict[str, object]]]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                row = json.loads(line)
                if not isinstance(row, dict):
                    msg = f"{path.name}:{number}: a line must be a JSON object"
                    raise ValueError(msg)
                yield number, row
