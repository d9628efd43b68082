"""Alerts at a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from harness.alerts import SENTENCE, alert
from rich.console import Console

from streams.console import alert_block

if TYPE_CHECKING:
    from streams.records import Alert


def shown(each: Alert) -> str:
    console = Console(width=120, force_terminal=False, no_color=True)
    with console.capture() as capture:
        console.print(alert_block(each))
    return capture.get()


def test_a_block_tells_severity_cue_evidence_actors_and_link() -> None:
    text = shown(alert())

    assert " HIGH  Troops mass" in text
    assert "military buildup 93% (occurred)" in text
    assert SENTENCE in text
    assert "Cambodia →, → Thailand" in text
    assert "https://x.example/1" in text


def test_the_words_of_the_cue_are_marked() -> None:
    block = alert_block(alert())
    marked = [block.plain[span.start : span.end] for span in block.spans if "under" in str(span)]

    assert "Troops massed" in marked


def test_hostile_text_is_only_ever_text() -> None:
    text = shown(alert(headline="\x1b[31mred\x1b[0m [bold]loud[/bold] \u202egnp.exe\r\nnext"))

    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "[bold]loud[/bold]" in text


def test_an_alert_without_evidence_or_link_still_has_a_block() -> None:
    bare = msgspec.structs.replace(alert(), cues=(), url=None, actors=(), sources=())

    assert " HIGH  Troops mass" in shown(bare)
