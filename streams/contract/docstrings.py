"""What a numpy docstring says of a class and of each of its fields."""

from __future__ import annotations

import inspect
import re

SECTION = re.compile(r"^(?:Attributes|Parameters)\n-{3,}\n", re.MULTILINE)
ANY_SECTION = re.compile(r"^\w+\n-{3,}\n", re.MULTILINE)
FIELD = re.compile(r"^(?P<names>[\w, ]+)\n(?P<text>(?:^[ ]{4}.*\n|^\n)+)", re.MULTILINE)
ROLE = re.compile(r":\w+:`~?([^`]+)`")


def summary_of(cls: type) -> str:
    """Return what stands before the first section, as plain text."""
    return _plain(ANY_SECTION.split(_docstring(cls), maxsplit=1)[0])


def fields_of(cls: type) -> dict[str, str]:
    """Return each documented field's description; fields described together share one."""
    _, *rest = SECTION.split(_docstring(cls), maxsplit=1)
    if not rest:
        return {}
    section = ANY_SECTION.split(rest[0], maxsplit=1)[0]
    return {
        name.strip(): _plain(found["text"])
        for found in FIELD.finditer(section)
        for name in found["names"].split(",")
    }


def _docstring(cls: type) -> str:
    return (inspect.getdoc(cls) or "") + "\n"


def _plain(text: str) -> str:
    """Return the text on one line, without reStructuredText's roles and double backticks."""
    return " ".join(ROLE.sub(r"`\1`", text).replace("``", "`").split())
