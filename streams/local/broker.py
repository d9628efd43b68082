"""Choose a broker and start it: Apache Kafka where it can be had, else an embedded stand-in."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Protocol

from streams.local.apache import ApacheKafka
from streams.local.embedded import EmbeddedBroker
from streams.local.process import BrokerError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Broker(Protocol):
    """A broker process on the loopback address."""

    kind: str

    @property
    def bootstrap_servers(self) -> str:
        """Where clients start from, `host:port`."""

    def start(self) -> None:
        """Start, and return when it answers."""

    def stop(self) -> None:
        """Stop in good order; nothing is left running."""


def start_broker(
    data: Path, cache: Path, say: Callable[[str], None], *, port: int | None = None
) -> Broker:
    """Start a broker that keeps its data in ``data``.

    Parameters
    ----------
    data
        Directory of this broker's data; made when missing.
    cache
        Directory where Apache Kafka is fetched to, once.
    say
        Called with one line when something is worth telling.
    port
        Port to listen on; a free one when None.

    Raises
    ------
    BrokerError
        Neither Apache Kafka nor the stand-in can be started here; the message says why.
    """
    try:
        apache = ApacheKafka(data / "kafka", cache / "kafka", say, port=port)
        apache.start()
    except BrokerError as reason:
        say(f"Apache Kafka cannot be used here ({reason}); starting the embedded broker instead")
        embedded = EmbeddedBroker(data / "embedded", port=port)
        with contextlib.ExitStack() as stack:
            stack.callback(embedded.stop)
            embedded.start()
            stack.pop_all()
        return embedded
    return apache
