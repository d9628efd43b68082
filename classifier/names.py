"""States, blocs and organisations by every name that news gives them.

The table serves two ends: features see only the *kind* of what is named, so that who is
named cannot decide, and :mod:`classifier.actors` turns names into codes. Codes of states
are ISO 3166-1 alpha-3 (checked against pycountry in the tests; Kosovo is ``XKX``, the
user-assigned code that the EU and the World Bank use).
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

Kind = Literal["state", "people", "capital", "bloc", "agency", "armed"]

STATE_KINDS: Final = frozenset({"state", "people", "capital"})


@dataclass(frozen=True, slots=True)
class Name:
    """One way to name an actor.

    Parameters
    ----------
    words
        Its words, without dots and hyphens, as :func:`classifier.words.split` gives them.
    code
        ISO 3166-1 alpha-3, or the code of ``data/organisations.tsv``.
    kind
        ``state`` (Iran), ``people`` (Iranian), ``capital`` (Tehran), ``bloc`` (NATO),
        ``agency`` (IAEA) or ``armed`` (Hezbollah).
    title
        The actor's usual English name.
    """

    words: tuple[str, ...]
    code: str
    kind: Kind
    title: str


@functools.cache
def names() -> tuple[Name, ...]:
    """Return every name in the tables, longest first among those that start alike."""
    found = [*_states(), *_organisations()]
    return tuple(sorted(found, key=lambda name: -len(name.words)))


@functools.cache
def state_codes() -> frozenset[str]:
    """Return the codes of states."""
    return frozenset(name.code for name in names() if name.kind in STATE_KINDS)


def _states() -> Iterator[Name]:
    for code, aliases, people, capitals in _rows("states.tsv", 4):
        title = aliases.split(",")[0]
        columns: tuple[tuple[Kind, str], ...] = (
            ("state", aliases),
            ("people", people),
            ("capital", capitals),
        )
        for kind, column in columns:
            for alias in filter(None, column.split(",")):
                yield Name(_key(alias), code, kind, title)


def _organisations() -> Iterator[Name]:
    kinds: dict[str, Kind] = {"bloc": "bloc", "agency": "agency", "armed": "armed"}
    for code, kind, title, aliases in _rows("organisations.tsv", 4):
        for alias in aliases.split(","):
            yield Name(_key(alias), code, kinds[kind], title)


def _rows(table: str, columns: int) -> Iterator[list[str]]:
    text = resources.files("classifier.data").joinpath(table).read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            cells = line.split("\t")
            yield cells + [""] * (columns - len(cells))


def _key(alias: str) -> tuple[str, ...]:
    bare = alias.removeprefix("the ").replace(".", "").replace("-", " ")
    return tuple(bare.split())
