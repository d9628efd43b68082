"""`escalation contract`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from typer.testing import CliRunner

from streams.cli import app

if TYPE_CHECKING:
    from pathlib import Path


def test_the_contract_is_printed_written_and_checked(tmp_path: Path) -> None:
    printed = CliRunner().invoke(app, ["contract"])
    assert json.loads(printed.stdout)["asyncapi"] == "3.0.0"

    assert CliRunner().invoke(app, ["contract", "--out", str(tmp_path)]).exit_code == 0
    assert (tmp_path / "asyncapi.json").read_text(encoding="utf-8") == printed.stdout
    assert CliRunner().invoke(app, ["contract", "--check", "--out", str(tmp_path)]).exit_code == 0


def test_a_file_that_is_out_of_date_is_named(tmp_path: Path) -> None:
    CliRunner().invoke(app, ["contract", "--out", str(tmp_path)])
    (tmp_path / "alert.schema.json").write_text("{}", encoding="utf-8")

    done = CliRunner().invoke(app, ["contract", "--check", "--out", str(tmp_path)])

    assert done.exit_code == 1
    assert "alert.schema.json is out of date" in done.stderr
    assert "signal.schema.json" not in done.stderr
