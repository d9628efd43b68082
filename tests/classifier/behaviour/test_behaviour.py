"""The model does what the authored table asks, capability by capability."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from classifier.behaviour import WANTED, Capability, cases, check_behaviour

if TYPE_CHECKING:
    from collections.abc import Callable

    from classifier import EscalationModel


@pytest.fixture(scope="module")
def table(model: EscalationModel) -> dict[str, Capability]:
    """Assess every case once."""
    return {capability.name: capability for capability in check_behaviour(model)}


def test_there_are_enough_cases() -> None:
    """At least 150 authored cases, every kind among them."""
    assert len(cases()) >= 150
    assert {case.kind for case in cases()} == {"mft", "dir", "inv"}


@pytest.mark.parametrize("name", sorted({case.capability for case in cases()}))
def test_enough_cases_of_a_capability_pass(
    model: EscalationModel, table: dict[str, Capability], name: str
) -> None:
    """The table of pass rates, a row at a time; a failing row names its cases."""
    row = table[name]
    wanted = WANTED[model.info.judge]
    assert row.rate >= wanted, f"{name}: {row.rate:.0%} of {row.cases}; failed: {row.failed}"


def test_the_table_of_pass_rates(
    model: EscalationModel,
    table: dict[str, Capability],
    record_property: Callable[[str, object], None],
) -> None:
    """All capabilities together pass, too; the table goes into the test report."""
    record_property("behaviour", {row.name: f"{row.rate:.0%}" for row in table.values()})
    failed = sum(len(row.failed) for row in table.values())
    assert failed <= (1 - WANTED[model.info.judge]) * len(cases())
