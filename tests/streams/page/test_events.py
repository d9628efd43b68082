"""Server-sent events over real connections: resume, restart, slow clients, many clients."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiohttp.test_utils import TestClient, TestServer
from harness import fiction
from harness.pages import Topic, build_page
from harness.sse import Event, events, take_alerts

from streams.delivery.page.feed import frame

if TYPE_CHECKING:
    from aiohttp import web
    from harness.pages import Built, Row


def client_of(built: Built) -> TestClient[web.Request, web.Application]:
    """Return a client of the page; the page listens while the client is open."""
    return TestClient(TestServer(built.app))


def ids(taken: list[Event]) -> list[str]:
    return [event.data["id"] for event in taken]


def publish(built: Built, rows: list[Row]) -> None:
    for row in rows:
        built.desk.take_alert(row)


def test_a_client_goes_on_where_it_was_after_a_restart_without_loss_or_repeat() -> None:
    """The second server reads the partitions back in another order than they came in live."""
    steps = fiction.alerts(60)

    async def scenario() -> list[str]:
        topic = Topic()
        first = build_page(topic)
        async with client_of(first) as client, client.get("/api/events") as stream:
            publish(first, topic.add_alerts(steps[:20]))
            before = await take_alerts(stream, 20)
        topic.add_alerts(steps[20:40])  # while no server runs
        second = build_page(topic)
        headers = {"Last-Event-ID": before[-1].id or ""}
        async with (
            client_of(second) as client,
            client.get("/api/events", headers=headers) as stream,
        ):
            publish(second, topic.add_alerts(steps[40:]))
            after = await take_alerts(stream, 40)
        return ids(before) + ids(after)

    seen = asyncio.run(scenario())

    assert len(seen) == 60
    assert set(seen) == {step.alert.id for step in steps}


def test_a_client_may_break_off_at_any_event_of_the_past() -> None:
    async def scenario() -> list[str]:
        topic = Topic()
        topic.add_alerts(fiction.alerts(30))
        built = build_page(topic)
        position, seen = "0:0,1:0,2:0,3:0", []
        async with client_of(built) as client:
            for _ in range(10):
                async with client.get(f"/api/events?position={position}") as stream:
                    taken = await take_alerts(stream, 3)
                seen += ids(taken)
                position = taken[-1].id or ""
        return seen

    assert sorted(asyncio.run(scenario())) == sorted(step.alert.id for step in fiction.alerts(30))


def test_a_position_that_is_lost_tells_the_client_to_load_anew() -> None:
    async def scenario() -> list[Event]:
        topic = Topic()
        topic.add_alerts(fiction.alerts(30))
        built = build_page(topic, most_alerts=5)
        firsts = []
        async with client_of(built) as client:
            for position in ("0:0,1:0,2:0,3:0", "0:999", "nonsense"):
                async with client.get("/api/events", params={"position": position}) as stream:
                    firsts.append(await anext(events(stream)))
        return firsts

    firsts = asyncio.run(scenario())

    assert [event.kind for event in firsts] == ["reset"] * 3
    assert len({event.id for event in firsts}) == 1


def test_a_client_that_comes_while_the_past_is_read_back_waits_for_it() -> None:
    async def scenario() -> Event:
        built = build_page(None)
        async with client_of(built) as client, client.get("/api/events") as stream:
            first = asyncio.ensure_future(anext(events(stream)))
            await asyncio.sleep(0.05)
            assert not first.done()
            built.desk.load([], {0: 4})
            return await first

    assert asyncio.run(scenario()) == Event("hello", {}, "0:4")


def test_a_slow_client_is_dropped_and_told_to_resume() -> None:
    async def scenario() -> tuple[bytes, float]:
        built = build_page(Topic())
        async with client_of(built) as client, client.get("/api/events") as stream:
            await anext(events(stream))
            padding = frame("state", b'"' + b"x" * 20_000 + b'"')
            for _ in range(1500):  # without a pause: the client's task cannot write meanwhile
                built.desk.feed.publish(padding)
            rest = await stream.read()
        dropped = built.metrics.page_dropped.labels("slow")
        return rest[-40:], dropped._value.get()

    end, dropped = asyncio.run(scenario())

    assert end.endswith(b"event: resume\ndata: {}\n\n")
    assert dropped == 1


def test_a_client_whose_network_takes_nothing_is_cut_off() -> None:
    """It opens a stream and never reads: what is written fills the buffers, then waits."""

    async def scenario() -> tuple[float, int]:
        built = build_page(Topic(), patience=0.2)
        async with client_of(built) as client:
            reader, writer = await asyncio.open_connection(
                client.server.host, client.server.port, limit=1024
            )
            writer.write(b"GET /api/events HTTP/1.1\r\nHost: x\r\n\r\n")
            padding = frame("state", b'"' + b"x" * 200_000 + b'"')
            async with asyncio.timeout(30):
                while not (cut := built.metrics.page_dropped.labels("stuck")._value.get()):
                    built.desk.feed.publish(padding)
                    await asyncio.sleep(0.01)
            writer.close()
            del reader
            return cut, built.events.clients

    assert asyncio.run(scenario()) == (1, 0)


def test_silence_is_broken_by_a_comment() -> None:
    async def scenario() -> bytes:
        built = build_page(Topic(), heartbeat=0.05)
        async with client_of(built) as client, client.get("/api/events") as stream:
            return await stream.content.readuntil(b"\n:\n")

    assert b"event: hello" in asyncio.run(scenario())


def test_one_reader_more_than_the_limit_is_told_to_wait() -> None:
    async def scenario() -> tuple[int, str | None]:
        built = build_page(Topic(), most_clients=1)
        async with client_of(built) as client, client.get("/api/events") as stream:
            await anext(events(stream))
            async with client.get("/api/events") as refused:
                return refused.status, refused.headers.get("Retry-After")

    assert asyncio.run(scenario()) == (503, "5")


def test_readers_learn_when_the_broker_is_gone() -> None:
    async def scenario() -> list[bool]:
        built = build_page(Topic())
        async with client_of(built) as client, client.get("/api/events") as stream:
            reader = events(stream)
            await anext(reader)
            for fresh in (False, False, True):
                built.desk.set_fresh(fresh=fresh)
            return [(await anext(reader)).data["fresh"] for _ in range(3)]

    assert asyncio.run(scenario()) == [True, False, True]


def test_streams_end_when_the_server_stops() -> None:
    async def scenario() -> float:
        built = build_page(Topic())
        client = client_of(built)
        await client.start_server()
        stream = await client.get("/api/events")
        await anext(events(stream))
        begun = asyncio.get_running_loop().time()
        await client.server.close()
        took = asyncio.get_running_loop().time() - begun
        await client.close()
        return took

    assert asyncio.run(scenario()) < 2
