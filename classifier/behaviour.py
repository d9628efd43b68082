"""What a model must be able to do, capability by capability (Ribeiro et al., CheckList 2020).

The table in ``data/behaviour.tsv`` is authored; each of its cases is a minimum functionality test,
a direction test or an invariance test. A model is judged by it in the tests, and again by a worker
before it exchanges its model for a new one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from classifier.judges import ENCODER, LINEAR
from classifier.ontology import LABELS
from classifier.types import Item

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from classifier.types import Assessment

LIKELY: Final = 0.5
SMALL: Final = 0.1
WANTED: Final[Mapping[str, float]] = {LINEAR: 0.9, ENCODER: 0.95}
"""Judge -> share of a capability's cases that must pass."""


@dataclass(frozen=True, slots=True)
class Case:
    """A line of the table.

    Parameters
    ----------
    capability
        What it tests, one word.
    kind
        ``mft``: the cue is more likely than not in ``text`` and, when there is a twin, below its
        floor there. ``dir``: the cue is more likely in ``text`` than in ``twin``. ``inv``:
        exchanging one for the other changes no cue's probability by :data:`SMALL` or more.
    cue
        Label that it is about.
    text, twin
        The two texts; the twin may be empty.
    """

    capability: str
    kind: str
    cue: str
    text: str
    twin: str


@dataclass(frozen=True, slots=True)
class Capability:
    """How a model did in one capability."""

    name: str
    cases: int
    failed: tuple[Case, ...]

    @property
    def rate(self) -> float:
        """Share of cases that passed."""
        return 1 - len(self.failed) / self.cases


class Assessor(Protocol):
    """Anything that assesses items."""

    def assess(self, items: Sequence[Item]) -> list[Assessment]:
        """Return one assessment for each item, in order."""


@cache
def cases() -> tuple[Case, ...]:
    r"""Return the table; ``\\n`` and ``\\t`` in a text stand for themselves."""
    path = Path(__file__).parent / "data" / "behaviour.tsv"
    rows = [
        [cell.replace("\\n", "\n").replace("\\t", "\t") for cell in line.split("\t")]
        for line in path.read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    ]
    return tuple(Case(*[*row, ""][:5]) for row in rows)


def check_behaviour(model: Assessor) -> list[Capability]:
    """Put a model through the table.

    Returns
    -------
    list of Capability
        One for each, in order of name.
    """
    table = cases()
    texts = model.assess([Item("", "", case.text, "en") for case in table])
    twins = model.assess([Item("", "", case.twin, "en") for case in table])
    passed = {
        id(case): passes(case, text, twin)
        for case, text, twin in zip(table, texts, twins, strict=True)
    }
    names = sorted({case.capability for case in table})
    rows = {name: [case for case in table if case.capability == name] for name in names}
    return [
        Capability(name, len(of), tuple(case for case in of if not passed[id(case)]))
        for name, of in rows.items()
    ]


def passes(case: Case, text: Assessment, twin: Assessment) -> bool:
    """Tell whether the model did what the case asks."""
    if case.kind == "mft":
        quiet = not case.twin or case.cue not in {cue.cue for cue in twin.cues}
        return text.scores[case.cue] >= LIKELY and quiet
    if case.kind == "dir":
        return text.scores[case.cue] > twin.scores[case.cue]
    return all(abs(text.scores[label] - twin.scores[label]) < SMALL for label in LABELS)
