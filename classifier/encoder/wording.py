"""What the encoder reads: the sentence without its actors' names.

Every state, bloc, agency and armed group becomes a kind with a letter in order of mention
(``Iranian forces hit Iraq`` is ``country x forces hit country y``), so that who acts on whom
stays readable and exchanging the names changes nothing: not one score, by construction. It
is done alike in training and when judging. Other names (persons, towns, firms) stay: they
tell sport and business from politics, and no table of ours has them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from classifier.masking import find_name
from classifier.words import CURLY, INITIALS, WORD

if TYPE_CHECKING:
    from classifier.names import Kind

LETTERS: Final = "xyzwvu"
"""Letters in order of mention; all actors after the fifth are the last."""

_POSSESSIVE: Final = re.compile(r"'[sS]$")

_NOUNS: Final[dict[Kind, str]] = {
    "state": "country",
    "people": "country",
    "capital": "country",
    "bloc": "bloc",
    "agency": "agency",
    "armed": "militia",
}


def without_names(text: str) -> str:
    """Return ``text`` with each actor's name as its kind and letter, on one line."""
    text = text.translate(CURLY)
    found = list(WORD.finditer(text))
    words = [_plain(match[0]) for match in found]
    letters: dict[str, str] = {}
    parts: list[str] = []
    end = at = 0
    while at < len(words):
        name = find_name(words, at)
        if name is None:
            at += 1
            continue
        letter = letters.setdefault(name.code, LETTERS[min(len(letters), len(LETTERS) - 1)])
        parts += [text[end : found[at].start()], f"{_NOUNS[name.kind]} {letter}"]
        at += len(name.words)
        end = _end(text, found[at - 1])
    parts.append(text[end:])
    return re.sub(r"\s+", " ", "".join(parts)).strip()


def _plain(word: str) -> str:
    bare = word.replace(".", "") if INITIALS.fullmatch(word) else word
    return _POSSESSIVE.sub("", bare)


def _end(text: str, last: re.Match[str]) -> int:
    """Return where a name ends: before its ``'s``, after the last dot of its initials."""
    end = last.start() + len(_POSSESSIVE.sub("", last[0]))
    return end + 1 if INITIALS.fullmatch(last[0]) and text[end : end + 1] == "." else end
