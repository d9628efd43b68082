"""Authored stories, scored by the real model: rewrites come together, look-alikes stay apart.

The thresholds were chosen on the files in `tuning/`. Those in `held_out/` are only measured; the
last two of them were written when the thresholds were fixed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from harness.incidents import Bench
from harness.storysets import STORIES, joined, pairs, scored, stories

from streams.run import DEMO_FEED

if TYPE_CHECKING:
    from pathlib import Path

    from classifier import EscalationModel

CRISIS = DEMO_FEED.parent / "crisis.jsonl"
FILES = sorted(STORIES.glob("*/*.jsonl"))


@pytest.mark.parametrize("path", [pytest.param(each, id=each.stem) for each in FILES])
def test_no_two_events_are_one_incident(model: EscalationModel, path: Path) -> None:
    assert pairs(joined(stories(model, path))).merged == 0


@pytest.mark.parametrize("folder", ["tuning", "held_out"])
def test_of_the_pairs_that_belong_together_19_of_20_are(
    model: EscalationModel, folder: str
) -> None:
    counted = [pairs(joined(stories(model, path))) for path in FILES if path.parent.name == folder]

    together = sum(each.together for each in counted)
    split = sum(each.split for each in counted)
    assert together / (together + split) >= 0.95
    # No large file may carry the small ones.
    assert [each.recall >= 0.7 for each in counted].count(False) == 0


def test_rewrites_that_name_third_states_keep_their_key(model: EscalationModel) -> None:
    for path in FILES:
        keys: dict[str, set[str]] = {}
        for event, signal in stories(model, path):
            if not signal.key.startswith("hash-"):
                keys.setdefault(event, set()).add(signal.key)
        assert {event: found for event, found in keys.items() if len(found) > 1} == {}


def test_forty_rewrites_from_twelve_domains_are_one_incident_with_twelve_sources(
    model: EscalationModel,
) -> None:
    bench = Bench()
    lines = (STORIES / "held_out" / "forty_rewrites.jsonl").read_bytes().splitlines()
    signals = scored(model, lines)

    alerts = bench.alerts(*signals)
    [cooled] = bench.wait(14 * 3600)

    assert len(lines) == 40
    assert len(signals) >= 34
    assert len({alert.incident for alert in alerts}) == 1
    assert len(alerts) <= 4
    assert (cooled.source_count, cooled.item_count) == (12, len(signals))


def test_a_crisis_is_one_incident_that_rises_and_falls_in_order(model: EscalationModel) -> None:
    bench = Bench()
    alerts = bench.alerts(*scored(model, CRISIS.read_bytes().splitlines()))

    crisis = [alert for alert in alerts if alert.key == "TKM-UZB"]
    words = [alert.severity for alert in crisis]
    changes = [word for at, word in enumerate(words) if at == 0 or words[at - 1] != word]
    assert len({alert.incident for alert in crisis}) == 1
    assert changes == ["high", "critical", "low", "info"]
    # Ten other events; one of them, engineers in a flood, is a decoy that a model may pass over.
    assert 9 <= len({alert.incident for alert in alerts}) <= 11
