"""Where the corpus lies and how it is read."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from classifier.corpus.records import Example, parse_line
from classifier.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Iterable


def corpus_path() -> Path:
    """Return the folder of the corpus, which is beside this module."""
    return Path(__file__).parent


def load_corpus(path: Path | None = None) -> list[Example]:
    """Read every ``*.jsonl`` of a folder, in the order of file names and lines.

    Raises
    ------
    CorpusError
        At the first bad line, with file and line number.
    """
    files = sorted((path or corpus_path()).glob("*.jsonl"))
    return [example for file in files for example in load_file(file)]


def load_file(path: Path) -> list[Example]:
    """Read one file of labelled lines (blank lines are skipped).

    Raises
    ------
    CorpusError
        At the first bad line, with file and line number.
    """
    examples = []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                try:
                    examples.append(parse_line(line, path.stem))
                except CorpusError as error:
                    msg = f"{path.name}:{number}: {error}"
                    raise CorpusError(msg) from error
    return examples


def corpus_digest(examples: Iterable[Example]) -> str:
    """Return the SHA-256 of what training sees, whatever the files are called."""
    digest = hashlib.sha256()
    for example in examples:
        parts = [example.id, example.title, str(example.split), *example.labels]
        for passage in example.passages:
            parts += [passage.text, *passage.labels, *sorted(passage.modality.values())]
        digest.update("\x1f".join(parts).encode("utf-8", "surrogatepass") + b"\x1e")
    return digest.hexdigest()
