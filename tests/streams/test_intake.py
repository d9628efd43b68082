"""Intake: any bytes lead to an item or to a reason that names what is wrong."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.intake import decode_item
from streams.records import NewsItem
from streams.shapes import BadItem

WHEN = datetime(2026, 11, 2, 7, 2, tzinfo=UTC)
FLAT = {"id": "a-1", "title": "T", "text": "B", "url": "https://x.example/1", "source": "X"}
NINJS = {
    "uri": "https://x.example/1",
    "versioncreated": "2026-11-02T07:02:00Z",
    "language": "en",
    "headlines": [{"role": "print", "value": "Other"}, {"role": "main", "value": "T"}],
    "bodies": [{"role": "main", "contenttype": "text/html", "value": "<p>B</p>"}],
    "infosources": [{"name": "X"}],
}
ARTICLE = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "@id": "https://x.example/1",
    "headline": "T",
    "articleBody": "B",
    "datePublished": "2026-11-02T07:02:00Z",
    "inLanguage": "en",
    "publisher": {"@type": "Organization", "name": "X"},
}


def decode(content: Any) -> NewsItem:
    return decode_item(json.dumps(content).encode())


def test_a_flat_item_keeps_its_fields() -> None:
    item = decode(FLAT | {"published_at": "2026-11-02T07:02:00Z", "language": "en"})

    assert item == NewsItem(
        id="a-1",
        title="T",
        text="B",
        url="https://x.example/1",
        source="X",
        published_at=WHEN,
        language="en",
    )


@pytest.mark.parametrize("field", ["text", "body", "content", "summary"])
def test_the_text_may_stand_in_any_of_its_fields(field: str) -> None:
    assert decode({"id": "1", field: "B"}).text == "B"


def test_a_summary_comes_before_the_text_that_does_not_begin_with_it() -> None:
    assert decode({"summary": "S", "text": "B"}).text == "S\n\nB"
    assert decode({"summary": "S", "text": "S and more"}).text == "S and more"


def test_ninjs_gives_its_main_headline_and_body() -> None:
    item = decode(NINJS)

    assert (item.id, item.title, item.text) == ("https://x.example/1", "T", "<p>B</p>")
    assert (item.source, item.published_at, item.language) == ("X", WHEN, "en")


def test_a_schema_org_article_is_read() -> None:
    item = decode(ARTICLE)

    assert (item.id, item.title, item.text) == ("https://x.example/1", "T", "B")
    assert (item.source, item.published_at, item.language) == ("X", WHEN, "en")


@pytest.mark.parametrize("shape", [FLAT, NINJS, ARTICLE], ids=["flat", "ninjs", "schema.org"])
def test_a_structured_cloud_event_gives_the_item_inside_it(shape: dict[str, Any]) -> None:
    event = {"specversion": "1.0", "id": "e", "source": "/s", "type": "t", "data": shape}
    coded = {k: v for k, v in event.items() if k != "data"} | {
        "data_base64": base64.b64encode(json.dumps(shape).encode()).decode()
    }

    assert decode(event) == decode(coded) == decode(shape)


def test_a_cloud_event_lends_its_id_and_time_to_an_item_without() -> None:
    content = {"title": "T"}
    attributes = {
        "specversion": "1.0",
        "id": "9",
        "source": "/wire",
        "time": "2026-11-02T07:02:00Z",
    }
    headers = [(f"ce_{name}", text.encode()) for name, text in attributes.items()]

    binary = decode_item(json.dumps(content).encode(), headers)

    assert (binary.id, binary.published_at) == ("/wire#9", WHEN)
    assert decode(attributes | {"type": "t", "data": content}) == binary


def test_an_item_without_id_gets_the_same_one_at_every_delivery() -> None:
    by_url = decode({"url": "https://x.example/1", "text": "one"})
    by_url_again = decode({"url": "https://x.example/1", "text": "corrected"})
    by_content = decode({"text": "one"})

    assert by_url.id == by_url_again.id
    assert by_content.id == decode({"text": "one"}).id != decode({"text": "two"}).id


@pytest.mark.parametrize(
    ("value", "when"),
    [
        ("2026-11-02T07:02:00Z", WHEN),
        ("2026-11-02T09:02:00+02:00", WHEN),
        ("2026-11-02T07:02:00", WHEN),
        ("Mon, 02 Nov 2026 07:02:00 GMT", WHEN),
        (1793602920, WHEN),
        ("", None),
    ],
    ids=["RFC 3339", "with offset", "no zone", "RFC 5322", "Unix seconds", "empty"],
)
def test_a_time_may_be_written_in_the_usual_ways(value: Any, when: datetime | None) -> None:
    assert decode({"text": "B", "published_at": value}).published_at == when


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        pytest.param(None, "tombstone", id="tombstone"),
        pytest.param(b"", "not JSON", id="empty"),
        pytest.param(b'{"text": "cut off', "not JSON", id="truncated"),
        pytest.param(b'{"text": "\xff\xfe"}', "not JSON", id="invalid UTF-8"),
        pytest.param(b'{"text": NaN}', "not JSON", id="NaN"),
        pytest.param(b"[" * 100_000, "not JSON", id="deeply nested"),
        pytest.param(b'["text"]', "expected a JSON object, got array", id="an array"),
        pytest.param(b"12", "expected a JSON object, got number", id="a number"),
        pytest.param(b'{"title": 17}', r"\$\.title", id="a title that is a number"),
        pytest.param(b'{"headlines": "T"}', r"\$\.headlines", id="ninjs of a wrong type"),
        pytest.param(b'{"id": "1", "title": " "}', "no text", id="nothing to read"),
        pytest.param(b'{"text": "B", "published_at": "soon"}', "published_at", id="no time"),
        pytest.param(b'{"specversion": "1.0", "id": "1"}', "neither data nor", id="no data"),
        pytest.param(b'{"specversion": "1.0", "data_base64": "?"}', "data_base64", id="base64"),
        pytest.param(
            b'{"specversion": "1.0", "data_base64": "\xc2\x80"}',
            "data_base64: string argument should contain only ASCII",
            id="base64 that is not ASCII: a find of the fuzzer",
        ),
    ],
)
def test_a_bad_record_gives_a_reason_that_names_the_place(value: bytes | None, reason: str) -> None:
    with pytest.raises(BadItem, match=reason):
        decode_item(value)


def test_of_a_key_that_stands_twice_the_last_counts() -> None:
    assert decode_item(b'{"text": "one", "text": "two"}').text == "two"


@given(st.binary(max_size=300), st.binary(max_size=20))
def test_any_bytes_give_an_item_or_a_reason(value: bytes, header: bytes) -> None:
    try:
        item = decode_item(value, [("ce_specversion", header), ("ce_id", header)])
    except BadItem as reason:
        assert str(reason)
    else:
        assert item.id


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    [*FLAT, *NINJS, *ARTICLE, "specversion", "data", "data_base64", "published_at", "summary"]
)


@given(st.dictionaries(FIELDS, JSON, max_size=6))
def test_any_json_in_our_fields_gives_an_item_or_a_reason(content: dict[str, Any]) -> None:
    try:
        item = decode(content)
    except BadItem as reason:
        assert str(reason)
    else:
        assert item.id
        assert (item.title + item.text).strip()
