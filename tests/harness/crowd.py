"""One event in forty rewrites, ten other events and two thousand ordinary items, mixed."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from classifier.corpus import corpus_path
from harness.storysets import STORIES
from streams.records import Message

if TYPE_CHECKING:
    from pathlib import Path

    from streams.settings import Settings

START = datetime(2026, 10, 5, 5, tzinfo=UTC)
ORDINARY = 2000
OTHERS = 10


class Crowd(NamedTuple):
    """Items in the order of their time, and which event each one of an event belongs to."""

    items: list[bytes]
    events: dict[str, str]

    def messages(self, settings: Settings) -> list[Message]:
        """Return the items as records."""
        return [
            Message(settings.items_topic, str(number).encode(), item)
            for number, item in enumerate(self.items)
        ]


def crowd() -> Crowd:
    """Return the items; the ordinary ones are the first of the corpus's ordinary files."""
    rows: list[tuple[str, str, bytes]] = []
    events: dict[str, str] = {}
    for path in [STORIES / "held_out" / "forty_rewrites.jsonl", *_others()]:
        for line in path.read_bytes().splitlines():
            item = json.loads(line)
            event = f"{path.stem}/{item['event']}"
            if event not in events.values() and len(set(events.values())) > OTHERS:
                continue
            events[item["id"]] = event
            rows.append((item["published_at"], item["id"], line))
    rows += _ordinary()
    return Crowd([line for _, _, line in sorted(rows)], events)


def _others() -> list[Path]:
    files = sorted(STORIES.glob("*/*.jsonl"))
    kept = ("two_states_two_places", "two_states_two_acts", "third_states", "nigeria_raids")
    return [path for path in files if path.stem in (*kept, "one_crisis")]


def _ordinary() -> list[tuple[str, str, bytes]]:
    found: list[tuple[str, str, bytes]] = []
    for path in sorted(corpus_path().glob("ordinary_*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row["labels"] or len(found) == ORDINARY:
                continue
            name = f"ordinary-{len(found):04d}"
            when = f"{START + timedelta(minutes=1.5 * len(found)):%Y-%m-%dT%H:%M:%SZ}"
            item = {"id": name, "text": row["text"], "published_at": when, "language": "en"}
            item["source"] = f"paper{len(found) % 9}.example"
            found.append((when, name, json.dumps(item, ensure_ascii=False).encode()))
    return found
