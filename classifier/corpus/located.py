"""The corpus with the place of every line, and every bad line told, not only the first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from classifier.corpus.records import Example, parse_line
from classifier.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Located:
    """A line of the corpus and where it stands."""

    file: str
    number: int
    example: Example

    @property
    def group(self) -> str | None:
        """The contrast group's name, unique in the corpus."""
        return f"{self.file}/{self.example.group}" if self.example.group else None


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a line.

    Parameters
    ----------
    file, number
        Where it stands; lines count from 1.
    id
        Its id, when it could be read.
    what
        What is wrong, in words.
    """

    file: str
    number: int
    id: str
    what: str

    def __str__(self) -> str:
        """Return ``file:line: id: what``, which editors can jump to."""
        return f"{self.file}:{self.number}: {self.id or '(no id)'}: {self.what}"


def problem(line: Located, what: str) -> Problem:
    """Return a problem of ``line``."""
    return Problem(line.file, line.number, line.example.id, what)


def read_located(files: Iterable[Path]) -> tuple[list[Located], list[Problem]]:
    """Read files of labelled lines; bad lines become problems, the others are returned.

    Raises
    ------
    OSError
        If a file cannot be read.
    """
    found: list[Located] = []
    problems: list[Problem] = []
    for path in files:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    try:
                        found.append(Located(path.name, number, parse_line(line, path.stem)))
                    except CorpusError as error:
                        problems.append(Problem(path.name, number, "", str(error)))
    return found, problems
