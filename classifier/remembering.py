"""What is remembered of short texts: by number alone, a cache would keep long ones by the GiB."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
T = TypeVar("T")

LONGEST: Final = 48
"""Characters of a text that is remembered. Longer words do not come again: they are addresses,
codes, or what somebody sends to fill the memory."""


def remembers(
    maxsize: int,
) -> Callable[[Callable[Concatenate[str, P], T]], Callable[Concatenate[str, P], T]]:
    """Return a decorator that remembers the last ``maxsize`` results for short texts.

    Parameters
    ----------
    maxsize
        Results that are kept.
    """

    def decorate(function: Callable[Concatenate[str, P], T]) -> Callable[Concatenate[str, P], T]:
        known = functools.lru_cache(maxsize=maxsize)(function)

        @functools.wraps(function)
        def either(text: str, /, *args: P.args, **options: P.kwargs) -> T:
            if len(text) > LONGEST:
                return function(text, *args, **options)
            return known(text, *args, **options)  # type: ignore[arg-type]  # all of them hashable

        return either

    return decorate
