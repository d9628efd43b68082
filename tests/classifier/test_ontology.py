"""The labels, their PLOVER roots and scores."""

from __future__ import annotations

import re

import pytest

from classifier.corpus import corpus_path
from classifier.ontology import CUES, DE_ESCALATION, LABELS, ONTOLOGY, modalities, plover

ROW = re.compile(r"^\| `(\w+)` \|.*\| ([A-Z][^|]*) \| ([^|]*) \|$", re.MULTILINE)


def test_the_labels_are_the_codebooks() -> None:
    """Same names in the same order as the table that authors work from."""
    table = (corpus_path() / "CODEBOOK.md").read_text(encoding="utf-8")
    assert [name for name, _, _ in ROW.findall(table)] == list(LABELS)


def test_roots_and_scores_are_the_codebooks() -> None:
    """Every root is named in the table's row and every score lies in the row's range."""
    table = (corpus_path() / "CODEBOOK.md").read_text(encoding="utf-8")
    for name, roots, scores in ROW.findall(table):
        numbers = [
            float(n.replace("\u2212", "-")) for n in re.findall(r"[-\u2212]?\d+\.?\d*", scores)
        ]
        assert ONTOLOGY[name].root in roots
        assert min(numbers) <= ONTOLOGY[name].score <= max(numbers)


@pytest.mark.parametrize(
    ("label", "modality", "expected"),
    [
        ("sanctions", "occurred", ("SANCTION", -6.0)),
        ("sanctions", "threatened", ("THREATEN", -3.5)),
        ("armed_clash", "warned", ("THREATEN", -4.0)),
        ("armed_clash", "denied", ("ASSAULT", 0.0)),
        ("de_escalation", "occurred", ("RETREAT", 8.0)),
        ("de_escalation", "offered", ("CONCEDE", 4.5)),
        ("de_escalation", "expected", ("AGREE", 4.5)),
    ],
)
def test_plover(label: str, modality: str, expected: tuple[str, float]) -> None:
    """What is only said is a threat, whatever the act."""
    assert expected == plover(label, modality)  # type: ignore[arg-type]


def test_each_label_has_the_codebooks_modalities() -> None:
    """Peace is offered or expected, never threatened."""
    assert {modalities(cue) for cue in CUES} == {("occurred", "threatened", "warned", "demanded")}
    assert modalities(DE_ESCALATION) == ("occurred", "offered", "expected")
