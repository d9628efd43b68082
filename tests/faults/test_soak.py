"""The long form can be resumed, and says which rows belong together."""

from __future__ import annotations

from typing import Any

import pytest
from faults.endurance import Sample, describe
from faults.outages import complaint
from faults.results import measured, page
from faults.soak import USUAL_SECONDS, remaining

CODE = {"streams": "aaaaaaa", "classifier": "bbbbbbb"}


def row(code: dict[str, str] | None, seconds: float = 90.0) -> dict[str, Any]:
    """Return a row that was measured on some code."""
    verdict = {"sent": 5, "lost": 0, "wrong": 0, "repeated": 0, "repeated_ids": 0}
    run = {"commit": "c0ffee0", "at": "today", "machine": "small", "versions": "Kafka"}
    trees = {} if code is None else {"trees": code}
    told = {"fault": "rain", "times": 1, "seconds": seconds, "recovery": 1.0, "notes": ""}
    return told | {"verdict": verdict, "run": run | trees}


@pytest.mark.parametrize(
    ("code", "now", "left_out"),
    [
        pytest.param(CODE, CODE, True, id="the same code"),
        pytest.param(CODE, CODE | {"streams": "ccccccc"}, False, id="another"),
        pytest.param(None, CODE, False, id="a row that does not say"),
        pytest.param(*[CODE | {"streams": "aaaaaaa and changes"}] * 2, False, id="no commit's"),
        pytest.param(*[CODE | {"streams": "unknown"}] * 2, False, id="without git"),
    ],
)
def test_only_what_was_measured_on_this_very_code_is_left_out(
    code: dict[str, str] | None, now: dict[str, str], left_out: bool
) -> None:
    assert measured({"rain": row(code)}, now) == ({"rain"} if left_out else set())


@pytest.mark.parametrize(
    ("codes", "one"),
    [
        pytest.param([CODE, CODE], True, id="one code"),
        pytest.param([CODE, CODE | {"classifier": "ccccccc"}], False, id="two"),
        pytest.param([None, None], False, id="rows that do not say"),
        pytest.param([CODE | {"streams": "aaaaaaa and changes"}] * 2, False, id="changes"),
    ],
)
def test_the_page_says_whether_its_rows_are_of_one_code(
    codes: list[dict[str, str] | None], one: bool
) -> None:
    text = page({str(number): row(code) for number, code in enumerate(codes)})

    assert ("All rows are of one code" in text) == one
    assert ("not of one code" in text) != one


def test_a_row_has_its_commit_and_the_hashes_of_its_code() -> None:
    assert "| rain | c0ffee0 | aaaaaaa | bbbbbbb | today | small |" in page({"rain": row(CODE)})


def test_the_estimate_is_what_the_faults_took_the_last_time() -> None:
    assert remaining(["rain", "snow"], {"rain": row(CODE, 90.0)}) == 90.0 + USUAL_SECONDS


def test_the_worst_lag_is_told_with_what_the_worker_had_of_the_machine() -> None:
    samples = [Sample(n * 60.0, 2**20, 20, [0, 900, 5][n % 3], n * 15.0, 7.5) for n in range(8)]

    note = describe(samples, 250.0)

    assert "lag at most 900, after 4 minutes" in note
    assert "25% of a processor" in note
    assert "load average was 7.5" in note


def test_the_note_of_a_broker_that_does_not_recover_is_its_last_error_with_what_it_raised() -> None:
    log = (
        "[2026-01-01 10:00:00,000] ERROR no space (kafka.Log)\njava.io.IOException: full\n"
        "\tat kafka.Log.append(Log.java:1)\n[2026-01-01 10:00:01,000] WARN slow (kafka.Log)\n"
        "[2026-01-01 10:00:02,000] ERROR cannot load | part 3 (kafka.Group)\n"
        "java.lang.IllegalStateException: 34\n\tat kafka.Group.load(Group.java:1)\n"
    )

    assert complaint(log) == (
        "cannot load / part 3 (kafka.Group) java.lang.IllegalStateException: 34"
    )
    assert complaint("[2026-01-01 10:00:00,000] WARN slow (kafka.Log)\n") == "nothing"
