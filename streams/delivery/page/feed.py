"""The latest events, encoded once for all clients; a client is a cursor into them.

So a client costs a number and no queue, and a slow one is found by how far it is behind.
"""

from __future__ import annotations

import asyncio
from collections import deque
from itertools import islice

LONGEST = 1000
"""Events that a client may be behind before it is dropped; a frame is a few kilobytes."""
TOGETHER = 64
"""Events that a client is given at once."""


class BehindError(LookupError):
    """The client's next event is gone: it reads too slowly."""


class FeedClosedError(RuntimeError):
    """The server stops."""


def frame(event: str, data: bytes, position: str | None = None) -> bytes:
    """Return a server-sent event; ``data`` is JSON on one line.

    See the WHATWG HTML standard, section 9.2.5 "Parsing an event stream".
    """
    head = f"id: {position}\nevent: {event}\ndata: " if position else f"event: {event}\ndata: "
    return head.encode() + data + b"\n\n"


class Feed:
    """A bounded log of frames that any number of clients follow."""

    def __init__(self, longest: int = LONGEST) -> None:
        self._frames: deque[bytes] = deque(maxlen=longest)
        self._end = 0
        self._more: asyncio.Event = asyncio.Event()
        self._closed = False

    @property
    def end(self) -> int:
        """The cursor of a client that has seen everything."""
        return self._end

    def publish(self, frame: bytes) -> None:
        """Add a frame and wake every client that waits."""
        self._frames.append(frame)
        self._end += 1
        self._wake()

    def close(self) -> None:
        """Let every client's stream end."""
        self._closed = True
        self._wake()

    async def wait(self, cursor: int, seconds: float) -> bool:
        """Return whether there is more after the cursor, waiting at most so many seconds.

        Raises
        ------
        FeedClosedError
            The server stops.
        """
        if self._end <= cursor and not self._closed:
            try:
                async with asyncio.timeout(seconds):
                    await self._more.wait()
            except TimeoutError:
                return False
        if self._closed:
            raise FeedClosedError
        return self._end > cursor

    def after(self, cursor: int) -> tuple[bytes, int]:
        """Return the next frames after a cursor, joined, and the cursor behind them.

        Raises
        ------
        BehindError
            The next frame is not here any more.
        """
        behind = self._end - cursor
        if behind > len(self._frames):
            raise BehindError(f"{behind} events behind")
        count = min(behind, TOGETHER)
        newest_first = islice(reversed(self._frames), behind - count, behind)
        return b"".join(reversed(list(newest_first))), cursor + count

    def _wake(self) -> None:
        # Each wait is for the next frame: those who wait now hold the old event.
        self._more.set()
        self._more = asyncio.Event()
