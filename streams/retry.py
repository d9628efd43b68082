"""Pauses between attempts: exponential, capped, with full jitter."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


class Backoff:
    """Pauses that grow from ``first`` to ``longest`` seconds.

    Each pause is drawn between half and the whole of the current length, so that workers that
    lost the same broker do not come back in step.
    """

    def __init__(
        self,
        first: float,
        longest: float,
        *,
        draw: random.Random | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._length = first
        self._longest = longest
        self._draw = draw or random.Random()  # noqa: S311 - jitter, no secret
        self._sleep = sleep

    async def pause(self) -> None:
        """Wait, and make the next pause longer."""
        await self._sleep(self.length())

    def length(self) -> float:
        """Return the seconds of the pause that is due, and make the next one longer."""
        length, self._length = self._length, min(self._length * 2, self._longest)
        return length * self._draw.uniform(0.5, 1.0)
