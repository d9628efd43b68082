"""Kafka in, Kafka out: news items are scored as they are published and alerts come out.

The way of an item is in `streams.app`; the wire contract in `streams.records`; every setting in
`streams.settings`. The command line is `escalation`.
"""

from importlib.metadata import version

__version__ = version("escalation-signals")
