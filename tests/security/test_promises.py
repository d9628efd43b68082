"""What SECURITY.md promises is held by tests that exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROMISES = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


@pytest.mark.parametrize(("file", "name"), sorted(set(TEST.findall(PROMISES))))
def test_a_test_that_is_named_exists(file: str, name: str) -> None:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))

    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_promise_names_a_test() -> None:
    """In the part on attackers, each item of a list is a promise."""
    part = PROMISES.partition("## Who could attack")[2].partition("## What is not promised")[0]
    promises = re.findall(r"^- .+$", part, re.MULTILINE)

    assert promises
    assert [promise for promise in promises if not TEST.search(promise)] == []
