"""How tense it is between two states: a windowed table per pair, from severity-weighted signals.

The way of a signal: `pair_of` says for which pair it counts, `add` puts its weight into the hops of
its event time (state.py), `tension_of` reads the windows with their decay (windows.py), and the
ticker publishes the records that have changed (ticker.py).
"""

from streams.tension.state import PairTension, add, expired, pair_of, tension_of, weight
from streams.tension.windows import WINDOWS, Window

__all__ = [
    "WINDOWS",
    "PairTension",
    "Window",
    "add",
    "expired",
    "pair_of",
    "tension_of",
    "weight",
]
