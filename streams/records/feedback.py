"""An analyst's verdict on an incident. Value of `escalation.feedback`."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec reads annotations at run time
from typing import Literal

import msgspec

Reason = Literal[
    "not_a_cue", "history", "metaphor", "opinion", "wrong_cue", "wrong_actors", "repeat", "other"
]
"""Why an alert is dismissed, in the codebook's words where it has them."""


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
        When it was given.
    """

    id: str
    incident: str
    key: str
    alert: str | None = None
    verdict: Literal["confirm", "dismiss", "note"]
    reason: Reason | None = None
    note: str = ""
    by: str = ""
    at: datetime
