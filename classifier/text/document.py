"""An item as one cleaned text with the offsets of its sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from classifier.text.boilerplate import (
    is_banner,
    may_hold_banner,
    without_agency,
    without_boilerplate,
    without_dateline,
)
from classifier.text.markup import plain
from classifier.text.sentences import pieces

if TYPE_CHECKING:
    from classifier.types import Item

HEAD: Final = 24_000
TAIL: Final = 8_000
"""Code points kept of a longer body: its head and tail, where reports say what is new."""

MAX_TITLE: Final = 600
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
        Title, a line break, body; NFC, without markup and lines of boilerplate.
    titles
        How many of the first sentences are the title's.
    pieces
        Sentences in order, at most :data:`MAX_SENTENCES` (head and tail of more), with the
        blanks after them. Banners in the line of other sentences are none.
    """

    text: str
    titles: int
    pieces: tuple[str, ...]

    def sentences(self) -> list[Sentence]:
        """Return the sentences with their offsets (found when asked for, not before)."""
        found, at = [], 0
        for piece in self.pieces:
            bare = piece.strip()
            start = self.text.find(bare, at)
            at = start + len(bare)
            found.append(Sentence(bare, start, at))
        return found


def read(item: Item) -> Document:
    """Clean an item and cut it into sentences.

    Raises
    ------
    ValueError
        If a field is not a string.
    """
    fields: tuple[tuple[str, object], ...] = (("title", item.title), ("text", item.text))
    for name, value in fields:
        if not isinstance(value, str):
            msg = f"item {item.id!r}: {name} must be a string, not {type(value).__name__}"
            raise ValueError(msg)  # noqa: TRY004 - the documented error of assess
    title = without_agency(plain(item.title).replace("\n", " ")[:MAX_TITLE])
    body = plain(item.text)
    if "\n" in body:
        body = _WRAPPED.sub(" ", without_boilerplate(body))
    if title and body.startswith(title):
        body = body[len(title) :].lstrip(" .:-|\n")
    body = without_dateline(body)
    if len(body) > HEAD + TAIL:
        body = body[:HEAD] + "\n" + body[-TAIL:]
    head = pieces(title)
    rest = pieces(body)
    if may_hold_banner(body):
        rest = [piece for piece in rest if not is_banner(piece)]
    found = head + rest
    if len(found) > MAX_SENTENCES:
        half = MAX_SENTENCES // 2
        found = found[:half] + found[-half:]
    text = f"{title}\n{body}" if title and body else title or body
    return Document(text, len(head), tuple(found))
