"""Dead letters at a terminal. What comes from the wire is escaped; no markup is read in it."""

from __future__ import annotations

import collections
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from streams.console import escaped
from streams.dlq.letters import split

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.dlq.letters import Letter
    from streams.dlq.reading import Known

VALUE_SHOWN = 4000
"""Bytes of a value that are shown; all of them come with ``--raw``."""


def letters_table(known: Known, letters: Sequence[Letter]) -> Table:
    """Return a row for each dead letter."""
    table = Table("place", "time (UTC)", "stage", "error", "state", "tries", "bytes", "message")
    for letter in letters:
        size = "none" if letter.size is None else str(letter.size)
        told = (letter.stage, letter.error, known.state(letter), str(letter.attempts), size)
        row = (str(letter.place), when(letter.timestamp), *told, letter.message)
        table.add_row(*(Text(escaped(cell)) for cell in row))
    return table


def stats_table(known: Known) -> Table:
    """Return how many dead letters there are, by stage, error and state, the oldest and newest."""
    table = Table("stage", "error", "state", "letters", "oldest (UTC)", "newest (UTC)")
    groups: dict[tuple[str, str, str], list[int]] = collections.defaultdict(list)
    for letter in known.letters:
        groups[letter.stage, letter.error, known.state(letter)].append(letter.timestamp)
    for name, times in sorted(groups.items(), key=lambda group: (-len(group[1]), group[0])):
        row = (*name, str(len(times)), when(min(times)), when(max(times)))
        table.add_row(*(Text(escaped(cell)) for cell in row))
    return table


def letter_block(record: Any) -> Text:
    """Return one dead letter: headers as they were, headers added when it died, key and value."""
    kept, added = split(record.headers)
    block = Text()
    for title, headers in (("why it is here", added), ("headers", kept)):
        block.append(f"{title}\n", style="bold")
        for name, value in headers:
            block.append(f"  {escaped(name)}: ", style="dim")
            block.append(escaped(_text(value)) + "\n")
    for title, content in (("key", record.key), ("value", record.value)):
        block.append(f"{title}\n", style="bold")
        block.append(f"  {_shown(content)}\n")
    return block


def when(milliseconds: int) -> str:
    """Return a record's time; producers send some that no calendar has."""
    try:
        return f"{datetime.fromtimestamp(milliseconds / 1000, UTC):%Y-%m-%d %H:%M:%S}"
    except (ValueError, OverflowError, OSError):
        return f"{milliseconds} ms"


def _shown(content: bytes | None) -> str:
    if content is None:
        return "none"
    rest = len(content) - VALUE_SHOWN
    return escaped(_text(content[:VALUE_SHOWN])) + (f" ... and {rest} bytes" if rest > 0 else "")


def _text(content: bytes | None) -> str:
    return "none" if content is None else content.decode("utf-8", "backslashreplace")
