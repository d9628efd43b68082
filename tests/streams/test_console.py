"""Alerts at a terminal."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec
import pytest
from harness.alerts import SEEN, SENTENCE, alert
from rich.console import Console

from classifier import Cue, Evidence, Term
from streams.console import alert_block

if TYPE_CHECKING:
    from streams.records import Alert

NOW = SEEN + timedelta(minutes=3)


def shown(each: Alert) -> str:
    console = Console(width=120, force_terminal=False, no_color=True)
    with console.capture() as capture:
        console.print(alert_block(each, NOW))
    return capture.get()


def marked(each: Alert) -> list[str]:
    console = Console(width=120, force_terminal=True, color_system="standard")
    segments = console.render(alert_block(each, NOW))
    return [part.text for part in segments if part.style is not None and part.style.underline]


def test_a_block_tells_severity_cue_evidence_actors_and_link() -> None:
    text = shown(alert())

    assert " HIGH  Troops mass" in text
    assert "military buildup 93% (occurred)" in text
    assert SENTENCE in text
    assert "Cambodia →, → Thailand" in text
    assert "https://x.example/1" in text


def test_the_words_of_the_cue_are_marked() -> None:
    terms = (Term("troops massed", 2.0), Term("border (register)", 1.0), Term("on", -1.0))
    evidence = Evidence(SENTENCE, 0, len(SENTENCE), 0.93, terms)
    cue = Cue("military_buildup", 0.93, "occurred", "MOBILIZE", -6.5, (evidence,))

    assert marked(alert(cues=(cue,))) == ["Troops massed", "border"]


def test_hostile_text_is_only_ever_text() -> None:
    text = shown(alert(headline="\x1b[31mred\x1b[0m [bold]loud[/bold] \u202egnp.exe\r\nnext"))

    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "[bold]loud[/bold]" in text


def test_an_alert_without_evidence_or_link_still_has_a_block() -> None:
    bare = msgspec.structs.replace(alert(), cues=(), url=None, actors=(), sources=())

    assert " HIGH  Troops mass" in shown(bare)


def test_a_block_tells_the_step_its_reason_its_age_and_how_sure_it_is() -> None:
    more = alert(
        number=2,
        why=("new_source", "severity_rise"),
        sources=("a.example", "b.example"),
        source_count=9,
        item_count=12,
        verdict="confirmed",
    )

    assert (
        "updated (new source, severity rise) · 3 min ago · confidence 61% · 9 sources · 12 items"
        " · confirmed"
    ) in shown(more)
    assert "a.example, b.example and 7 more" in shown(more)


@pytest.mark.parametrize("severity", ["critical", "high", "medium", "low", "info", "unheard-of"])
def test_every_severity_has_a_block_of_its_own_word(severity: str) -> None:
    assert f" {severity.upper()}  Troops mass" in shown(alert(severity=severity))
