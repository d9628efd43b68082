"""The page's questions and answers, and the headers of each."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from aiohttp.test_utils import TestClient, TestServer
from harness import fiction
from harness.pages import Topic, build_page
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.delivery.page.errors import RequestError
from streams.delivery.page.query import read_query
from streams.records import encode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from multidict import CIMultiDictProxy

STEPS = fiction.alerts(80)


class Answer(NamedTuple):
    """An answer, read to its end."""

    status: int
    headers: CIMultiDictProxy[str]
    body: str


def ask(path: str, *, method: str = "GET", headers: Mapping[str, str] | None = None) -> Answer:
    """Return the answer of a page that has eighty alerts."""

    async def scenario() -> Answer:
        topic = Topic()
        topic.add_alerts(STEPS)
        built = build_page(topic)
        async with (
            TestClient(TestServer(built.app)) as client,
            client.request(method, path, headers=headers) as answer,
        ):
            return Answer(answer.status, answer.headers, await answer.text())

    return asyncio.run(scenario())


def alerts(query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(ask(f"/api/alerts{query}").body)["alerts"]
    return found


def test_all_alerts_come_newest_first_with_the_position_after_them() -> None:
    body = json.loads(ask("/api/alerts").body)
    offsets = dict(pair.split(":") for pair in body["position"].split(","))

    assert [each["id"] for each in body["alerts"]] == [s.alert.id for s in reversed(STEPS)]
    assert sum(map(int, offsets.values())) == body["kept"] == len(STEPS)


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("?severity=critical,high", lambda a: a.severity in ("critical", "high")),
        ("?cue=blockade", lambda a: "blockade" in [cue.cue for cue in a.cues]),
        ("?country=tha", lambda a: "THA" in [actor.code for actor in a.actors]),
        ("?since=2026-11-16T12:00:00Z", lambda a: f"{a.at:%d%H}" >= "1612"),
        ("?until=2026-11-16T12:00:00Z", lambda a: f"{a.at:%d%H}" < "1612"),
        (f"?incident={STEPS[5].alert.incident}", lambda a: a.incident == STEPS[5].alert.incident),
    ],
    ids=["severity", "cue", "country", "since", "until", "incident"],
)
def test_a_parameter_selects(query: str, wanted: Any) -> None:
    expected = [step.alert.id for step in reversed(STEPS) if wanted(step.alert)]

    assert 0 < len(expected) < len(STEPS)
    assert [each["id"] for each in alerts(query)] == expected


def test_a_limit_keeps_the_newest() -> None:
    assert [each["id"] for each in alerts("?limit=1")] == [STEPS[-1].alert.id]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?severity=loud", "severity"),
        ("?cue=war", "cue"),
        ("?since=yesterday", "since"),
        ("?until=2026-11-16T12:00:00", "until"),
        ("?limit=0", "limit"),
        ("?limit=1e3", "limit"),
        ("?colour=red", "colour"),
    ],
)
def test_a_wrong_parameter_is_named(query: str, field: str) -> None:
    answer = ask(f"/api/alerts{query}")

    assert answer.status == 400
    assert json.loads(answer.body)["error"]["field"] == field


@settings(max_examples=200)
@given(
    st.dictionaries(
        st.sampled_from(["severity", "cue", "country", "since", "until", "limit", "incident", "x"]),
        st.text(max_size=40),
    )
)
def test_any_parameters_are_a_filter_or_an_error_that_names_one(given_: dict[str, str]) -> None:
    try:
        read_query(given_)
    except RequestError as error:
        assert error.field in given_


def test_an_incident_is_given_whole_as_it_was_on_the_topic() -> None:
    incident = STEPS[-1].alert.incident
    steps = json.loads(ask(f"/api/incidents/{incident}").body)["steps"]
    expected = [step for step in STEPS if step.alert.incident == incident]

    assert [step["told"] for step in steps] == [step.told for step in expected]
    assert [step["alert"] for step in steps] == [json.loads(encode(s.alert)) for s in expected]


def test_an_incident_that_is_not_there_is_a_404_that_says_so() -> None:
    answer = ask("/api/incidents/none")

    assert answer.status == 404
    assert json.loads(answer.body)["error"]["field"] == "incident"


def test_words_for_cues_and_states_come_from_the_classifier() -> None:
    about = json.loads(ask("/api/about").body)

    assert about["cues"]["invasion_warning"] == "warning of attack"
    assert about["states"]["KHM"] == "Cambodia"
    assert about["severities"][0] == {"word": "critical", "from": 7.8}
    assert about["feedback"]["offered"] is False


@pytest.mark.parametrize(
    "path", ["/", "/static/js/main.js", "/api/alerts", "/api/none", "/api/about"]
)
def test_every_answer_has_the_headers_that_keep_text_text(path: str) -> None:
    headers = ask(path).headers
    policy = headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


def test_a_file_of_the_page_is_kept_until_it_changes() -> None:
    first = ask("/static/css/tokens.css")
    again = ask("/static/css/tokens.css", headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status, again.status, again.body) == (200, 304, "")
    assert first.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "path", ["/static/../service.py", "/static/%2e%2e/service.py", "/static/js/"]
)
def test_only_files_of_the_page_are_served(path: str) -> None:
    assert ask(path).status in (403, 404)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("path", ["/", "/api/alerts", "/api/feedback"])
def test_other_methods_are_refused(path: str, method: str) -> None:
    assert ask(path, method=method).status == 405
