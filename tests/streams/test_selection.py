"""Filters of alerts."""

from __future__ import annotations

from typing import Any

import pytest
from harness.alerts import alert

from streams.selection import Selection, SelectionError


@pytest.mark.parametrize(
    ("filters", "passes"),
    [
        pytest.param({}, True, id="no filter"),
        pytest.param({"min_severity": "high"}, True, id="as severe"),
        pytest.param({"min_severity": "critical"}, False, id="not severe enough"),
        pytest.param({"cues": ["blockade", "military_buildup"]}, True, id="one of the cues"),
        pytest.param({"cues": ["blockade"]}, False, id="another cue"),
        pytest.param({"countries": ["Thailand"]}, True, id="country by name"),
        pytest.param({"countries": ["th", "FRA"]}, True, id="country by alpha-2"),
        pytest.param({"countries": ["FRA"]}, False, id="another country"),
        pytest.param({"steps": ["opened"]}, True, id="the step"),
        pytest.param({"steps": ["closed"]}, False, id="another step"),
        pytest.param({"cues": ["military_buildup"], "steps": ["closed"]}, False, id="all must fit"),
    ],
)
def test_an_alert_about_troops_at_the_thai_border(filters: dict[str, Any], passes: bool) -> None:
    assert Selection.of(**filters).matches(alert()) is passes


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ({"min_severity": "hihg"}, "min_severity: there is no hihg; did you mean high?"),
        ({"cues": ["blokade"]}, "cue: there is no blokade; did you mean blockade?"),
        ({"countries": ["Atlantis"]}, "country: Atlantis is no country"),
        ({"steps": ["x"]}, "step: there is no x; one of: opened, updated, cooled, closed"),
    ],
)
def test_a_filter_for_what_there_is_not_is_refused(filters: dict[str, Any], message: str) -> None:
    with pytest.raises(SelectionError, match=message.replace("?", r"\?")):
        Selection.of(**filters)


def test_a_severity_of_a_later_contract_is_not_held_back() -> None:
    assert Selection.of(min_severity="critical").matches(alert(severity="catastrophic"))
