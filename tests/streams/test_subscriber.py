"""`streams.subscribe` on a real topic."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from harness.alerts import alert
from harness.kafka import send
from harness.worker import environment

import streams
from streams.cloudevents import alert_message
from streams.docs import README
from streams.records import Message
from streams.subscriber import REMEMBERED, _Remembered

if TYPE_CHECKING:
    from pathlib import Path

    from streams.settings import Settings

pytestmark = pytest.mark.kafka


def publish(settings: Settings, *alerts: streams.Alert) -> None:
    send(settings, [alert_message(each, settings.alerts_topic) for each in alerts])


def take(settings: Settings, count: int, **options: Any) -> list[str]:
    """Return the ids of the next alerts of the group; the last one stays in hand."""

    async def read() -> list[str]:
        ids: list[str] = []
        async with streams.subscribe(settings.group, settings=settings, **options) as alerts:
            async for each in alerts:
                ids.append(each.id)
                if len(ids) == count:
                    break
        return ids

    return asyncio.run(asyncio.wait_for(read(), 60))


def test_a_group_resumes_with_the_alert_that_was_in_hand(settings: Settings) -> None:
    publish(settings, *(alert("i", number) for number in range(1, 6)))

    assert take(settings, 3) == ["i-1-opened", "i-2-updated", "i-3-updated"]
    assert take(settings, 3) == ["i-3-updated", "i-4-updated", "i-5-updated"]


def test_an_alert_whose_handling_raises_comes_again(settings: Settings) -> None:
    publish(settings, alert("a"), alert("b"))
    tries: list[str] = []

    async def handle() -> None:
        async with streams.subscribe(settings.group, settings=settings) as alerts:
            async for each in alerts:
                tries.append(each.id)
                raise ZeroDivisionError

    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            asyncio.run(asyncio.wait_for(handle(), 60))

    assert tries[0] == tries[1]


def test_a_repeat_is_passed_over_and_so_is_what_is_no_alert(settings: Settings) -> None:
    publish(settings, alert("i"), alert("i"))
    send(settings, [Message(settings.alerts_topic, b"i", b"\xff no alert")])
    publish(settings, alert("i", 2))

    assert take(settings, 2) == ["i-1-opened", "i-2-updated"]


def test_only_alerts_that_pass_the_filters_come(settings: Settings) -> None:
    publish(settings, alert("i", severity="low"), alert("i", 2, severity="critical"))

    assert take(settings, 1, min_severity="high", countries=["Cambodia"]) == ["i-2-updated"]


def test_what_the_filters_pass_over_is_done_too(settings: Settings) -> None:
    publish(settings, *(alert("i", number, severity="low") for number in range(1, 4)))
    publish(settings, alert("i", 4, severity="high"))
    assert take(settings, 1, min_severity="high") == ["i-4-updated"]

    assert take(settings, 1) == ["i-4-updated"]


def test_a_group_that_starts_at_the_latest_sees_only_what_is_new(settings: Settings) -> None:
    publish(settings, alert("old"))

    async def read() -> str:
        async with streams.subscribe("late", start="latest", settings=settings) as alerts:
            first = asyncio.ensure_future(anext(alerts))
            number = 1
            while not first.done():
                await asyncio.to_thread(publish, settings, alert("new", number))
                number += 1
                await asyncio.wait([first], timeout=0.5)
            return first.result().incident

    assert asyncio.run(asyncio.wait_for(read(), 60)) == "new"


def test_a_filter_for_what_there_is_not_is_refused_at_once(settings: Settings) -> None:
    with pytest.raises(streams.SelectionError, match="did you mean high"):
        streams.subscribe("desk", min_severity="hihg", settings=settings)


def test_ids_are_remembered_up_to_a_bound() -> None:
    remembered = _Remembered(2)

    assert [remembered.is_new(each) for each in "aabcbaa"] == [
        True,
        False,
        True,
        True,
        False,
        True,
        False,
    ]
    assert REMEMBERED == 10_000


def test_the_example_of_the_readme_prints_alerts(settings: Settings, tmp_path: Path) -> None:
    [example] = [
        block
        for block in re.findall(r"```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
        if "streams.subscribe" in block
    ]
    program = tmp_path / "example.py"
    program.write_text(example, encoding="utf-8")
    publish(settings, alert("low", severity="low"), alert("high", headline="Troops mass"))

    with subprocess.Popen(
        [sys.executable, "-u", str(program)],
        env=environment(settings),
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        try:
            assert running.stdout.readline() == "high opened Troops mass\n"
        finally:
            running.kill()
