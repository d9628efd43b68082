"""Is the corpus sound? Ids, groups, duplicates, leaks between splits."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from classifier.corpus.clusters import DUPLICATE
from classifier.corpus.located import Located, Problem, problem
from classifier.corpus.shingles import shingles, similar_pairs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from classifier.corpus.records import Example

SHORT: Final = 6
"""Sentences of articles with fewer words are not compared."""

GROUP_SIZES: Final = range(3, 6)
REGISTERS: Final = frozenset(
    {"headline", "headline_lead", "lead", "body", "quote", "broadcast", "social", "article"}
)


def check(lines: Sequence[Located]) -> list[Problem]:
    """Return every fault of the corpus that parsing does not find, by file and line.

    Ids unique; registers, regions and eras given; groups of 3 to 5 with more than one set
    of labels, in one file and one split; no pair of texts above a Jaccard similarity of .8
    on word 3-grams unless in one group, and no such pair in two splits.
    """
    found = [*_fields(lines), *_ids(lines), *_groups(lines), *_duplicates(lines)]
    return sorted(found, key=lambda p: (p.file, p.number, p.what))


def _fields(lines: Sequence[Located]) -> Iterator[Problem]:
    for line in lines:
        one = line.example
        if one.register not in REGISTERS:
            yield problem(line, f"register {one.register!r} is none of {sorted(REGISTERS)}")
        if not (one.region and one.era):
            yield problem(line, "region and era must be given")


def _ids(lines: Sequence[Located]) -> Iterator[Problem]:
    first: dict[str, Located] = {}
    for line in lines:
        if not line.example.id:
            yield problem(line, "no id")
            continue
        other = first.setdefault(line.example.id, line)
        if other is not line:
            yield problem(line, f"the id is also that of {other.file}:{other.number}")


def _groups(lines: Sequence[Located]) -> Iterator[Problem]:
    groups: dict[str, list[Located]] = defaultdict(list)
    for line in lines:
        if line.group is not None:
            groups[line.group].append(line)
    for members in groups.values():
        first, name = members[0], members[0].example.group
        if len(members) not in GROUP_SIZES:
            yield problem(first, f"group {name} has {len(members)} lines, not 3 to 5")
        if len({frozenset(m.example.labels) for m in members}) == 1:
            yield problem(first, f"the labels of group {name} do not differ")
        if len({m.example.part for m in members}) > 1:
            yield problem(first, f"group {name} lies in more than one split")


def _compared(example: Example) -> Iterator[str]:
    # Two articles may well share "Advertisement" or "He gave no details."
    least = SHORT if example.title else 1
    for passage in example.passages:
        if not passage.boilerplate and len(passage.text.split()) >= least:
            yield passage.text


@dataclass(frozen=True, slots=True)
class _Unit:
    line: Located
    text: str


def _duplicates(lines: Sequence[Located]) -> Iterator[Problem]:
    units = [_Unit(line, text) for line in lines for text in _compared(line.example)]
    sets = [shingles(unit.text) for unit in units]
    for left, right, similarity in similar_pairs(sets, DUPLICATE):
        one, other = units[left].line, units[right].line
        where = f"{one.file}:{one.number} ({one.example.id})"
        same = units[left].text == units[right].text
        what = "the same text" if same else f"{similarity:.2f} the same text"
        grouped = one.group is not None and one.group == other.group
        if one.example.part != other.example.part:
            yield problem(other, f"{what} as {where}, which lies in another split")
        elif not grouped and (similarity > DUPLICATE):
            yield problem(other, f"{what} as {where}, outside a contrast group")
