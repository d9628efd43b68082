"""What a verdict does to its incident."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from harness.alerts import SEEN
from harness.verdicts import verdict

from streams.feedback import Dismissed, Effect, effect_of, mutes

if TYPE_CHECKING:
    from streams.feedback.effect import Judged
    from streams.records import Step

DAY = 24 * 3600.0
QUIET = Dismissed(at=SEEN, severity_score=4.0, reason="history")
HIGH = 6.0


@pytest.mark.parametrize(
    ("word", "step", "before", "effect"),
    [
        pytest.param("confirm", "opened", None, Effect("confirmed", "updated"), id="confirmed"),
        pytest.param("dismiss", "updated", None, Effect("dismissed", "closed"), id="dismissed"),
        pytest.param("dismiss", "cooled", None, Effect("dismissed", "closed"), id="when cooled"),
        pytest.param("note", "opened", None, Effect(None, None), id="a note"),
        pytest.param("note", "opened", "confirmed", Effect("confirmed", None), id="a note, later"),
        pytest.param("confirm", "updated", "confirmed", Effect("confirmed", None), id="again"),
        pytest.param(
            "dismiss", "updated", "confirmed", Effect("dismissed", "closed"), id="other mind"
        ),
        pytest.param(
            "confirm", "closed", "dismissed", Effect("confirmed", None), id="closed stays closed"
        ),
        pytest.param("dismiss", "closed", None, Effect("dismissed", None), id="after its end"),
    ],
)
def test_a_verdict_changes_its_incident(
    word: str, step: Step, before: Judged | None, effect: Effect
) -> None:
    reason = "history" if word == "dismiss" else None

    assert effect_of(verdict(word, reason), step, before) == effect


@pytest.mark.parametrize(
    ("severity_score", "after", "silent"),
    [
        pytest.param(4.0, 0.5 * DAY, True, id="the same story"),
        pytest.param(2.0, 0.5 * DAY, True, id="less grave"),
        pytest.param(4.5, 0.5 * DAY, True, id="the same word"),
        pytest.param(HIGH, 0.5 * DAY, False, id="graver"),
        pytest.param(4.0, 1.0 * DAY, True, id="the last second"),
        pytest.param(4.0, 1.0 * DAY + 1, False, id="after the window"),
        pytest.param(4.0, -1.0 * DAY, True, id="a late one"),
    ],
)
def test_a_dismissal_keeps_its_story_silent_unless_it_gets_worse(
    severity_score: float, after: float, silent: bool
) -> None:
    at = SEEN + timedelta(seconds=after)

    assert mutes(QUIET, severity_score, at, DAY) is silent
