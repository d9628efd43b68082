"""Which dead letters are meant."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from streams.dlq.letters import Letter

AGE = re.compile(r"(\d+)\s*([smhd])")
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True, slots=True)
class Filter:
    """Passes the dead letters that fit all that is given.

    Attributes
    ----------
    stage
        The stage that failed, exactly.
    error
        Part of the error's name or message, whatever its case.
    after
        Only those that died at this time or later.
    """

    stage: str | None = None
    error: str | None = None
    after: datetime | None = None

    def passes(self, letter: Letter) -> bool:
        """Tell whether a dead letter is meant."""
        if self.stage is not None and letter.stage != self.stage:
            return False
        if self.after is not None and letter.timestamp < self.after.timestamp() * 1000:
            return False
        text = f"{letter.error} {letter.message}".casefold()
        return self.error is None or self.error.casefold() in text


def since(text: str, now: datetime) -> datetime:
    """Read a time: an age as ``90m``, ``2h``, ``7d``, or RFC 3339; without a zone it is UTC.

    Raises
    ------
    ValueError
        It is neither; the message says what is known.
    """
    age = AGE.fullmatch(text.strip())
    try:
        if age is not None:
            return now - timedelta(**{UNITS[age.group(2)]: int(age.group(1))})
        when = datetime.fromisoformat(text.strip())
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{text} is neither an age (90m, 2h, 7d) nor a time (RFC 3339)") from error
    return when if when.tzinfo else when.replace(tzinfo=UTC)
