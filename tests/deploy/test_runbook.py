"""What the pages for operators tell to type, to set and to look at is there."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
import typer

from streams.cli import app
from streams.dashboards import DASHBOARDS, dashboard_json
from streams.settings import Settings, variable_of

ROOT = Path(__file__).parents[2]
RUNBOOK = ROOT / "deploy" / "RUNBOOK.md"

each_page = pytest.mark.parametrize(
    "page", [RUNBOOK, RUNBOOK.with_name("README.md")], ids=lambda path: path.stem
)


@each_page
def test_every_command_is_one_of_ours_with_options_that_it_has(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    inline = re.findall(r"`(escalation\s[^`]+)`", text)
    lines = re.findall(r"^(escalation [^#\n]+)", text, re.MULTILINE)

    assert inline + lines
    for written in [*inline, *lines]:
        _, *words = shlex.split(written)
        command = typer.main.get_command(app)
        while words and isinstance(found := getattr(command, "commands", None), dict):
            assert words[0] in found, written
            command = found[words.pop(0)]
        known = {option for each in command.params for option in each.opts}
        assert {word for word in words if word.startswith("--")} <= known, written


@each_page
def test_every_variable_is_a_setting(page: Path) -> None:
    known = {variable_of(field) for field in Settings.model_fields}
    named = set(re.findall(r"\b(?:ESCALATION|KAFKA)_[A-Z_]+\b", page.read_text(encoding="utf-8")))

    assert named
    assert named <= known


def test_every_event_that_the_runbook_looks_for_is_logged() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "streams").rglob("*.py"))
    named = set(re.findall(r"`([a-z]+(?:_[a-z]+)+)`", RUNBOOK.read_text(encoding="utf-8")))
    events = {name for name in named if not name.startswith("escalation_")}

    assert "model_refused" in events
    assert [name for name in sorted(events) if f'"{name}"' not in code] == []


def test_every_panel_that_the_runbook_looks_at_is_on_a_dashboard() -> None:
    titles = {
        panel["title"]
        for dashboard in DASHBOARDS
        for panel in json.loads(dashboard_json(dashboard))["panels"]
    }
    text = RUNBOOK.read_text(encoding="utf-8").replace("**", "")
    named = {" ".join(name.split()) for name in re.findall(r"\*([^*]+)\*", text)}

    assert "Scoring a batch" in named
    assert named - titles == set()
