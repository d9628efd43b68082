"""What the model must be able to do, capability by capability (Ribeiro et al., CheckList 2020).

Each case is a minimum functionality test, a direction test or an invariance test; see the
head of ``cases.tsv``. A capability passes when nine of ten of its cases do.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from classifier import LABELS, Item

if TYPE_CHECKING:
    from collections.abc import Callable

    from classifier import Assessment, EscalationModel

LIKELY = 0.5
SMALL = 0.1
WANTED = 0.9


@dataclass(frozen=True)
class Case:
    """A line of the table."""

    capability: str
    kind: str
    cue: str
    text: str
    twin: str


def read_cases() -> list[Case]:
    r"""Read the table; ``\\n`` and ``\\t`` in a text stand for themselves."""
    path = Path(__file__).with_name("cases.tsv")
    rows = [
        [cell.replace("\\n", "\n").replace("\\t", "\t") for cell in line.split("\t")]
        for line in path.read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    ]
    return [Case(*[*row, ""][:5]) for row in rows]


CASES = read_cases()
CAPABILITIES = sorted({case.capability for case in CASES})


def passes(case: Case, text: Assessment, twin: Assessment) -> bool:
    """Tell whether the model did what the case asks."""
    if case.kind == "mft":
        quiet = not case.twin or case.cue not in {cue.cue for cue in twin.cues}
        return text.scores[case.cue] >= LIKELY and quiet
    if case.kind == "dir":
        return text.scores[case.cue] > twin.scores[case.cue]
    return all(abs(text.scores[label] - twin.scores[label]) < SMALL for label in LABELS)


@pytest.fixture(scope="module")
def results(model: EscalationModel) -> dict[str, list[tuple[Case, bool]]]:
    """Assess every case once."""
    texts = model.assess([Item("", "", case.text, "en") for case in CASES])
    twins = model.assess([Item("", "", case.twin, "en") for case in CASES])
    found: dict[str, list[tuple[Case, bool]]] = defaultdict(list)
    for case, text, twin in zip(CASES, texts, twins, strict=True):
        found[case.capability].append((case, passes(case, text, twin)))
    return found


def test_there_are_enough_cases() -> None:
    """At least 150 authored cases, every kind among them."""
    assert len(CASES) >= 150
    assert {case.kind for case in CASES} == {"mft", "dir", "inv"}


@pytest.mark.parametrize("capability", CAPABILITIES)
def test_nine_of_ten_cases_of_a_capability_pass(
    results: dict[str, list[tuple[Case, bool]]], capability: str
) -> None:
    """The table of pass rates, a row at a time; a failing row names its cases."""
    rows = results[capability]
    failed = [case for case, passed in rows if not passed]
    rate = 1 - len(failed) / len(rows)
    assert rate >= WANTED, f"{capability}: {rate:.0%} of {len(rows)}; failed: {failed}"


def test_the_table_of_pass_rates(
    results: dict[str, list[tuple[Case, bool]]], record_property: Callable[[str, object], None]
) -> None:
    """All capabilities together pass nine of ten; the table goes into the test report."""
    table = {
        name: f"{sum(passed for _, passed in rows)}/{len(rows)}" for name, rows in results.items()
    }
    record_property("behaviour", table)
    assert sum(p for rows in results.values() for _, p in rows) >= WANTED * len(CASES)
