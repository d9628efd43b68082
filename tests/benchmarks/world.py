"""Where a benchmark runs: one Apache Kafka, topics filled once, and topics for each contestant."""

from __future__ import annotations

import asyncio
import itertools
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import joblib

import classifier
from benchmarks.items import Feed
from classifier.evaluation.speed import fit_plain
from classifier.ontology import LABELS
from streams.local import BrokerError, start_broker
from streams.publisher import Publisher
from streams.records import Message
from streams.settings import Settings, load_settings
from streams.topics import create_topics

if TYPE_CHECKING:
    from streams.local import Broker

Say = Callable[[str], None]
PARTITIONS = 4
CHUNK = 2000


class World:
    """A broker and what is in it.

    Parameters
    ----------
    broker
        Runs.
    directory
        For files of this run.
    say
        Called with one line when something takes time.
    """

    def __init__(self, broker: Broker, directory: Path, say: Say) -> None:
        self.directory = directory
        self.say = say
        self._broker = broker
        self._numbers = itertools.count(1)
        self._feed: Feed | None = None
        self._topics: dict[str, str] = {}

    def settings(self, name: str, items: str | None = None) -> Settings:
        """Return settings with topics of their own, but for the items if these are given."""
        own = f"{name}-{next(self._numbers)}"
        settings = load_settings(
            kafka_bootstrap_servers=self._broker.bootstrap_servers,
            **{
                field: f"{own}.{getattr(load_settings(), field)}"
                for field in Settings.model_fields
                if field.endswith("_topic")
            }
            | ({} if items is None else {"items_topic": items}),
            group=own,
            partitions=PARTITIONS,
            data_dir=self.directory / own,
            session_timeout=6.0,
        )
        (self.directory / own).mkdir()
        asyncio.run(create_topics(settings))
        return settings

    def items(self, count: int, length: int = 1500, share: float = 0.05) -> Path:
        """Return a file of items, one a line, made once."""
        path = self.directory / f"items-{count}-{length}-{share}.jsonl"
        if not path.exists():
            if self._feed is None:
                self._feed = Feed(classifier.load())
            with path.open("wb") as file:
                file.writelines(line + b"\n" for line in self._feed.items(count, length, share))
        return path

    def backlog(self, count: int, length: int = 1500, share: float = 0.05) -> str:
        """Return a topic that is filled with items, once."""
        path = self.items(count, length, share)
        if path.stem not in self._topics:
            self.say(f"filling a topic with {count:,} items of {length} bytes")
            settings = self.settings(path.stem)
            asyncio.run(_fill(settings, path))
            self._topics[path.stem] = settings.items_topic
        return self._topics[path.stem]

    def plain(self) -> Path:
        """Return the peers' model, fitted once for a corpus."""
        corpus = classifier.corpus.load_corpus()
        digest = classifier.corpus.corpus_digest(corpus)[:12]
        folder = load_settings().cache / "benchmarks"
        path = folder / f"plain-{digest}-{version('scikit-learn')}.joblib"
        if not path.exists():
            self.say("fitting the plain pipeline of the peers")
            folder.mkdir(parents=True, exist_ok=True)
            joblib.dump((LABELS, fit_plain(corpus)), path)
        return path


@contextmanager
def world(say: Say) -> Iterator[World]:
    """Start Apache Kafka with a directory of its own; both are gone at the end.

    Raises
    ------
    BrokerError
        There is no Apache Kafka to be had; a stand-in would tell other figures.
    """
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        directory = Path(name)
        broker = start_broker(directory, load_settings().cache, say)
        try:
            if broker.kind != "Apache Kafka":
                raise BrokerError("the benchmark needs Apache Kafka itself")
            yield World(broker, directory, say)
        finally:
            broker.stop()


def place_of(number: int) -> tuple[int, int]:
    """Return partition and offset of an item."""
    return number % PARTITIONS, number // PARTITIONS


def messages(lines: Iterable[bytes], topic: str) -> Iterator[Message]:
    """Yield items as records, from partition to partition in turn."""
    for number, line in enumerate(lines):
        yield Message(topic, b"%d" % number, line.rstrip(), partition=number % PARTITIONS)


async def _fill(settings: Settings, path: Path) -> None:
    async with Publisher(settings, on_error=lambda _: None) as publisher:
        with path.open("rb") as lines:
            for chunk in batched(messages(lines, settings.items_topic), CHUNK):
                await publisher.publish(chunk)


def batched(found: Iterator[Message], size: int) -> Iterator[list[Message]]:
    """Yield lists of so many."""
    while chunk := list(itertools.islice(found, size)):
        yield chunk
