"""Five hundred readers on one page, in a process of its own so that its memory can be measured."""

from __future__ import annotations

import asyncio
import multiprocessing
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import pytest
from harness import fiction
from harness.pages import PageServer
from harness.sse import events, take_alerts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

CLIENTS = 500
ALERTS = 50
MOST_BYTES_EACH = 100_000


@pytest.fixture
def child() -> Iterator[tuple[Connection, str, Path]]:
    """Serve a page in a child; yield its pipe, its address and where its memory is told."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,))
    process.start()
    try:
        assert ours.poll(60), "the page did not start"
        yield ours, ours.recv(), Path(f"/proc/{process.pid}/statm")
    finally:
        ours.send(None)
        process.join(20)
        process.kill()


def _serve(pipe: Connection) -> None:
    with PageServer() as server:
        pipe.send(server.url)
        while (step := pipe.recv()) is not None:
            server.publish(step)


def test_all_get_every_alert_and_a_reader_costs_little_memory(
    child: tuple[Connection, str, Path], tell: Callable[[str], None]
) -> None:
    pipe, url, statm = child
    steps = fiction.alerts(ALERTS)

    seen, bytes_each = asyncio.run(asyncio.wait_for(_scenario(pipe, url, statm, steps), 120))

    tell(f"{CLIENTS} readers: {bytes_each / 1000:.1f} kB of the page's memory each")
    assert len(seen) == CLIENTS
    assert all(ids == [step.alert.id for step in steps] for ids in seen)
    assert bytes_each < MOST_BYTES_EACH


async def _scenario(
    pipe: Connection, url: str, statm: Path, steps: list[fiction.Told]
) -> tuple[list[list[str]], float]:
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:
        before = _resident(statm)
        streams = await asyncio.gather(*(session.get(f"{url}api/events") for _ in range(CLIENTS)))
        for stream in streams:
            await anext(events(stream))  # the server greets: it is there for this reader
        readers = [asyncio.create_task(take_alerts(stream, len(steps))) for stream in streams]
        for step in steps:
            pipe.send(step)
        seen = [[event.data["id"] for event in await reader] for reader in readers]
        return seen, (_resident(statm) - before) / CLIENTS


def _resident(statm: Path) -> int:
    """Return the resident bytes of a process, see proc(5)."""
    return int(statm.read_text(encoding="ascii").split()[1]) * 4096
