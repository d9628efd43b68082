"""One line of the corpus as a typed record."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from classifier.errors import CorpusError
from classifier.ontology import LABELS, modalities

if TYPE_CHECKING:
    from collections.abc import Mapping

SHARES: Final = {"train": 0.76, "calibration": 0.10, "validation": 0.07, "test": 0.07}
SPLITS: Final = tuple(SHARES)


@dataclass(frozen=True, slots=True)
class Passage:
    """A labelled stretch of text: a whole short text, or a sentence of an article.

    Parameters
    ----------
    text
        As written.
    labels
        Cues of the codebook; none for boilerplate.
    modality
        Label -> how it is reported, where the author said it.
    boilerplate
        Whether it is a banner or share bar between the sentences of an article.
    """

    text: str
    labels: tuple[str, ...]
    modality: Mapping[str, str]
    boilerplate: bool = False


@dataclass(frozen=True, slots=True)
class Example:
    """A line of the corpus.

    Parameters
    ----------
    id
        Unique in the corpus.
    title
        Of an article; empty for single texts.
    passages
        One for a text, one per sentence for an article.
    labels
        Of the item as a whole.
    register, region, era, group, split
        As the codebook and datasheet describe them; ``group`` names near twins that share
        a split, ``split`` is None until one is assigned.
    source
        Stem of the file that it came from.
    """

    id: str
    title: str
    passages: tuple[Passage, ...]
    labels: tuple[str, ...]
    register: str
    region: str
    era: str
    group: str | None
    split: str | None
    source: str

    @property
    def part(self) -> str:
        """The split: as written, else by a stable hash of group or id.

        The hash gives the shares of :data:`SHARES` and keeps a group together; it stands in
        until ``escalation corpus split`` has written a stratified one.
        """
        if self.split is not None:
            return self.split
        key = f"{self.source}/{self.group}" if self.group else self.id
        at = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8]) / 2**64
        for name, share in SHARES.items():
            at -= share
            if at < 0:
                return name
        return "train"

    @property
    def text(self) -> str:
        """The body: passages joined by a blank."""
        return " ".join(passage.text for passage in self.passages)

    @property
    def is_article(self) -> bool:
        """Whether the sentences have labels of their own."""
        return bool(self.title)


def parse_line(line: str, source: str = "") -> Example:
    """Parse one JSON line; only ``text`` (or ``sentences``) and ``labels`` are required.

    Raises
    ------
    CorpusError
        If the line is no JSON object, a field has the wrong type, or a label or modality
        is not the codebook's.
    """
    try:
        row = json.loads(line)
    except ValueError as error:
        msg = f"no JSON: {error}"
        raise CorpusError(msg) from error
    if not isinstance(row, dict):
        msg = "a line must be a JSON object"
        raise CorpusError(msg)
    return _example(row, source)


def _example(row: dict[str, Any], source: str) -> Example:
    if "sentences" in row:
        passages = tuple(_passage(sentence) for sentence in row["sentences"])
        title = _string(row, "title")
    else:
        passages, title = (_passage(row),), ""
    split = row.get("split")
    if split is not None and split not in SPLITS:
        msg = f"split {split!r} is none of {', '.join(SPLITS)}"
        raise CorpusError(msg)
    return Example(
        id=_string(row, "id") if "id" in row else "",
        title=title,
        passages=passages,
        labels=_labels(row),
        register=str(row.get("register", "")),
        region=str(row.get("region", "")),
        era=str(row.get("era", "")),
        group=row.get("group"),
        split=split,
        source=source,
    )


def _passage(row: dict[str, Any]) -> Passage:
    boilerplate = row.get("boilerplate", False) is True
    labels = () if boilerplate and "labels" not in row else _labels(row)
    if boilerplate and labels:
        msg = "boilerplate has no labels"
        raise CorpusError(msg)
    modality = row.get("modality", {})
    if not isinstance(modality, dict):
        msg = "modality must be an object"
        raise CorpusError(msg)
    for label, word in modality.items():
        if label not in labels:
            msg = f"modality of {label!r}, which is not among the labels"
            raise CorpusError(msg)
        if word not in modalities(label):
            msg = f"modality {word!r} of {label} is none of {', '.join(modalities(label))}"
            raise CorpusError(msg)
    return Passage(_string(row, "text"), labels, modality, boilerplate)


def _labels(row: dict[str, Any]) -> tuple[str, ...]:
    labels = row.get("labels")
    if not isinstance(labels, list):
        msg = "labels must be a list"
        raise CorpusError(msg)
    for label in labels:
        if label not in LABELS:
            msg = f"label {label!r} is none of {', '.join(LABELS)}"
            raise CorpusError(msg)
    return tuple(labels)


def _string(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    if not isinstance(value, str) or not value.strip():
        msg = f"{name} must be a string with words in it"
        raise CorpusError(msg)
    return value
