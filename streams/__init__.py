"""Kafka in, Kafka out: news items are scored as they are published and alerts come out.

A program that wants alerts needs `subscribe` alone. The way of an item is in `streams.app`; the
wire contract in `streams.records`; every setting in `streams.settings`. The command line is
`escalation`.
"""

from importlib.metadata import version

from streams.records import Alert
from streams.selection import SelectionError
from streams.settings import SettingsError
from streams.subscriber import Subscription, subscribe

__all__ = ["Alert", "SelectionError", "SettingsError", "Subscription", "subscribe"]
__version__ = version("escalation-signals")
