"""What is fuzzed: each target makes hostile input, feeds it, and checks what must hold.

Input is grown from sound examples: shapes with foreign values in their fields, and bytes of sound
records cut, spliced and overwritten, so that the inner branches are reached too.
"""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from classifier import Item
from classifier.text import read
from harness.alerts import alert
from streams.incidents.stage import read_signal
from streams.intake import decode_item
from streams.records import ModelRef, NewsItem, Signal, encode
from streams.shapes import BadItem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SEEDS: list[dict[str, Any]] = [
    {"id": "1", "title": "T", "text": "B", "url": "https://x.example/1", "published_at": 1},
    {
        "uri": "https://x.example/1",
        "versioncreated": "2026-11-02T07:02:00Z",
        "headlines": [{"role": "main", "value": "T"}],
        "bodies": [{"role": "main", "value": "<p>B</p>"}],
        "infosources": [{"name": "X"}],
    },
    {
        "@type": "NewsArticle",
        "@id": "https://x.example/1",
        "headline": "T",
        "articleBody": "B",
        "datePublished": "Mon, 02 Nov 2026 07:02:00 GMT",
        "publisher": {"name": "X"},
    },
    {"specversion": "1.0", "id": "e", "source": "/s", "data": {"text": "B"}, "time": "now"},
    {"specversion": "1.0", "id": "e", "data_base64": "eyJ0ZXh0IjogIkIifQ=="},
]
FIELDS = sorted({field for seed in SEEDS for field in seed} | {"summary", "body", "content"})
ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, 0, -1, 1e308, 10**400, "", "NaN", "\ud800", "\x00", "9999-12-31T23:59:59Z", [], {}]
)
ODD_TIMES = st.sampled_from([1e18, -1e18, "0001-01-01T00:00:00+14:00", "Mon, 99 Foo 2026", "24:00"])
VALUES = st.recursive(
    ODD | ODD_TIMES | st.text(max_size=12) | st.integers() | st.floats(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)


def _mutated(seed: bytes, cuts: Sequence[tuple[int, int, bytes]]) -> bytes:
    """Return a seed with some stretches replaced."""
    for start, length, piece in cuts:
        at = start % (len(seed) + 1)
        seed = seed[:at] + piece + seed[at + length :]
    return seed


def mutants(case: tuple[Any, ...], number: int, count: int) -> Iterator[tuple[Any, ...]]:
    """Yield cases near to one: its bytes and texts cut, doubled, swapped and overwritten."""
    draw = random.Random(number)
    for _ in range(count):
        case = tuple(_near(part, draw) if isinstance(part, bytes | str) else part for part in case)
        yield case


def _near(whole: Any, draw: random.Random) -> Any:
    """Return a text or bytes with one stretch changed, or as they are."""
    start = draw.randrange(len(whole) + 1)
    end = min(len(whole), start + draw.choice((0, 1, 1, 2, 4, 16)))
    stretch = whole[start:end]
    foreign: Any = draw.choice(BYTES) if isinstance(whole, bytes) else draw.choice(PIECES)
    new = draw.choice(
        (stretch + stretch, stretch[::-1], stretch[:0], foreign, foreign * 3, stretch)
    )
    return (whole[:start] + new + whole[end:])[:MUTANT_SIZE]


def _json(value: Any) -> bytes:
    return json.dumps(value).encode("utf-8", "surrogatepass")


BYTES = [
    *(b"\x00", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\\u", b'"', b"[", b"{", b"}", b"]", b":", b","),
    *(b"-", b"9", b"e999", b"null", b"\r\n", b" ", b"%", b"\\ud800", b"=", b"\x80"),
]
MUTANT_SIZE = 2000

CUTS = st.lists(
    st.tuples(st.integers(0, 400), st.integers(0, 9), st.binary(max_size=6)), max_size=4
)
RECORDS = (
    st.builds(_mutated, st.sampled_from([_json(seed) for seed in SEEDS]), CUTS)
    | st.builds(
        lambda seed, more: _json(seed | more),
        st.sampled_from(SEEDS),
        st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=3),
    )
    | st.binary(max_size=64)
)
HEADERS = st.lists(
    st.tuples(
        st.sampled_from(["ce_specversion", "ce_id", "ce_time", "CE_ID", "ce_source", "feed", "ce_"])
        | st.text(max_size=6),
        st.none() | st.binary(max_size=8),
    ),
    max_size=4,
)
SIGNAL = Signal(
    id="1",
    key="KHM-THA",
    score=0.9,
    scores={"blockade": 0.9},
    alert=True,
    severity="high",
    severity_score=6.5,
    cues=alert().cues,
    model=ModelRef(version="1", digest="0"),
)
OWN = st.builds(_mutated, st.sampled_from([encode(SIGNAL), encode(alert())]), CUTS)


def decoder(value: bytes, headers: list[tuple[str, bytes | None]]) -> None:
    """Any bytes give an item with an id and some text, or a reason; nothing else is raised."""
    try:
        item = decode_item(value, headers)
    except BadItem as reason:
        assert str(reason)
    else:
        assert isinstance(item, NewsItem)
        assert item.id
        assert (item.title + item.text).strip()


def own_records(value: bytes) -> None:
    """Bytes on our own topics are a record or a reason too."""
    found = read_signal(value)
    assert isinstance(found, Signal) or found.stage == "incidents"


MARKUP = st.text(
    alphabet=st.sampled_from("<>/&;#!-[]apdivscrt \n\t.'\"=\u2019\ud800\u202e\u00e9\u00c3")
)
PIECES = [
    *("Troops", "U.S.", "Mr.", "(Reuters)", "LONDON, Nov 2", "1.", "...", "\r\n", "\x00"),
    *("<p>", "</div>", "<!--", "-->", "<script>", "<![CDATA[", "&#x110000;", "&lt;", "&amp;amp;"),
    *("\u2014", "\u00a0", "\u200d", "\ufeff", "\u0130", "\u00df", "\U0001f1fa", "\u0645\u0631"),
]
WORDS = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=14).map(" ".join)
TEXTS = MARKUP | WORDS | st.text(max_size=60)


def cleaner(title: str, text: str) -> None:
    """Any text becomes a cleaned one; its sentences lie in it, in order and without overlap."""
    document = read(Item("1", title, text))
    at = 0
    for sentence in document.sentences():
        assert sentence.start >= at
        assert document.text[sentence.start : sentence.end] == sentence.text
        at = sentence.end
    assert "\x00" not in document.text


REQUESTS = [
    b"GET /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    b"POST /readyz HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc",
    b"GET /metrics HTTP/1.0\r\nAccept: */*\r\nCookie: a=b\r\n\r\n",
    b"PUT /%00/../livez?x=%zz HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
]
HTTP = st.builds(_mutated, st.sampled_from(REQUESTS), CUTS) | st.binary(max_size=64)
