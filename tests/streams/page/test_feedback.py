"""Verdicts from the page: who may give them, what is taken, where it goes."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from harness import fiction
from harness.pages import TOKEN, Sent, Topic, build_page
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from streams.delivery.page.errors import RequestError
from streams.delivery.page.feedback import _checked
from streams.delivery.page.tokens import Tokens
from streams.records import decode_feedback
from streams.settings import SettingsError, load_settings

if TYPE_CHECKING:
    from pathlib import Path

STEP = fiction.alerts(1)[0]
BEARER = {"Authorization": f"Bearer {TOKEN}"}
JSON = {"Content-Type": "application/json"}
CONFIRM = {"incident": STEP.alert.incident, "verdict": "confirm"}


def post(
    body: Any, headers: dict[str, str] | None = None, tokens: dict[str, str] | None = None
) -> tuple[int, dict[str, Any], Sent]:
    """Return status, answer and what was published."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()

    async def scenario() -> tuple[int, dict[str, Any], Sent]:
        topic = Topic()
        topic.add_alerts([STEP])
        built = build_page(topic, tokens={"ana": TOKEN} if tokens is None else tokens)
        async with (
            TestClient(TestServer(built.app)) as client,
            client.post("/api/feedback", data=data, headers=JSON | BEARER | (headers or {})) as got,
        ):
            return got.status, json.loads(await got.text()), built.sent

    return asyncio.run(scenario())


def test_a_verdict_goes_to_the_feedback_topic_under_the_key_of_its_incident() -> None:
    before = datetime.now(UTC)
    body = CONFIRM | {"id": "a" * 32, "note": "seen on the ground"}
    status, answer, sent = post(body)
    (message,) = sent.messages
    feedback = decode_feedback(message.value or b"")

    assert (status, answer) == (202, {"id": "a" * 32, "by": "ana"})
    assert (message.topic, message.key) == ("feedback", STEP.alert.key.encode())
    assert (feedback.incident, feedback.key) == (STEP.alert.incident, STEP.alert.key)
    assert (feedback.verdict, feedback.note, feedback.by) == (
        "confirm",
        "seen on the ground",
        "ana",
    )
    assert feedback.alert == STEP.alert.id
    assert before <= feedback.at <= datetime.now(UTC)


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"verdict": "confirm"}, 400, "incident"),
        ({"incident": STEP.alert.incident}, 400, "verdict"),
        (CONFIRM | {"verdict": "maybe"}, 400, "verdict"),
        (CONFIRM | {"verdict": "dismiss"}, 400, "reason"),
        (CONFIRM | {"verdict": "dismiss", "reason": "dull"}, 400, "reason"),
        (CONFIRM | {"verdict": "note"}, 400, "note"),
        (CONFIRM | {"note": "x" * 2001}, 400, "note"),
        (CONFIRM | {"id": "has a blank"}, 400, "id"),
        (CONFIRM | {"by": "somebody else"}, 400, "by"),
        (CONFIRM | {"incident": "unknown"}, 404, "incident"),
        (b"[1, 2", 400, None),
        (b"\xff\xfe", 400, None),
        (b"[" * 9000, 400, None),
        (b"x" * 20_000, 413, None),
    ],
)
def test_a_verdict_that_cannot_be_taken_is_refused_by_field(
    body: Any, status: int, field: str | None
) -> None:
    got, answer, sent = post(body)

    assert (got, answer["error"].get("field")) == (status, field)
    assert answer["error"]["message"]
    assert sent.messages == []


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer nobody-has-this-token", TOKEN, f"Basic {TOKEN}", f"Bearer {TOKEN}x"],
)
def test_without_a_token_of_ours_nothing_is_taken(authorization: str) -> None:
    status, answer, sent = post(CONFIRM, {"Authorization": authorization})

    assert (status, answer["error"]["field"]) == (401, "Authorization")
    assert sent.messages == []


def test_where_no_token_is_configured_there_is_no_feedback() -> None:
    assert post(CONFIRM, tokens={})[0] == 404


def test_a_form_of_another_site_is_refused() -> None:
    """A browser sends such a request without asking first; it cannot have our header either."""
    status, answer, _ = post(CONFIRM, {"Content-Type": "text/plain"})

    assert (status, answer["error"]["field"]) == (415, "Content-Type")


@hypothesis_settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.binary(max_size=200)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["incident", "verdict", "note", "x"]), inner, max_size=4
            )
        ),
    ).map(lambda value: json.dumps(value).encode())
)
def test_any_bytes_are_a_verdict_or_an_error_with_words(body: bytes) -> None:
    try:
        _checked(body)
    except RequestError as error:
        assert str(error)


def test_tokens_come_from_the_variable_and_the_file(tmp_path: Path) -> None:
    file = tmp_path / "tokens"
    file.write_text("# analysts\nbo = another-token-of-length\n\n", encoding="utf-8")
    tokens = Tokens.of(load_settings(page_tokens=f"ana={TOKEN}", page_tokens_file=file))

    assert tokens.name_of(f"Bearer {TOKEN}") == "ana"
    assert tokens.name_of("bearer another-token-of-length") == "bo"
    assert tokens.name_of(f"Bearer {TOKEN[:-1]}") is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ana", "entry 1 is not `name=token`"),
        ("ana=short", "the token of ana is shorter than 16"),
        (f"ana={TOKEN},ana={TOKEN}", "ana is there twice"),
    ],
)
def test_a_token_that_cannot_be_used_is_told_without_the_token(text: str, words: str) -> None:
    with pytest.raises(SettingsError, match="ESCALATION_PAGE_TOKENS") as caught:
        Tokens.of(load_settings(page_tokens=text))

    assert words in str(caught.value)
    assert TOKEN not in str(caught.value)
    assert "short " not in str(caught.value)


def test_a_file_of_tokens_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="ESCALATION_PAGE_TOKENS_FILE: cannot read"):
        Tokens.of(load_settings(page_tokens_file=tmp_path / "none"))
