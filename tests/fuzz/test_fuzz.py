"""A short fuzz of everything that takes foreign bytes; `make fuzz` is the long one.

The long form is asked for with ``FUZZ_CASES`` in the environment: the number of cases in all, in
rounds with seeds of their own.
"""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest
from harness import fuzzing
from harness.fuzz_http import HttpFuzz
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable

SHORT = 20_000
ROUND = 2_000
"""Examples in one round: hypothesis remembers what it has tried, at a cost."""

MUTANTS = 19
"""Cases made of each example by cutting and splicing it, much quicker than drawing them."""

CASES = int(os.environ.get("FUZZ_CASES", SHORT))

TARGETS: dict[str, tuple[float, Callable[..., None], tuple[Any, ...]]] = {
    "decoder": (0.4, fuzzing.decoder, (fuzzing.RECORDS, fuzzing.HEADERS)),
    "own records": (0.1, fuzzing.own_records, (fuzzing.OWN,)),
    "cleaner": (0.3, fuzzing.cleaner, (fuzzing.TEXTS, fuzzing.TEXTS)),
}
HTTP_SHARE = 0.2


def rounds(target: Callable[..., None], strategies: tuple[Any, ...], cases: int) -> int:
    """Feed at least ``cases`` cases to a target; return how many it was fed."""
    fed = 0

    def counted(case: tuple[Any, ...], number: int) -> None:
        nonlocal fed
        for each in (case, *fuzzing.mutants(case, number, MUTANTS)):
            fed += 1
            target(*each)

    number = 0
    while fed < cases:
        one = settings(
            max_examples=max(1, min(ROUND, (cases - fed) // (1 + MUTANTS))),
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        # A round of the short form is the same at each run; each of the long form is another.
        start = number if cases <= SHORT else time.time_ns()
        fuzzed: Callable[[], None] = one(
            given(st.tuples(*strategies), st.integers(0, 2**32))(counted)
        )
        fuzz: Callable[[], None] = seed(start)(fuzzed)
        fuzz()
        number += 1
    return fed


def tell(name: str, fed: int, seconds: float) -> None:
    if os.environ.get("FUZZ_CASES"):
        sys.stdout.write(f"fuzz: {name}: {fed} cases in {seconds:.0f} s, no finding\n")


@pytest.mark.parametrize("name", list(TARGETS))
def test_nothing_that_comes_in_raises_what_it_must_not(name: str) -> None:
    share, target, strategies = TARGETS[name]
    started = time.monotonic()

    fed = rounds(target, strategies, round(share * CASES))

    assert fed >= round(share * CASES)
    tell(name, fed, time.monotonic() - started)


def test_no_request_makes_a_fault_of_the_server() -> None:
    started = time.monotonic()
    with HttpFuzz() as http:
        fed = rounds(http.feed, (fuzzing.HTTP,), round(HTTP_SHARE * CASES))
        http.feed(fuzzing.REQUESTS[0])

    assert fed >= round(HTTP_SHARE * CASES)
    tell("HTTP", fed, time.monotonic() - started)
