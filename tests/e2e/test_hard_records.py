"""Records that a client or a broker will not take: each comes to its end, and nothing stops."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.producer import message_accumulator
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy
from faults.scenarios import expire
from harness.kafka import limit, read_all, send
from harness.records import RawName
from harness.stage import message, run_stage

from streams.client import aiokafka_options
from streams.records import Message, decode_signal

if TYPE_CHECKING:
    from streams.settings import Settings

pytestmark = [pytest.mark.kafka, pytest.mark.apache]


def noise(size: int) -> str:
    """Return text of some bytes that no codec makes smaller by much."""
    digits = "".join(f"{number * 2654435761 % 2**32:08x}" for number in range(size // 8 + 1))
    return digits[:size]


def test_a_header_name_that_is_no_utf8_is_a_dead_letter_and_the_next_item_is_scored(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    value = b'{"id": "named", "text": "troops"}'

    async def produce() -> None:
        async with AIOKafkaProducer(**aiokafka_options(settings)) as producer:
            batch = producer.create_batch()
            batch.append(timestamp=None, key=b"k", value=value, headers=[(RawName(b"\xff"), b"h")])
            batch.close()
            await producer.send_batch(batch, settings.items_topic, partition=0)
            await producer.flush()

    with monkeypatch.context() as patched:
        # The client's fast builder encodes names itself; the one in Python asks the name.
        patched.setattr(
            message_accumulator, "DefaultRecordBatchBuilder", _DefaultRecordBatchBuilderPy
        )
        asyncio.run(produce())
    send(settings, [message(settings, number, "troops") for number in range(20)])

    run_stage(settings)

    [letter] = read_all(settings, settings.dead_letters_topic)
    headers = dict(letter.headers)
    assert (letter.key, letter.value) == (b"k", value)
    assert headers["\\xff"] == b"h"
    assert headers["escalation.header.names.escaped"] == b"true"
    assert headers["__connect.errors.exception.class.name"] == b"UnreadableRecord"
    assert len(read_all(settings, settings.signals_topic)) == 20


def test_a_signal_that_the_broker_refuses_is_the_dead_letter_of_its_item(
    settings: Settings,
) -> None:
    limit(settings, settings.signals_topic, 20_000)
    long = json.dumps({"id": "long", "text": "troops " + noise(200_000)}).encode()
    send(settings, [Message(settings.items_topic, b"long", long)])
    send(settings, [message(settings, number, "troops") for number in range(20)])

    progress, registry = run_stage(settings)

    [letter] = read_all(settings, settings.dead_letters_topic)
    assert progress.fatal is None
    assert (letter.key, letter.value) == (b"long", long)
    assert dict(letter.headers)["__connect.errors.exception.class.name"] == b"SignalRefused"
    assert len(read_all(settings, settings.signals_topic)) == 20
    assert registry.get_sample_value("escalation_items_total", {"outcome": "signal"}) == 20.0


def test_a_dead_letter_that_the_broker_refuses_is_cut_down_and_says_so(settings: Settings) -> None:
    limit(settings, settings.dead_letters_topic, 40_000)
    big = b"{" + noise(200_000).encode()
    send(settings, [Message(settings.items_topic, b"big", big)])
    send(settings, [message(settings, number, "troops") for number in range(20)])

    progress, _ = run_stage(settings)

    [letter] = read_all(settings, settings.dead_letters_topic)
    assert progress.fatal is None
    assert letter.value == big[: len(letter.value)]
    assert dict(letter.headers)["escalation.truncated.value.bytes"] == b"%d" % len(big)
    assert len(read_all(settings, settings.signals_topic)) == 20


def test_the_marker_behind_a_transaction_is_no_lag(settings: Settings) -> None:
    async def produce() -> None:
        options = aiokafka_options(settings)
        async with AIOKafkaProducer(**options, transactional_id=settings.group) as producer:
            for number in range(3):
                async with producer.transaction():
                    value = json.dumps({"id": f"t{number}", "text": "troops"}).encode()
                    await producer.send(settings.items_topic, value, partition=0)

    asyncio.run(produce())

    progress, _ = run_stage(settings)

    # It has ended, so that the group has committed up to the very end.
    assert progress.lag == {"score": 0}
    signals = read_all(settings, settings.signals_topic)
    assert [decode_signal(each.value).id for each in signals] == ["t0", "t1", "t2"]


@pytest.mark.parametrize(("policy", "scored"), [("earliest", 15), ("latest", 10)])
def test_records_that_expired_unread_are_told_and_the_stage_goes_on_as_set(
    settings: Settings, policy: str, scored: int
) -> None:
    _expired_unread(settings)
    send(settings, [message(settings, number, "troops") for number in range(20, 25)])

    _, registry = run_stage(settings.model_copy(update={"out_of_range": policy}))

    told = {"topic": settings.items_topic, "partition": "0"}
    assert registry.get_sample_value("escalation_offset_out_of_range_total", told) == 1.0
    assert len(read_all(settings, settings.signals_topic)) == scored


def test_records_that_expired_unread_stop_the_stage_where_that_is_set(settings: Settings) -> None:
    _expired_unread(settings)

    progress, _ = run_stage(settings.model_copy(update={"out_of_range": "stop"}))

    assert progress.fatal is not None
    assert "is out of range" in progress.fatal
    assert "ESCALATION_OUT_OF_RANGE=stop" in progress.fatal


def _expired_unread(settings: Settings) -> None:
    """Score ten items, and let ten more expire unread; every partition has some of both."""
    asyncio.run(_produce(settings, range(10)))
    run_stage(settings)
    asyncio.run(_produce(settings, range(10, 20)))
    asyncio.run(expire(settings))


async def _produce(settings: Settings, numbers: range) -> None:
    async with AIOKafkaProducer(**aiokafka_options(settings)) as producer:
        for number in numbers:
            value = message(settings, number, "troops").value
            partition = number % settings.partitions
            await producer.send_and_wait(settings.items_topic, value, partition=partition)


@pytest.mark.parametrize("policy", ["earliest", "latest"])
def test_a_first_start_is_committed_where_the_setting_says(settings: Settings, policy: str) -> None:
    send(settings, [message(settings, number, "troops") for number in range(10)])

    run_stage(settings.model_copy(update={"offset_reset": policy}))

    expected = 10 if policy == "earliest" else 0
    assert len(read_all(settings, settings.signals_topic)) == expected
