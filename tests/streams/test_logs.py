"""What goes to the logs, and what does not."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Literal

import pytest

from streams.logs import configure_logs
from streams.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Iterator[pytest.CaptureFixture[str]]:
    """Return captured output, with the logs configured as in a worker."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    configure_logs(load_settings(log_format="json"))
    yield capsys
    root.handlers[:], root.level = before


def test_the_clients_retries_are_not_repeated_but_its_bugs_are(
    lines: pytest.CaptureFixture[str],
) -> None:
    client = logging.getLogger("aiokafka.consumer.group_coordinator")
    client.error("Heartbeat send request failed")
    client.error("User provided listener failed", exc_info=ZeroDivisionError("in a listener"))

    told = lines.readouterr().err

    assert "Heartbeat" not in told
    assert "User provided listener failed" in told
    assert "ZeroDivisionError" in told


@pytest.mark.parametrize("format_", ["json", "console"])
def test_words_from_the_wire_do_not_command_a_terminal(
    capsys: pytest.CaptureFixture[str], lines: object, format_: Literal["json", "console"]
) -> None:
    """Neither as a value, nor in an error's traceback."""
    assert lines
    configure_logs(load_settings(log_format=format_))
    hostile = "\x1b]0;owned\x07 \u202e"

    try:
        raise ValueError(hostile)  # noqa: TRY301 - its traceback is what is looked at
    except ValueError as error:
        logging.getLogger("x").exception("failed: %s", error)  # noqa: TRY401 - as libraries do

    told = capsys.readouterr().err
    assert "owned" in told
    assert "ValueError" in told
    assert [each for each in ("\x1b]", "\x07", "\u202e") if each in told] == []
