"""Who does it, and to whom? States, blocs and organisations with a role.

News puts the one who acts first. So the actors named first (one, or several joined by
"and") are sources, those named next are targets, and the others are mentioned. A "by" turns
the two round ("was attacked by", "evacuated from Haiti by"). Of actors that are only named
together, as parties to a meeting or a clash, the first is the source. A bloc that merely
describes ("the UN peacekeeping force in", "NATO-led troops in") gives way to the state after
it. Roles come from order and voice alone, never from who is named.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from classifier.mentions import Mention, read_names, together
from classifier.names import STATE_KINDS
from classifier.types import Actor, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from classifier.mentions import Words
    from classifier.names import Name

_ORDER: Final[dict[Role, int]] = {"source": 0, "target": 1, "mentioned": 2}
_DATELINE: Final = re.compile(
    r"^(?:[A-Z][a-z]+ )?[A-Z][A-Z.'\u2019 -]{2,40}(?:, [A-Z][\w. ]{2,20}){0,2}"
    r"(?:\s?\([^()]{2,30}\))?\s?(?:--?|\u2013|\u2014|:)\s"
)
_PLACE_BEFORE: Final = frozenset({"on", "against", "at", "into", "upon", "from", "towards"})
_DESCRIBES: Final = frozenset({"led", "backed", "brokered", "mandated", "sponsored"})
_FORCE: Final = frozenset({"peacekeeping", "peacekeepers", "mission", "force", "forces", "troops"})
_CLAUSES: Final = frozenset({"that", "which", "who", "whose", "according", "after", "if", "when"})
_IN: Final = frozenset({"in", "inside", "across"})
_MEETING: Final = frozenset(
    [
        "talks",
        "negotiations",
        "summit",
        "meeting",
        "conference",
        "met",
        "meet",
        "hosted",
        "dialogue",
    ]
)


def find_actors(sentences: Iterable[str], lead: Sequence[str] = ()) -> tuple[Actor, ...]:
    """Return the actors of the evidence sentences; those only in ``lead`` are mentioned.

    An actor with different roles in two sentences has the most active of them.
    """
    roles: dict[str, Actor] = {}
    spoken = dict.fromkeys(sentences)
    for sentence in spoken:
        for actor in of_sentence(sentence):
            known = roles.get(actor.code)
            if known is None or _ORDER[actor.role] < _ORDER[known.role]:
                roles[actor.code] = actor
    # Whoever is named in an evidence sentence is there already.
    for sentence in (sentence for sentence in lead if sentence not in spoken):
        for name in names_in(sentence):
            roles.setdefault(name.code, Actor(name.code, name.title, "mentioned"))
    return tuple(sorted(roles.values(), key=lambda actor: _ORDER[actor.role]))


def of_sentence(sentence: str) -> list[Actor]:
    """Return the actors of one sentence in order of mention, with their roles."""
    head = _DATELINE.match(sentence)
    start = head.end() if head else 0
    words, named = read_names(sentence[start:])
    roles: dict[str, Role] = {}
    names: dict[str, Name] = {}
    for mention, role in _roles(words, _distinct(_parties(words, together(words, named)))):
        roles.setdefault(mention.name.code, role)
        names.setdefault(mention.name.code, mention.name)
    named_too = names_in(sentence[:start]) if start else []
    for name in (*(mention.name for mention in named), *named_too):
        roles.setdefault(name.code, "mentioned")
        names.setdefault(name.code, name)
    return [Actor(code, names[code].title, role) for code, role in roles.items()]


def names_in(sentence: str) -> list[Name]:
    """Return the table's names in a sentence, in order."""
    return [mention.name for mention in read_names(sentence)[1]]


def _parties(words: Words, groups: list[list[Mention]]) -> list[list[Mention]]:
    """Leave out capitals where others meet, when there are others: "talks with Iran in Vienna"."""
    if _MEETING.isdisjoint(word.lower() for word in words.words):
        return groups
    found = [
        group
        for group in groups
        if group[0].name.kind != "capital"
        or not group[0].start
        or words.words[group[0].start - 1].lower() not in {"in", "at"}
    ]
    return found or groups


def _distinct(groups: Sequence[Sequence[Mention]]) -> list[list[Mention]]:
    """Drop later mentions of an actor, and groups that this leaves empty."""
    seen: set[str] = set()
    found = []
    for group in groups:
        new = []
        for mention in group:
            if mention.name.code not in seen:
                seen.add(mention.name.code)
                new.append(mention)
        if new:
            found.append(new)
    return found


def _roles(words: Words, groups: Sequence[list[Mention]]) -> list[tuple[Mention, Role]]:
    if not groups:
        return []
    first, *others = groups
    if not others:
        return _alone(words, first)
    at = _target(words, others)
    roles: list[Role] = ["mentioned"] * len(groups)
    roles[0] = "source"
    roles[1 + at] = "target"
    agent = next((k for k, g in enumerate(others[:2]) if _by(words, first[-1], g[0])), None)
    if agent is not None:
        roles[1 + at] = "mentioned"
        roles[0], roles[1 + agent] = "target", "source"
    return [(m, role) for group, role in zip(groups, roles, strict=True) for m in group]


def _alone(words: Words, group: Sequence[Mention]) -> list[tuple[Mention, Role]]:
    first, *others = group
    before = words.words[first.start - 1].lower() if first.start else ""
    passive = any(
        words.words[at] == "by" and words.words[at - 1].endswith(("ed", "en", "n", "t", "d"))
        for at in range(group[-1].end + 1, min(len(words.words), group[-1].end + 6))
    )
    if not others and (passive or before in _PLACE_BEFORE):
        return [(first, "target")]
    return [(first, "source"), *((mention, "target") for mention in others)]


def _target(words: Words, others: Sequence[Sequence[Mention]]) -> int:
    """Return which group is acted on: the first, unless it only describes the next."""
    if len(others) > 1 and len(others[0]) == 1:
        bloc, state = others[0][0], others[1][0]
        between = [word.lower() for word in words.words[bloc.end : state.start]]
        describes = bool(between) and (
            between[0] in _DESCRIBES or (not _FORCE.isdisjoint(between) and between[-1] in _IN)
        )
        is_state = bloc.name.kind in STATE_KINDS
        if describes and not is_state and state.name.kind in STATE_KINDS:
            return 1
    return 0


def _by(words: Words, acted_on: Mention, agent: Mention) -> bool:
    """Tell whether "by", a word or two before it, makes ``agent`` the one who acts.

    Not when another clause starts in between: "hit a base that is used by".
    """
    between = [word.lower() for word in words.words[acted_on.end : agent.start]]
    return "by" in between[-3:] and _CLAUSES.isdisjoint(between)
