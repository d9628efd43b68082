"""Dead letters at a terminal: hostile bytes are told, never obeyed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.records import record
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from streams.deadletters import Reason, dead_letter
from streams.dlq.letters import Letter
from streams.dlq.reading import Known
from streams.dlq.show import letter_block, letters_table, stats_table, when

if TYPE_CHECKING:
    from rich.console import RenderableType

HOSTILE = "\x1b[2J\x1b]0;owned\x07 [bold red]x[/] [/nothing] \u202egnp.exe \r\n\ud800"


def shown(each: RenderableType) -> str:
    console = Console(width=200, force_terminal=False, no_color=True)
    with console.capture() as capture:
        console.print(each)
    return capture.get()


def letter(text: str, *, offset: int = 0) -> tuple[Letter, str]:
    raw = text.encode("utf-8", "surrogatepass")
    died = dead_letter(
        record(raw, key=raw, headers=[(text.encode("utf-8", "replace").decode(), raw)]),
        Reason("decode", text, text),
        "dlq",
    )
    read = record(died.value, key=died.key, headers=died.headers, offset=offset)
    return Letter.of(read), shown(letter_block(read))


def known(*letters: Letter) -> Known:
    return Known(letters, frozenset(), 3, frozenset({"news.items"}))


def harmless(text: str) -> bool:
    return all(each.isprintable() for line in text.split("\n") for each in line)


def test_hostile_text_is_escaped_in_list_show_and_stats() -> None:
    told, block = letter(HOSTILE)
    table = shown(letters_table(known(told), [told]))
    stats = shown(stats_table(known(told)))

    assert harmless(block)
    assert harmless(table)
    assert harmless(stats)
    assert r"\x1b[2J" in block
    assert "[bold red]x[/]" in block
    assert r"\u202e" in block


@given(st.text(max_size=40))
def test_any_text_can_be_shown(text: str) -> None:
    told, block = letter(text)

    assert harmless(block)
    assert harmless(shown(letters_table(known(told), [told])))


def test_stats_count_by_stage_error_and_state() -> None:
    letters = [letter("A", offset=1)[0], letter("A", offset=2)[0], letter("B", offset=3)[0]]

    rows = shown(stats_table(known(*letters))).splitlines()

    assert any("A" in row and "waiting" in row and " 2 " in row for row in rows)
    assert any("B" in row and "waiting" in row and " 1 " in row for row in rows)


def test_a_long_value_is_cut_and_says_so() -> None:
    assert "... and 6000 bytes" in letter("x" * 10_000)[1]


def test_a_time_that_no_calendar_has_is_told_as_it_is() -> None:
    assert when(10**18) == "1000000000000000000 ms"
    assert when(0) == "1970-01-01 00:00:00"
