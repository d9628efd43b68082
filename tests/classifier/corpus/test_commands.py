"""``escalation corpus check|split|stats`` as their users meet them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from harness.corpus import line, write
from typer.testing import CliRunner

from classifier.cli import app

if TYPE_CHECKING:
    from pathlib import Path

GROUP = [
    line("g-1", "Troops crossed the river Drina", "armed_clash", group="g"),
    line("g-2", "Troops never crossed the river Drina", group="g"),
    line("g-3", "Troops may yet cross the river Drina", "invasion_warning", group="g"),
]
POEM = line("a-1", "Ships held", register="poem")
PARTED = [{**row, "split": "test" if row["id"] == "g-3" else "train"} for row in GROUP]
LONG = "The port of Basra was closed to all ships by a naval blockade on Monday morning"


def run(*arguments: object) -> tuple[int, str, str]:
    """Return exit code, output and errors of the command line."""
    result = CliRunner().invoke(app, [str(a) for a in arguments])
    return result.exit_code, result.stdout, result.stderr


def test_a_sound_corpus_is_counted(tmp_path: Path) -> None:
    """Exit 0 with the table when nothing is wrong."""
    write(tmp_path / "a.jsonl", [*GROUP, line("a-4", "Bakers meet in Lyon")])
    code, out, _ = run("corpus", "check", tmp_path)
    assert code == 0
    assert "4 lines, of them 0 articles; 4 labelled passages; 1 contrast groups" in out
    assert "| none | 2 | 50.0% |" in out


@pytest.mark.parametrize(
    ("rows", "place", "words"),
    [
        pytest.param(
            [line("a-1", "Ships held", "siege")], "a.jsonl:1", "label 'siege' is none", id="label"
        ),
        pytest.param(
            [line("a-1", "Ships held", "blockade", modality={"blockade": "maybe"})],
            "a.jsonl:1",
            "modality 'maybe' of blockade",
            id="modality",
        ),
        pytest.param(
            [line("a-1", "Ships held"), line("a-1", "Bakers meet")],
            "a.jsonl:2: a-1",
            "the id is also that of a.jsonl:1",
            id="id",
        ),
        pytest.param([POEM], "a.jsonl:1: a-1", "register", id="register"),
        pytest.param(GROUP[:2], "a.jsonl:1: g-1", "has 2 lines, not 3 to 5", id="group size"),
        pytest.param(
            [line(f"g-{n}", text, group="g") for n, text in enumerate(["Rain", "Snow", "Hail"])],
            "a.jsonl:1: g-0",
            "do not differ",
            id="group labels",
        ),
        pytest.param(
            PARTED,
            "a.jsonl:1: g-1",
            "more than one split",
            id="group split",
        ),
        pytest.param(
            [line("a-1", LONG, split="train"), line("a-2", LONG, split="train")],
            "a.jsonl:2: a-2",
            "the same text as a.jsonl:1 (a-1), outside a contrast group",
            id="duplicate",
        ),
        pytest.param(
            [line("a-1", LONG, split="train"), line("a-2", LONG + " again", split="test")],
            "a.jsonl:2: a-2",
            "which lies in another split",
            id="near duplicate in two splits",
        ),
    ],
)
def test_a_fault_is_told_with_its_place(
    tmp_path: Path, rows: list[dict[str, object]], place: str, words: str
) -> None:
    """Exit 1, and a line ``file:line: id: what`` for the fault."""
    write(tmp_path / "a.jsonl", rows)
    code, out, errors = run("corpus", "check", tmp_path)
    assert (code, out) == (1, "")
    assert any(error.startswith(place) and words in error for error in errors.splitlines())


def test_every_bad_line_is_told(tmp_path: Path) -> None:
    """Not only the first."""
    (tmp_path / "a.jsonl").write_text("no json\n[]\n", encoding="utf-8")
    code, _, errors = run("corpus", "check", tmp_path)
    assert code == 1
    assert errors.splitlines()[-1] == "2 problems"


def test_split_is_written_once(tmp_path: Path) -> None:
    """Lines without a split get one, those of a group the same; a second run changes nothing."""
    path = write(tmp_path / "a.jsonl", [*GROUP, line("a-4", "Bakers meet", split="test")])
    code, out, _ = run("corpus", "split", tmp_path)
    assert (code, out) == (0, "3 of 4 lines changed\n")
    rows = [json.loads(text) for text in path.read_text(encoding="utf-8").splitlines()]
    assert len({row["split"] for row in rows[:3]}) == 1
    assert rows[3]["split"] == "test"
    assert run("corpus", "split", tmp_path)[1] == "0 of 4 lines changed\n"


def test_our_corpus_is_sound() -> None:
    """What CI asks of every change of the text."""
    code, _, errors = run("corpus", "check")
    assert (code, errors) == (0, "")
