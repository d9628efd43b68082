"""Counts of the corpus, for ``corpus check``, ``corpus stats`` and the datasheet."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from classifier.corpus.verbs import head_verbs
from classifier.ontology import LABELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from classifier.corpus.located import Located


@dataclass(frozen=True, slots=True)
class Stats:
    """Counts of lines.

    Parameters
    ----------
    lines, sentences, articles, groups
        Totals; a line that is no article counts as one sentence.
    cells
        Field -> value -> number of lines, for label, register, region, era and split.
    modality
        Label -> modality word -> number of passages.
    heads
        Label -> number of head verbs, see :mod:`classifier.corpus.verbs`.
    """

    lines: int
    sentences: int
    articles: int
    groups: int
    cells: Mapping[str, Mapping[str, int]]
    modality: Mapping[str, Mapping[str, int]]
    heads: Mapping[str, int]


def count(lines: Sequence[Located]) -> Stats:
    """Count a corpus."""
    examples = [line.example for line in lines]
    cells = {
        "label": Counter(kind for e in examples for kind in e.labels or ("none",)),
        "register": Counter(e.register for e in examples),
        "region": Counter(e.region for e in examples),
        "era": Counter(e.era for e in examples),
        "split": Counter(e.part for e in examples),
    }
    modality: dict[str, Counter[str]] = {label: Counter() for label in LABELS}
    for example in examples:
        for passage in example.passages:
            for label in passage.labels:
                modality[label][passage.modality.get(label, "(not said)")] += 1
    return Stats(
        lines=len(lines),
        sentences=sum(len(e.passages) for e in examples),
        articles=sum(bool(e.title) for e in examples),
        groups=len({line.group for line in lines if line.group is not None}),
        cells=cells,
        modality=modality,
        heads=head_verbs(examples),
    )


def table(stats: Stats) -> str:
    """Return the counts as Markdown, which reads as well on a screen as in the datasheet."""
    total = (
        f"{stats.lines:,} lines, of them {stats.articles:,} articles; {stats.sentences:,} "
        f"labelled passages; {stats.groups:,} contrast groups\n"
    )
    return "\n".join([total, *_labels(stats), *_fields(stats)])


def _labels(stats: Stats) -> Iterator[str]:
    yield from _rows(
        ("label", "lines", "share", "head verbs", "how it is reported (passages)"),
        (
            (
                label,
                f"{n:,}",
                f"{n / stats.lines:.1%}",
                str(stats.heads.get(label, "")),
                ", ".join(f"{w} {c:,}" for w, c in _sorted(stats.modality.get(label, {}))),
            )
            for label, n in _sorted(stats.cells["label"])
        ),
    )


def _fields(stats: Stats) -> Iterator[str]:
    for field in ("register", "region", "era", "split"):
        counts = _sorted(stats.cells[field])
        rows = ((value or "(none)", f"{n:,}", f"{n / stats.lines:.1%}") for value, n in counts)
        yield from _rows((field, "lines", "share"), rows)


def _rows(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + " --- |" * len(head)
    for row in rows:
        yield "| " + " | ".join(row) + " |"
    yield ""


def _sorted(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
