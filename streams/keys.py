"""The key of a signal: who it is about, so that a crisis meets itself in one partition."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from classifier import Actor, Cue

WORDS = re.compile(r"\w{4,}")


def signal_key(actors: Sequence[Actor], cues: Sequence[Cue]) -> str:
    """Return the sorted codes of the two main actors, or of the one, or a hash of the evidence.

    The main actors are the first source and the first target; where a role is open, the first
    actors that are mentioned fill it.
    """
    pair = sorted(_main_actors(actors))
    return "-".join(pair) if pair else _evidence_hash(cues)


def _main_actors(actors: Sequence[Actor]) -> list[str]:
    ranked = [
        next((actor.code for actor in actors if actor.role == role), None)
        for role in ("source", "target")
    ]
    ranked += [actor.code for actor in actors]
    return list(dict.fromkeys(code for code in ranked if code))[:2]


def _evidence_hash(cues: Sequence[Cue]) -> str:
    text = " ".join(piece.text for cue in cues for piece in cue.evidence)
    words = sorted(set(WORDS.findall(text.lower())))
    return "hash-" + hashlib.sha256(" ".join(words).encode()).hexdigest()[:16]
