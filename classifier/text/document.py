"""An item as one cleaned text with the offsets of its sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import sentencex

from classifier.text.boilerplate import without_boilerplate
from classifier.text.markup import plain
from classifier.types import Item

HEAD: Final = 24_000
TAIL: Final = 8_000
"""Code points kept of a longer body: its head and tail, where reports say what is new."""

MAX_TITLE: Final = 600
MAX_SENTENCE: Final = 700
"""A longer "sentence" (a list, a table, a missing full stop) is cut at a blank."""

MAX_SENTENCES: Final = 400

# A line that goes on in small letters was wrapped by a mailer, not ended by a writer.
_WRAPPED: Final = re.compile(r"(?<=[\w,;-])\n(?=[a-z])")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a document: ``document.text[start:end]``."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """A cleaned item.

    Parameters
    ----------
    text
        Title, a line break, body; NFC, without markup and boilerplate.
    title
        Whether the first sentences are the title's; how many.
    sentences
        In order, at most :data:`MAX_SENTENCES` (head and tail of more).
    """

    text: str
    title: int
    sentences: tuple[Sentence, ...]


def read(item: Item) -> Document:
    """Clean an item and cut it into sentences.

    Raises
    ------
    ValueError
        If a field is not a string.
    """
    for name, value in (("title", item.title), ("text", item.text)):
        if not isinstance(value, str):
            msg = f"item {item.id!r}: {name} must be a string, not {type(value).__name__}"
            raise ValueError(msg)  # noqa: TRY004 - the documented error of assess
    title = plain(item.title).replace("\n", " ")[:MAX_TITLE]
    body = _WRAPPED.sub(" ", without_boilerplate(plain(item.text)))
    if title and body.startswith(title):
        body = body[len(title) :].lstrip(" .:-|\n")
    if len(body) > HEAD + TAIL:
        body = body[:HEAD] + "\n" + body[-TAIL:]
    text = f"{title}\n{body}" if title and body else title or body
    heads = _split(title, 0)
    sentences = heads + _split(body, len(text) - len(body))
    if len(sentences) > MAX_SENTENCES:
        half = MAX_SENTENCES // 2
        sentences = sentences[:half] + sentences[-half:]
    return Document(text, len(heads), tuple(sentences))


def _split(text: str, start: int) -> list[Sentence]:
    """Cut at the splitter's boundaries and at line ends; blanks around belong to none."""
    found: list[Sentence] = []
    for line in text.split("\n"):
        at = start
        for piece in sentencex.segment("en", line) if line else ():
            _add(found, piece, at)
            at += len(piece)
        start += len(line) + 1
    return found


def _add(found: list[Sentence], piece: str, at: int) -> None:
    while piece:
        cut = len(piece)
        if cut > MAX_SENTENCE:
            cut = piece.rfind(" ", MAX_SENTENCE // 2, MAX_SENTENCE) + 1 or MAX_SENTENCE
        bare = piece[:cut].strip()
        if bare:
            begin = at + piece.index(bare)
            found.append(Sentence(bare, begin, begin + len(bare)))
        piece, at = piece[cut:], at + cut
