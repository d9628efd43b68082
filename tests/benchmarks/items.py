"""The items of the benchmark: real ones of the demo feed and the corpus, to a mean length.

Items about a cue begin as one of the demo feed or an article of the corpus, and go on with further
reports of a cue until they have their length, as a longer report stays with its subject. The others
go on with everyday news; one in ten of them begins as one of the demo feed or an article that has
no cue, most of which were written to look as if they had, and nine as everyday news. Which items
are about a cue is known by their number, not by chance.
"""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

from classifier import Item
from classifier.corpus import load_corpus
from streams.intake import decode_item
from streams.run import DEMO_FEED
from streams.shapes import BadItem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from classifier import EscalationModel
    from classifier.corpus import Example

PREFIX = "b"
"""Items are called b0, b1, b2, ..., so that an alert tells which item it is of."""
LOOKS_LIKE_ONE = 0.1
"""Share of the items without a cue that begin as an article or an item of the demo feed."""
TITLE = 80
SHORTEST_WITH_TITLE = 400
"""Bytes below which an item has only an id and a text."""


class Feed:
    """Makes items by number; the same number gives the same item.

    Parameters
    ----------
    model
        Tells which items of the demo feed are about a cue; those of the corpus are labelled.
    corpus
        Labelled texts.
    """

    def __init__(self, model: EscalationModel, corpus: Sequence[Example] | None = None) -> None:
        examples = load_corpus() if corpus is None else corpus
        self._heads: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
        self._texts: dict[bool, list[str]] = {True: [], False: []}
        for item in _demo(model):
            self._heads[item.pop("cue")].append(item)
        for example in examples:
            cue = bool(example.labels)
            if example.is_article:
                self._heads[cue].append(_article(example))
            elif cue or example.source.startswith("ordinary"):
                self._texts[cue].append(example.text)

    def items(self, count: int, length: int, share: float) -> Iterator[bytes]:
        """Yield items as JSON.

        Parameters
        ----------
        count
            How many.
        length
            Mean bytes of a record; they are spread evenly from half to one and a half of it.
        share
            Of items about a cue: one in each run of ``1 / share``, anywhere in it.
        """
        for number in range(count):
            draw = random.Random(f"{number} {length} {share}")
            yield self._item(number, round(length * draw.uniform(0.5, 1.5)), share, draw)

    def _item(self, number: int, length: int, share: float, draw: random.Random) -> bytes:
        cue = is_cue(number, share)
        head = draw.choice(self._heads[cue])
        if not cue and draw.random() >= LOOKS_LIKE_ONE:
            text = draw.choice(self._texts[cue])
            head = {"title": text[:TITLE], "text": text, **_about(None, "corpus.example")}
        if length < SHORTEST_WITH_TITLE:
            head = {"text": head["text"]}
        item = {"id": f"{PREFIX}{number}", **head}
        left = length - len(json.dumps({**item, "text": ""}))
        text = item["text"]
        while len(text) < left:
            text += f" {draw.choice(self._texts[cue])}"
        # Cut between words: the length is that of the record, about.
        item["text"] = text[:left].rpartition(" ")[0] if len(text) > left else text
        return json.dumps(item).encode()


def is_cue(number: int, share: float) -> bool:
    """Tell whether an item is about a cue; the first one is."""
    run = round(1 / share)
    place = random.Random(f"place {number // run}").randrange(run) if number >= run else 0
    return number % run == place


def number_of(name: str) -> int:
    """Return the number of an item by its id."""
    return int(name.removeprefix(PREFIX))


def _demo(model: EscalationModel) -> Iterator[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for line in DEMO_FEED.read_bytes().splitlines():
        try:
            item = decode_item(line)
        except BadItem:
            continue  # the feed has malformed lines on purpose
        if item.text and item.title:
            found.append({"title": item.title, "text": item.text, **_about(item.url, item.source)})
    assessed = model.assess([Item(str(at), e["title"], e["text"]) for at, e in enumerate(found)])
    for each, assessment in zip(found, assessed, strict=True):
        yield {**each, "cue": bool(assessment.cues)}


def _article(example: Example) -> dict[str, Any]:
    about = _about(f"https://corpus.example/{example.id}", "corpus.example")
    return {"title": example.title, "text": example.text, **about}


def _about(url: str | None, source: str | None) -> dict[str, Any]:
    return {"url": url, "source": source, "published_at": "2026-11-02T06:05:00Z", "language": "en"}
