"""An analyst's verdict on an incident. Value of `escalation.feedback`."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec reads annotations at run time
from typing import Annotated, Literal

import msgspec

Reason = Literal[
    "not_a_cue", "history", "metaphor", "opinion", "wrong_cue", "wrong_actors", "repeat", "other"
]
"""Why an alert is dismissed, in the codebook's words where it has them."""

Verdict = Literal["confirm", "dismiss", "note"]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Note = Annotated[str, msgspec.Meta(max_length=4000)]


class Feedback(msgspec.Struct, frozen=True, kw_only=True):
    """A verdict. The record's key is the alert's `key`, so that it meets its incident's table.

    Attributes
    ----------
    id
        The sender's, unique: a verdict that arrives twice counts once.
    incident, key
        As in the alert.
    alert
        Id of the alert that the analyst looked at.
    verdict
        ``confirm``: it is the real thing; ``dismiss``: it is not, for ``reason``; ``note``: a
        remark only.
    reason
        Needed to dismiss.
    note
        In the analyst's words.
    by
        Who, as the token's name says.
    at
        When it was given, with a time zone.

    Raises
    ------
    ValueError
        A dismissal has no reason, or another verdict has one.
    """

    id: Name
    incident: Name
    key: Name
    alert: Name | None = None
    verdict: Verdict
    reason: Reason | None = None
    note: Note = ""
    by: Annotated[str, msgspec.Meta(max_length=200)] = ""
    at: Annotated[datetime, msgspec.Meta(tz=True)]

    def __post_init__(self) -> None:
        """Check what the fields' types cannot say."""
        if self.verdict == "dismiss" and self.reason is None:
            raise ValueError("reason: a dismissal needs one")
        if self.verdict != "dismiss" and self.reason is not None:
            raise ValueError(f"reason: only a dismissal has one, and the verdict is {self.verdict}")
